/** Who calls whom in a system. */
import { calleesOf, type ProcedureTable, type SystemDescription } from '../compiler/index.ts';

/** Names of the procedures that the prologue and the processes call, directly or not, with themselves. */
export function reachableProcedures({ prologue, processes, procedures }: SystemDescription): Set<string> {
  const first = [...(prologue === null ? [] : [prologue]), ...processes].map(({ procedure }) => procedure);
  return reachedFrom(first, procedures);
}

/** Names of all procedures that are called from these, directly or not, with themselves. */
export function reachedFrom(first: readonly string[], procedures: ProcedureTable): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const procedure = procedures.get(name);
    if (procedure === undefined || found.has(name)) return;
    found.add(name);
    calleesOf(procedure.body).forEach(visit);
  };
  first.forEach(visit);
  return found;
}
