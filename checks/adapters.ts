/**
 * Procedures that stay beside replaced ones that take other parameters: they call these through adapters.
 *
 * In: all procedures, names of those that were replaced, names of those that run first. Out: the same, with adapters where somebody needs
 * them, and without those that nobody runs and that could no longer call what they call. Never: a change of a replaced procedure, which calls
 * the others as they are.
 */
import { calleesOf, mapStmts, type Procedure, type ProcedureTable } from '../compiler/index.ts';
import { reachedFrom } from './callGraph.ts';

export interface Adapted {
  readonly procedures: ProcedureTable;
  /** The procedure with which those begin that begin with one of the model's. */
  first(name: string): string;
}

export function withAdapters(procedures: ProcedureTable, replaced: ReadonlySet<string>, roots: readonly string[]): Adapted {
  const others = new Map([...replaced].flatMap((name) => otherInterface(procedures.get(name)) ?? []));
  const first = (name: string): string => others.get(name)?.name ?? name;
  if (others.size === 0) return { procedures, first };
  const result = new Map<string, Procedure>();
  const called = new Set(roots.filter((name) => others.has(name)));
  const misfits = new Set<string>();
  for (const [name, procedure] of procedures) {
    const through = replaced.has(name) ? [] : calleesOf(procedure.body).filter((callee) => others.has(callee));
    for (const callee of through) called.add(callee);
    if (through.some((callee) => others.get(callee) === null)) misfits.add(name);
    result.set(name, through.length === 0 ? procedure : callingThrough(procedure, others));
  }
  for (const name of called) {
    const adapter = others.get(name);
    if (adapter != null) result.set(adapter.name, adapter);
  }
  const run = misfits.size === 0 ? misfits : reachedFrom(roots.map(first), result);
  // One that is run is left for the validation to complain of.
  for (let gone = misfits; gone.size > 0; ) {
    const last = gone;
    gone = new Set([...last].filter((name) => !run.has(name) && result.delete(name)));
    const removed = gone;
    gone = new Set([...result.values()].flatMap(({ name, body }) => (calleesOf(body).some((callee) => removed.has(callee)) ? [name] : [])));
  }
  return { procedures: result, first };
}

/** The adapter of one that takes other parameters; null in it: there is none. */
function otherInterface(procedure: Procedure | undefined): readonly [readonly [string, Procedure | null]] | null {
  return procedure?.standsFor === undefined ? null : [[procedure.name, procedure.standsFor.adapter]];
}

function callingThrough(procedure: Procedure, others: ReadonlyMap<string, Procedure | null>): Procedure {
  const body = mapStmts(procedure.body, (stmt) => [
    stmt.kind === 'call' ? { ...stmt, callee: others.get(stmt.callee)?.name ?? stmt.callee } : stmt,
  ]);
  return { ...procedure, body };
}
