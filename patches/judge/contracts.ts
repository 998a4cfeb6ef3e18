/**
 * Whether an imported function can take the place of the model's procedure of its name: everybody who calls it, and
 * stays, must call it as it wants to be called.
 */
import { calleesOf, type SystemDescription } from '../../compiler/index.ts';
import type { Procedure, ProcedureTable, ScalarType, Stmt, ValueType } from '../../compiler/ir/types.ts';
import type { Bindings, Contract } from '../bindings/schema.ts';
import { sameType } from '../lower/values.ts';

/** What of a system asks for a procedure besides those who call it: left out, all procedures are taken to run, and nothing is looked at. */
export type Users = Partial<Pick<SystemDescription, 'hooks' | 'properties' | 'processes' | 'prologue'>>;
/** Procedures that are imported, by name; null: it could not be, and the model's stays. */
export type Imported = ReadonlyMap<string, Procedure | null>;

/** Why `one` cannot replace the procedure of its name, or null. */
export function contractProblem(one: Procedure, procedures: ProcedureTable, imported: Imported, users: Users = {}): string | null {
  if (one.standsFor?.shown === null && isLookedAt(one.name, users))
    return 'fits no contract: a property looks at its parameters, which are others in the model';
  const [caller] = misfitCallers(one, procedures, imported, users);
  if (caller === undefined) return null;
  const params = (procedures.get(one.name)?.params ?? []).map((param) => param.name).join(', ');
  return caller === one.name
    ? `fits no contract: a process of the model begins with it, given (${params})`
    : `fits no contract: ${caller}() of the model calls it with (${params})`;
}

/** Procedures that stay and call the one of the name of `one` in another way than it wants; its own name, if a process begins with it. */
export function misfitCallers(one: Procedure, procedures: ProcedureTable, imported: Imported, users: Users = {}): readonly string[] {
  const own = procedures.get(one.name);
  if (own === undefined || fits(one, own)) return [];
  const roots = beginnings(users);
  const run = running(procedures, imported, users);
  const callers = [...procedures.values()].filter(
    ({ name, body }) => imported.get(name) == null && (run === null || run.has(name)) && calls(body, one.name),
  );
  return [...callers.map(({ name }) => name), ...(roots?.includes(one.name) === true ? [one.name] : [])];
}

/** Names of all that is run with these imported; null: all procedures are taken to run. */
export function running(procedures: ProcedureTable, imported: Imported, users: Users): ReadonlySet<string> | null {
  const roots = beginnings(users);
  return roots === null ? null : reached(roots, procedures, imported);
}

/** Names of the procedures that run first: processes, the prologue, and what looks at the state. */
function beginnings({ processes, prologue, hooks = [], properties = [] }: Users): readonly string[] | null {
  if (processes === undefined) return null;
  const looking = properties.flatMap((one) =>
    one.kind === 'event' ? one.hooks.map(({ procedure }) => procedure) : 'predicate' in one ? [one.predicate] : [],
  );
  const first = [...processes, ...(prologue == null ? [] : [prologue])];
  return [...first.map(({ procedure }) => procedure), ...hooks.map(({ procedure }) => procedure), ...looking];
}

function reached(roots: readonly string[], procedures: ProcedureTable, imported: Imported): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const procedure = imported.get(name) ?? procedures.get(name);
    if (procedure === undefined || found.has(name)) continue;
    found.add(name);
    open.push(...calleesOf(procedure.body));
  }
  return found;
}

function isLookedAt(name: string, { hooks = [], properties = [] }: Users): boolean {
  const all = [...hooks, ...properties.flatMap((one) => (one.kind === 'event' ? one.hooks : []))];
  return all.some(({ event }) => (event.on === 'call' || event.on === 'return') && event.procedure === name);
}

/** Whether a procedure can be called as `b` is: it has that interface, or an adapter. */
export function fits(a: Procedure, b: Pick<Procedure, 'params' | 'result'>): boolean {
  return sameInterface(a, b) || (a.standsFor != null && a.standsFor.adapter !== null);
}

/** Same parameters, by type and direction, and same result; and none that has its name elsewhere. */
export function sameInterface(a: Pick<Procedure, 'params' | 'result'>, b: Pick<Procedure, 'params' | 'result'>): boolean {
  if (a.params.length !== b.params.length || !sameValueType(a.result, b.result)) return false;
  if (
    namesMoved(
      a.params.map(({ name }) => name),
      b.params.map(({ name }) => name),
    )
  )
    return false;
  return a.params.every((param, index) => {
    const other = b.params[index];
    return other !== undefined && param.mode === other.mode && sameType(param.type, other.type);
  });
}

/**
 * Whether a parameter's name is in both lists, at different places: `(gfn, quadrant, level)` and `(gfn, level, direct)` have the same types and
 * do not go in their order.
 */
export function namesMoved(a: readonly string[], b: readonly string[]): boolean {
  return a.some((name, index) => b.includes(name) && b[index] !== name);
}

function sameValueType(a: ValueType, b: ValueType): boolean {
  if (a.kind === 'void' || b.kind === 'void') return a.kind === b.kind;
  return sameType(a as ScalarType, b as ScalarType);
}

/** Eras whose contract a function of C fits, by the spelled types of its parameters. */
export function erasOf(name: string, spelled: readonly string[], bindings: Pick<Bindings, 'contracts'>): string[] {
  const same = (contract: Contract): boolean =>
    contract.params.length === spelled.length && contract.params.every((type, index) => type === spelled[index]);
  return (bindings.contracts.get(name) ?? []).filter(same).map((contract) => contract.era);
}

/** Whether a call of `callee` is among the statements. */
export function calls(stmts: readonly Stmt[], callee: string): boolean {
  return stmts.some((stmt) => {
    if (stmt.kind === 'call') return stmt.callee === callee;
    if (stmt.kind === 'if') return calls(stmt.then, callee) || calls(stmt.else, callee);
    return 'body' in stmt && calls(stmt.body, callee);
  });
}
