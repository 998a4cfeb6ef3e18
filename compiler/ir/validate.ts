/**
 * Everything that those who take IR rely on, checked.
 *
 * In: procedures, the machine. Out: a list of what is wrong. Never: a repair, a throw.
 *
 * A front end whose output has problems here is wrong; texts that people write are refused before.
 */
import { findEffects } from './effects.ts';
import type { MachineDescription, Procedure, ScalarType } from './types.ts';
import { ExprValidator } from './validateExpr.ts';
import { StmtValidator } from './validateStmt.ts';

export interface IrProblem {
  readonly procedure: string;
  /** Id of the statement; empty for the procedure itself. */
  readonly statement: string;
  readonly message: string;
}

/** Problems in the order of procedures and statements; empty for IR that holds what `types.ts` promises. */
export function validateProcedures(
  procedures: ReadonlyMap<string, Procedure>,
  machine: MachineDescription,
  constants?: ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>,
): IrProblem[] {
  const problems: IrProblem[] = [];
  for (const [name, procedure] of procedures) {
    let statement = '';
    const report = (message: string): void => void problems.push({ procedure: name, statement, message });
    if (name !== procedure.name) report(`is listed as ${name}`);
    const locals = localsOf(procedure, report);
    const exprs = new ExprValidator(machine, locals, constants ?? null, report);
    new StmtValidator(procedure, procedures, machine, locals, exprs, report, (id) => {
      statement = id;
    }).check();
  }
  for (const { rule, pos, message, chain } of findEffects(procedures, machine)) {
    problems.push({ procedure: chain[0] ?? '', statement: '', message: `${rule} at ${pos.file}:${pos.line}: ${message}` });
  }
  return problems;
}

function localsOf(procedure: Procedure, report: (message: string) => void): Map<string, ScalarType> {
  const locals = new Map<string, ScalarType>();
  for (const { name, type } of [...procedure.params, ...procedure.locals]) {
    if (locals.has(name)) report(`${name} is declared twice`);
    if (type.kind === 'int' && type.min > type.max) report(`${name} has an empty type`);
    locals.set(name, type);
  }
  return locals;
}

/** Throws an Error that lists the problems, if there are any: then a front end is wrong, and nothing may be concluded from a run. */
export function assertValid(
  procedures: ReadonlyMap<string, Procedure>,
  machine: MachineDescription,
  constants?: ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>,
): void {
  const problems = validateProcedures(procedures, machine, constants);
  if (problems.length === 0) return;
  throw new Error(problems.map((problem) => `${problem.procedure} ${problem.statement}: ${problem.message}`).join('\n'));
}
