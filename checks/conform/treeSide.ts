/**
 * A tree's functions beside the model's procedures, under names of their own.
 *
 * In: imported functions, the model's procedures. Out: one table that has both, and which of them can be compared. Never: a comparison.
 *
 * A function of the tree calls the model's procedures, so that a difference is told of the function in which it is, and not of all that call it.
 * Where the model has none, or takes other arguments, it calls the tree's. Functions that take other arguments are called through the adapters that
 * lowering has made for them, if it could.
 */
import { calleesOf, mapStmts, type Procedure, type ProcedureTable } from '../../compiler/index.ts';
import { sameInterface } from '../../patches/index.ts';

const suffix = '__of_tree';
const adapterSuffix = '__called_by_model';

export interface TreeSide {
  readonly procedures: ProcedureTable;
  /** Functions that can be compared, each with the procedure that has the model's parameters and runs the tree's. */
  readonly comparable: ReadonlyMap<string, string>;
  /** Functions that take other parameters than the model's procedures, and what these are. */
  readonly others: ReadonlyMap<string, string>;
  /** Functions of the tree that run when this one of the tree does, beside itself. */
  ownCallees(name: string): ReadonlySet<string>;
}

/** The kernel's name of a procedure of either side. */
export function ownNameOf(name: string): string {
  const at = [suffix, adapterSuffix].find((end) => name.endsWith(end));
  return at === undefined ? name : name.slice(0, -at.length);
}

/** Whether it only calls a function of the tree with the model's parameters. */
export function isAdapter(name: string): boolean {
  return name.endsWith(adapterSuffix);
}

export function treeSide(imported: readonly Procedure[], model: ProcedureTable): TreeSide {
  const comparable = new Map<string, string>();
  const others = new Map<string, string>();
  const adapters = new Map<string, Procedure>();
  for (const procedure of imported) {
    const { name, standsFor } = procedure;
    const own = model.get(name);
    if (own === undefined) continue;
    if (sameInterface(procedure, own)) {
      comparable.set(name, name + suffix);
      continue;
    }
    others.set(name, `takes ${faceOf(procedure)}, the model's ${faceOf(own)}`);
    const adapter = standsFor?.adapter ?? null;
    if (adapter === null) continue;
    comparable.set(name, name + adapterSuffix);
    adapters.set(name, adapter);
  }
  // Where the interface is the model's, the model's is called.
  const names = new Set(imported.map(({ name }) => name));
  const ofTree = (callee: string): boolean => names.has(callee) && (!comparable.has(callee) || others.has(callee));
  const renamed = [
    ...imported.map((one) => ({ ...calling(one, ofTree), name: one.name + suffix })),
    ...[...adapters].map(([name, one]) => ({ ...calling(one, ofTree), name: name + adapterSuffix })),
  ];
  const procedures = new Map([...model, ...renamed.map((one) => [one.name, one] as const)]);
  return { procedures, comparable, others, ownCallees: (name) => ownCalleesOf(name, procedures) };
}

/** Its calls of some procedures become calls of the tree's. */
function calling(procedure: Procedure, ofTree: (callee: string) => boolean): Procedure {
  const body = mapStmts(procedure.body, (stmt) => [
    stmt.kind === 'call' && ofTree(stmt.callee) ? { ...stmt, callee: stmt.callee + suffix } : stmt,
  ]);
  return { ...procedure, body };
}

function ownCalleesOf(name: string, procedures: ProcedureTable): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [name + suffix];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const callee of calleesOf(procedures.get(next)?.body ?? [])) {
      if (ownNameOf(callee) === callee || found.has(ownNameOf(callee))) continue;
      found.add(ownNameOf(callee));
      open.push(callee);
    }
  }
  return found;
}

/** Parameters by name, with those of one structure taken together: `(kvm, &iter)`. */
function faceOf({ params, result }: Procedure): string {
  const given = new Set(
    params.map(({ name, mode, type }) => `${mode === 'inout' ? '&' : ''}${name.split('.')[0]}: ${typeText(name, type)}`),
  );
  return `(${[...given].join(', ')})${result.kind === 'void' ? '' : `: ${typeText('', result)}`}`;
}

function typeText(name: string, type: Procedure['result']): string {
  if (name.includes('.')) return 'structure';
  if (type.kind === 'int') return `${type.min}..${type.max}`;
  return type.kind === 'ref' || type.kind === 'pointer' ? `${type.kind} to ${type.table}` : type.kind;
}
