/**
 * Names in the IR: of locals, and of labels.
 */
import type { Stmt } from '../../compiler/ir/types.ts';

/** A local's name in the IR: the C name, cut if somebody made it absurdly long. */
export function irName(name: string): string {
  return name.length <= 64 ? name : `${name.slice(0, 60)}_cut`;
}

/** Whether a `leave` of that label is among the statements. */
export function usesLabel(stmts: readonly Stmt[], label: string): boolean {
  return stmts.some((stmt) => {
    switch (stmt.kind) {
      case 'leave':
      case 'continue':
        return stmt.label === label;
      case 'if':
        return usesLabel(stmt.then, label) || usesLabel(stmt.else, label);
      case 'loop':
      case 'block':
        return usesLabel(stmt.body, label);
      default:
        return false;
    }
  });
}
