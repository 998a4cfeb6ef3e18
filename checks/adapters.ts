/**
 * Procedures that stay beside replaced ones that take other parameters: they call these through adapters.
 *
 * In: all procedures, names of those that were replaced. Out: the same, with adapters where somebody needs them. Never: a change of a
 * replaced one, which calls the others as they are.
 */
import { calleesOf, mapStmts, type Procedure } from '../compiler/index.ts';

export function withAdapters(procedures: ReadonlyMap<string, Procedure>, replaced: ReadonlySet<string>): ReadonlyMap<string, Procedure> {
  const adapters = new Map([...replaced].flatMap((name) => adapterOf(procedures.get(name)) ?? []));
  if (adapters.size === 0) return procedures;
  const result = new Map<string, Procedure>();
  const called = new Set<string>();
  for (const [name, procedure] of procedures) {
    const through = replaced.has(name) ? [] : [...calleesOf(procedure.body)].filter((callee) => adapters.has(callee));
    for (const callee of through) called.add(callee);
    result.set(name, through.length === 0 ? procedure : callingThrough(procedure, adapters));
  }
  for (const [name, adapter] of adapters) if (called.has(name)) result.set(adapter.name, adapter);
  return result;
}

function adapterOf(procedure: Procedure | undefined): readonly [readonly [string, Procedure]] | null {
  const adapter = procedure?.standsFor?.adapter ?? null;
  return procedure === undefined || adapter === null ? null : [[procedure.name, adapter]];
}

function callingThrough(procedure: Procedure, adapters: ReadonlyMap<string, Procedure>): Procedure {
  const body = mapStmts(procedure.body, (stmt) => [
    stmt.kind === 'call' ? { ...stmt, callee: adapters.get(stmt.callee)?.name ?? stmt.callee } : stmt,
  ]);
  return { ...procedure, body };
}
