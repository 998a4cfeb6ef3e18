/** Who calls whom in a system. */
import { calleesOf, type SystemDescription } from '../compiler/index.ts';

/** Names of the procedures that the prologue and the processes call, directly or not, with themselves. */
export function reachableProcedures(description: SystemDescription): Set<string> {
  const { prologue, processes, procedures } = description;
  const found = new Set<string>();
  const visit = (name: string): void => {
    const procedure = procedures.get(name);
    if (procedure === undefined || found.has(name)) return;
    found.add(name);
    calleesOf(procedure.body).forEach(visit);
  };
  if (prologue !== null) visit(prologue.procedure);
  for (const { procedure } of processes) visit(procedure);
  return found;
}
