/**
 * Whether an imported function can take the place of the model's procedure of its name: everybody who calls it, and
 * stays, must call it as it wants to be called.
 */
import type { SystemDescription } from '../../compiler/index.ts';
import type { Procedure, ScalarType, Stmt, ValueType } from '../../compiler/ir/types.ts';
import type { Bindings, Contract } from '../bindings/schema.ts';
import { sameType } from '../lower/values.ts';

/** What properties look at: whoever takes the place of such a procedure must show them what they know. */
export type Hooked = Partial<Pick<SystemDescription, 'hooks' | 'properties'>>;

/** Why `imported` cannot replace the procedure of its name, or null. `replaced`: names of all that are imported. */
export function contractProblem(
  imported: Procedure,
  procedures: ReadonlyMap<string, Procedure>,
  replaced: ReadonlySet<string>,
  hooked: Hooked = {},
): string | null {
  if (imported.standsFor?.shown === null && isHooked(imported.name, hooked))
    return `${imported.name}() fits no contract: a property looks at its parameters, which are others in the model`;
  const [caller] = misfitCallers(imported, procedures, replaced);
  if (caller === undefined) return null;
  const params = procedures.get(imported.name)?.params ?? [];
  return `${imported.name}() fits no contract: ${caller}() of the model calls it with (${params.map((param) => param.name).join(', ')})`;
}

/** Procedures that stay and call the one of the name of `imported` in another way than it wants. */
export function misfitCallers(
  imported: Procedure,
  procedures: ReadonlyMap<string, Procedure>,
  replaced: ReadonlySet<string>,
): readonly string[] {
  const own = procedures.get(imported.name);
  if (own === undefined || fits(imported, own)) return [];
  return [...procedures.values()].flatMap((one) => (!replaced.has(one.name) && calls(one.body, imported.name) ? [one.name] : []));
}

function isHooked(name: string, { hooks = [], properties = [] }: Hooked): boolean {
  const all = [...hooks, ...properties.flatMap((one) => (one.kind === 'event' ? one.hooks : []))];
  return all.some(({ event }) => (event.on === 'call' || event.on === 'return') && event.procedure === name);
}

/** Whether a procedure can be called as `b` is: it has that interface, or an adapter. */
export function fits(a: Procedure, b: Pick<Procedure, 'params' | 'result'>): boolean {
  return sameInterface(a, b) || (a.standsFor != null && a.standsFor.adapter !== null);
}

/** Same parameters, by type and direction, and same result. */
export function sameInterface(a: Pick<Procedure, 'params' | 'result'>, b: Pick<Procedure, 'params' | 'result'>): boolean {
  if (a.params.length !== b.params.length || !sameValueType(a.result, b.result)) return false;
  return a.params.every((param, index) => {
    const other = b.params[index];
    return other !== undefined && param.mode === other.mode && sameType(param.type, other.type);
  });
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
