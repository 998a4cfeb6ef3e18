/**
 * Whether a `goto`, `break` or `continue` was run: it leaves nothing in the program that could be counted, but what stands before it does.
 *
 * In: a procedure's body, counts of its statements. Out: how often each jump was reached. Never: a jump that is called run where what leads to
 * it was not. What stands before it may itself have jumped away, so a jump that is called run may not have been.
 */
import type { StatementCount, Stmt } from '../../compiler/index.ts';

/** What is run whenever the jump is about to be: a statement, or one way of a condition; null: the procedure itself. */
export type Witness = { readonly stmt: Stmt; readonly way: 'run' | 'true' | 'false' } | null;

export function isJump({ kind }: Stmt): boolean {
  return kind === 'leave' || kind === 'continue';
}

/** Of each jump of the body. */
export function witnessesOf(body: readonly Stmt[]): ReadonlyMap<Stmt, Witness> {
  const found = new Map<Stmt, Witness>();
  const visit = (stmts: readonly Stmt[], around: Witness): void => {
    let before = around;
    for (const stmt of stmts) {
      if (isJump(stmt)) found.set(stmt, before);
      if (stmt.kind === 'block' || stmt.kind === 'loop') visit(stmt.body, before);
      if (stmt.kind === 'if') {
        visit(stmt.then, { stmt, way: 'true' });
        visit(stmt.else, { stmt, way: 'false' });
      }
      // Behind a condition, a block or a loop there is no telling which way was taken, so what stood before them stays the witness.
      if (!['if', 'block', 'loop', 'ghost'].includes(stmt.kind)) before = { stmt, way: 'run' };
    }
  };
  visit(body, null);
  return found;
}

/** How often the witness was seen; null where nothing was counted: its copy was folded away, or there is none. */
export function countOfJump(
  jump: Stmt,
  witness: Witness,
  counts: ReadonlyMap<string, StatementCount>,
  procedure: string,
): StatementCount | null {
  if (witness === null) return { id: jump.id, procedure, pos: jump.pos, executed: 1, taken: null };
  const count = counts.get(witness.stmt.id);
  if (count === undefined) return null;
  const [yes, no] = count.taken ?? [count.executed, count.executed];
  const executed = witness.way === 'run' ? count.executed : witness.way === 'true' ? yes : no;
  return { ...count, executed, taken: null };
}
