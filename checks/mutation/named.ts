/**
 * The mutant that a property names: an edit of one source statement.
 *
 * In: a procedure, the text of a statement as the model spells it. Out: the edited procedures.
 * Never: a guess where the text is not there, or is there twice.
 */
import { mapBodies, type Procedure, type Stmt } from '../../compiler/index.ts';
import { sourceText } from '../sources.ts';
import { type Mutant, type MutationOperator, mutantsOf } from './operators.ts';

/**
 * Usually one. Several where the statement became several of the IR and the operator does not say which is meant, as
 * with the conditions of `a && b`. Throws if there is none.
 */
export function namedMutants(procedure: Procedure, statement: string, operator: MutationOperator): Mutant[] {
  const line = lineOf(procedure, statement);
  const found =
    operator === 'delete'
      ? [deletedLine(procedure, line)]
      : mutantsOf(procedure, [operator]).filter(({ position }) => position.line === line);
  if (found.length === 0) throw new Error(`${procedure.name}(): ${operator} does not apply to "${statement}"`);
  return found;
}

/** The first line of the statement, inside the procedure. */
function lineOf(procedure: Procedure, statement: string): number {
  const lines = sourceText(procedure.pos.file).split('\n');
  const end = lines.findIndex((text, index) => index >= procedure.pos.line && text === '}');
  const matching = lines.flatMap((text, index) =>
    index >= procedure.pos.line - 1 && index < end && text.includes(statement) ? [index + 1] : [],
  );
  const [line] = matching;
  if (line === undefined || matching.length > 1) throw new Error(`${procedure.name}(): "${statement}" is there ${matching.length} times`);
  return line;
}

/** All of a source statement: what computes its condition, too. */
function deletedLine(procedure: Procedure, line: number): Mutant {
  const without = (list: readonly Stmt[]): Stmt[] => list.filter((stmt) => stmt.pos.line !== line).map((stmt) => mapBodies(stmt, without));
  return {
    id: `delete:${procedure.name}:${line}`,
    operator: 'delete',
    statement: '',
    position: { ...procedure.pos, line },
    detail: `delete line ${line}`,
    procedure: { ...procedure, body: without(procedure.body) },
  };
}
