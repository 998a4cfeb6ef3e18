/**
 * Which assertions a run has come to.
 *
 * In: a program and its execution counts. Out: property ids. Never: an assertion that was compiled but not executed.
 */
import { type CompiledSystem, statementCounts } from '../compiler/index.ts';

/** Ids of the properties of which some assertion was executed. */
export function assertionsReached(program: CompiledSystem['program'], coverage: Uint32Array): Set<string> {
  const counts = statementCounts(program, coverage);
  const reached = new Set<string>();
  for (const { nodes } of program.specs) {
    for (const { op } of nodes) {
      if (op.kind !== 'leaf' || op.stmt.kind !== 'assert' || op.stmt.property === null) continue;
      if ((counts.get(op.stmt.id)?.executed ?? 0) > 0) reached.add(op.stmt.property);
    }
  }
  return reached;
}
