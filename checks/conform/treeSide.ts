/**
 * A tree's functions beside the model's procedures, under names of their own.
 *
 * In: imported functions, the model's procedures. Out: one table that has both, and which of them can be compared. Never: a comparison.
 *
 * A function of the tree calls the model's procedures, so that a difference is told of the function in which it is, and not of all that call it.
 * Where the model has none, or takes other arguments, it calls the tree's.
 */
import { calleesOf, mapStmts, type Procedure, type ProcedureTable } from '../../compiler/index.ts';
import { fits } from '../../patches/index.ts';

const suffix = '__of_tree';

export interface TreeSide {
  readonly procedures: ProcedureTable;
  /** Names of functions that can be compared. */
  readonly comparable: readonly string[];
  /** Why others that the model has, too, cannot be. */
  readonly misfits: ReadonlyMap<string, string>;
  /** Functions of the tree that run when this one of the tree does, beside itself. */
  ownCallees(name: string): ReadonlySet<string>;
}

export function treeNameOf(name: string): string {
  return name + suffix;
}
export function ownNameOf(name: string): string {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

export function treeSide(imported: readonly Procedure[], model: ProcedureTable): TreeSide {
  const comparable: string[] = [];
  const misfits = new Map<string, string>();
  for (const procedure of imported) {
    const own = model.get(procedure.name);
    if (own === undefined) continue;
    if (fits(procedure, own)) comparable.push(procedure.name);
    else misfits.set(procedure.name, `is ${faceOf(procedure)}, the model's ${faceOf(own)}`);
  }
  const stay = new Set(comparable);
  const own = new Set(imported.map(({ name }) => name).filter((name) => !stay.has(name)));
  const renamed = imported.map((procedure): Procedure => {
    const body = mapStmts(procedure.body, (stmt) =>
      stmt.kind === 'call' && own.has(stmt.callee) ? [{ ...stmt, callee: treeNameOf(stmt.callee) }] : [stmt],
    );
    return { ...procedure, name: treeNameOf(procedure.name), body };
  });
  const procedures = new Map([...model, ...renamed.map((one) => [one.name, one] as const)]);
  return { procedures, comparable, misfits, ownCallees: (name) => ownCalleesOf(name, procedures) };
}

function ownCalleesOf(name: string, procedures: ProcedureTable): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [treeNameOf(name)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const callee of calleesOf(procedures.get(next)?.body ?? [])) {
      if (ownNameOf(callee) === callee || found.has(ownNameOf(callee))) continue;
      found.add(ownNameOf(callee));
      open.push(callee);
    }
  }
  return found;
}

function faceOf({ params, result }: Procedure): string {
  const given = params.map(({ name, mode, type }) => `${mode === 'inout' ? '&' : ''}${name}: ${typeText(type)}`).join(', ');
  return `(${given}): ${typeText(result)}`;
}

function typeText(type: Procedure['result']): string {
  if (type.kind === 'int') return `${type.min}..${type.max}`;
  return type.kind === 'ref' || type.kind === 'pointer' ? `${type.kind} to ${type.table}` : type.kind;
}
