/**
 * Statements as a graph of what happens next: structure and labels are gone.
 */
import type { Expr, Stmt } from '../../compiler/ir/types.ts';

export interface GraphNode {
  readonly index: number;
  /** Null: nothing happens here (joins, the end). */
  readonly stmt: Stmt | null;
  /** For a branch; then `next` is [true, false]. */
  readonly cond: Expr | null;
  next: number[];
  /** Start of a loop, and the locals that its rounds assign. */
  loop: ReadonlySet<string> | null;
}
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly entry: number;
  /** Where control falls out of the last statement. */
  readonly end: number;
}

/** Builds the graph of a list of statements. `leave` without its label inside ends there, too. */
export function graphOf(body: readonly Stmt[]): Graph {
  const nodes: GraphNode[] = [];
  const make = (stmt: Stmt | null, cond: Expr | null, next: number[]): GraphNode => {
    const node: GraphNode = { index: nodes.length, stmt, cond, next, loop: null };
    nodes.push(node);
    return node;
  };
  const end = make(null, null, []);
  const targets: { label: string; leave: number; again: number | null }[] = [];
  /** Nodes for `stmts`, from the last to the first; gives the index of the first. */
  const sequence = (stmts: readonly Stmt[], after: number): number => stmts.reduceRight((next, stmt) => statement(stmt, next), after);
  const statement = (stmt: Stmt, after: number): number => {
    switch (stmt.kind) {
      case 'if':
        return make(stmt, stmt.cond, [sequence(stmt.then, after), sequence(stmt.else, after)]).index;
      case 'loop': {
        const head = make(null, null, []);
        head.loop = assigned(stmt.body);
        targets.push({ label: stmt.label, leave: after, again: head.index });
        head.next = [sequence(stmt.body, head.index)];
        targets.pop();
        return head.index;
      }
      case 'block': {
        targets.push({ label: stmt.label, leave: after, again: null });
        const first = sequence(stmt.body, after);
        targets.pop();
        return first;
      }
      case 'leave':
        return targets.findLast((one) => one.label === stmt.label)?.leave ?? end.index;
      case 'continue':
        return targets.findLast((one) => one.label === stmt.label)?.again ?? end.index;
      case 'return':
        return make(stmt, null, []).index;
      case 'ghost':
      case 'mark':
      case 'monitor':
      case 'preempt':
        return after;
      default:
        return make(stmt, null, [after]).index;
    }
  };
  return { entry: sequence(body, end.index), nodes, end: end.index };
}

function assigned(stmts: readonly Stmt[]): Set<string> {
  const names = new Set<string>();
  const visit = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if ('dst' in stmt && stmt.dst !== null) names.add(stmt.dst);
      if (stmt.kind === 'call') for (const arg of stmt.args) if (arg.mode === 'inout') names.add(arg.local);
      if (stmt.kind === 'if') {
        visit(stmt.then);
        visit(stmt.else);
      }
      if (stmt.kind === 'loop' || stmt.kind === 'block' || stmt.kind === 'ghost') visit(stmt.body);
    }
  };
  visit(stmts);
  return names;
}
