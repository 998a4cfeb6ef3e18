/**
 * Random systems in which every procedure is run by a process for each row of `cells`, and speaks of no row but its own.
 *
 * In: a recipe of a random system. Out: a description. Never: a promise that it is symmetric; that is for the explorer to prove.
 */
import type { Expr, Procedure, Stmt, SystemDescription } from '../../compiler/index.ts';
import { exprsOf, mapExpr, mapExprs, mapStmts, visitExpr, visitStmts } from '../../compiler/index.ts';
import { lowerSystem } from '../../compiler/random/lower.ts';
import type { Op, Recipe, SystemRecipe } from '../../compiler/random/recipe.ts';

/** `rows` 2 or 3; the first `bodies` of the recipe's processes. */
export function symmetricSystem(recipe: SystemRecipe, rows: number, bodies: number): SystemDescription {
  const cut = {
    ...recipe,
    processes: recipe.processes.slice(0, bodies).map((process) => ({ ...process, body: withoutRows(process.body) })),
  };
  const lowered = lowerSystem({ ...cut, helpers: [withoutRows(recipe.helpers[0]), withoutRows(recipe.helpers[1])] });
  const procedures = new Map([...lowered.procedures].map(([name, procedure]) => [name, ownRowOnly(procedure)]));
  const names = (name: string) => namesRow(procedures.get(name));
  const tables = lowered.machine.tables.map((table) => (table.name === 'cells' ? { ...table, rows } : table));
  return {
    ...lowered,
    machine: { tables },
    procedures,
    // A property that asks for one row would be refused.
    properties: lowered.properties.filter((property) => {
      return (
        !('predicate' in property && names(property.predicate)) &&
        !('hooks' in property && property.hooks.some((hook) => names(hook.procedure)))
      );
    }),
    processes: lowered.processes.flatMap((process) =>
      Array.from({ length: rows }, (_, row) => ({
        ...process,
        name: `${process.name}${row}`,
        title: `${process.title}${row}`,
        args: [row + 1],
      })),
    ),
  };
}

function namesRow(procedure: Procedure | undefined): boolean {
  let found = false;
  const look = (node: Expr) => {
    if (isRow(node)) found = true;
  };
  visitStmts(procedure?.body ?? [], (stmt) => {
    for (const expr of exprsOf(stmt)) visitExpr(expr, look);
  });
  return found;
}
function isRow(node: Expr): boolean {
  return node.op === 'const' && node.type.kind === 'ref' && node.type.table === 'cells' && node.value > 0;
}

/** What computes a row, and what calls a procedure that names one. */
function withoutRows(recipe: Recipe): Recipe {
  return recipe.flatMap((op): Op[] => {
    if (op.op === 'row' || op.op === 'recurse') return [];
    if ('body' in op) return [{ ...op, body: withoutRows(op.body) } as Op];
    return op.op === 'if' ? [{ ...op, then: withoutRows(op.then), else: withoutRows(op.else) }] : [op];
  });
}

function ownRowOnly(procedure: Procedure): Procedure {
  const who = procedure.params.find(({ name }) => name === 'who');
  if (who === undefined) return procedure;
  const own = (expr: Expr): Expr => mapExpr(expr, (node) => (isRow(node) ? { op: 'local', type: who.type, local: 'who' } : node));
  return { ...procedure, body: mapStmts(procedure.body, (stmt): Stmt[] => [mapExprs(stmt, own)]) };
}
