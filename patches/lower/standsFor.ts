/**
 * A function of C that takes the place of a procedure of the model though their parameters differ: what hooks of that procedure are shown, and
 * an adapter for those who call it with the model's parameters.
 *
 * Parameters go by a contract of the bindings, or else in their order; numbers and truth values are converted, structures go member by
 * member as the bindings say. What cannot be told is not made up: then there is nothing to show, or no adapter.
 */
import { withIds } from '../../compiler/index.ts';
import {
  type Argument,
  boolType,
  type Expr,
  type Param,
  type Procedure,
  type ScalarType,
  type StandsFor,
} from '../../compiler/ir/types.ts';
import type { Contract, Structure } from '../bindings/schema.ts';
import type { CNode } from '../c/node.ts';
import { namesMoved } from '../judge/contracts.ts';
import { Context, type Names, type Recursion } from './context.ts';
import type { ProcedureFace, Signature } from './environment.ts';
import { declareParameters } from './parameters.ts';
import { NotModelled } from './problems.ts';
import { makeRecord } from './records.ts';
import { toBool, toType } from './scalars.ts';
import { isHandedOnOnly, isUnread } from './unread.ts';
import type { CType, RecordValue, Value } from './values.ts';
import { localExpr, nullOf } from './values.ts';

/** A parameter of the model, or all members of one of its structures. */
interface Group {
  readonly name: string;
  readonly params: readonly Param[];
  readonly isStructure: boolean;
}
/** Which of C's parameters each of the model's comes from, and what those that the model has not are given. */
interface Pairing {
  readonly groups: readonly Group[];
  /** By group: position of C's parameter, or an expression over `a0`, `a1`, … */
  readonly from: readonly (number | string)[];
  readonly give: Contract['give'];
  readonly gives: string | null;
  /** Positions of C's parameters that the function never reads: they may be anything. */
  readonly unread: ReadonlySet<number>;
}

/** Name of the procedure through which those who know the model's parameters call `name`. */
export function adapterName(name: string): string {
  return `${name}$`;
}

/** `lowered` beside the model's procedure of its name, which has other parameters. */
export function makeStandsFor(
  lowered: Procedure,
  signature: Signature,
  own: ProcedureFace,
  names: Names,
  definition: CNode,
  recursion: Recursion,
): StandsFor {
  const pairing = pairingOf(lowered, signature, own, names);
  const start = (): Context => new Context(names, signature.name, { kind: 'void' }, new Map(), () => lowered.pos, recursion);
  return {
    shown: pairing === null || isCode(lowered, own) ? null : attempt(() => shown(signature, pairing, start(), definition)),
    result: own.result,
    adapter: pairing === null ? null : attempt(() => adapter(lowered, signature, own, pairing, start(), definition)),
  };
}

/** A number may be a code in which 0 is success, where the model has a truth value: which of them is true must be said. */
function isCode(lowered: Procedure, own: ProcedureFace): boolean {
  return lowered.result.kind === 'int' && own.result.kind === 'bool';
}

function attempt<T>(make: () => T | null): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotModelled) return null;
    throw error;
  }
}

/** A contract for just these types of C; or the parameters that carry a value, in their order. */
function pairingOf(lowered: Procedure, { name, params }: Signature, own: ProcedureFace, names: Names): Pairing | null {
  const { bindings } = names;
  const groups = groupsOf(own.params);
  const unread = unreadOf(lowered, params, names);
  const contract = (bindings.contracts.get(name) ?? []).find(
    (one) =>
      one.pass.length === groups.length &&
      one.params.length === params.length &&
      one.params.every((spelled, index) => params[index]?.spelled === spelled),
  );
  if (contract !== undefined) return { groups, from: contract.pass, give: contract.give, gives: contract.gives ?? null, unread };
  const valued = params.flatMap(({ type }, index) => (type.kind === 'unit' ? [] : [index]));
  const moved = namesMoved(
    valued.map((index) => params[index]?.name ?? ''),
    groups.map((group) => group.name),
  );
  return valued.length === groups.length && !moved ? { groups, from: valued, give: {}, gives: null, unread } : null;
}

function unreadOf(lowered: Procedure, params: Signature['params'], names: Names): ReadonlySet<number> {
  const unread = new Set<number>();
  let next = 0;
  params.forEach(({ type }, index) => {
    const param = lowered.params[next];
    if (type.kind === 'scalar' && param !== undefined && (isUnread(lowered, param) || isHandedOnOnly(lowered, param, names)))
      unread.add(index);
    if (type.kind === 'record')
      for (const { type: member, length } of type.record.members) next += member === null ? 0 : Math.max(1, length);
    else if (type.kind === 'scalar' || type.kind === 'inout' || (type.kind === 'unit' && type.now !== undefined)) next += 1;
  });
  return unread;
}

/** `iter.gfn` and `iter.level` are members of `iter`; `count.value` is a number that goes back to the caller. */
function groupsOf(params: readonly Param[]): readonly Group[] {
  const groups = new Map<string, Param[]>();
  for (const param of params) {
    const name = param.name.split('.')[0] ?? param.name;
    groups.set(name, [...(groups.get(name) ?? []), param]);
  }
  return [...groups].map(([name, members]) => ({
    name,
    params: members,
    isStructure: members.some((one) => one.name.includes('.') && one.name !== `${name}.value`),
  }));
}

/** The model's parameters as expressions over C's: null if reading something would be needed, which hooks cannot. */
function shown(signature: Signature, pairing: Pairing, context: Context, node: CNode): readonly Expr[] | null {
  declareParameters(signature, context);
  const values = new Map(signature.params.map(({ name }, index) => [`a${index}`, context.lookup(name) ?? context.fail(name, '', node)]));
  const exprs: Expr[] = [];
  const statements = context.collect(() => exprs.push(...modelled(pairing, values, node, context).map(({ value }) => value)));
  return statements.length > 0 ? null : exprs;
}

/** What each parameter of the model is, of values `a0`, `a1`, … of C's parameters; nothing of a member that C has not. */
function modelled(
  { groups, from }: Pairing,
  values: ReadonlyMap<string, Value>,
  node: CNode,
  context: Context,
): readonly { readonly param: Param; readonly value: Expr }[] {
  return groups.flatMap((group, index) => {
    const source = from[index] ?? 0;
    const value = typeof source === 'string' ? meant(source, values, node, context) : (values.get(`a${source}`) as Value);
    if (group.isStructure) {
      if (value.kind !== 'record') return context.fail(group.name, 'is a structure of the model', node);
      return group.params.map((param) => ({ param, value: memberShown(value, param, node, context) }));
    }
    const [param] = group.params;
    const plain: Value = value.kind === 'inout' ? { kind: 'local', name: value.name, type: value.type } : value;
    return param === undefined ? [] : [{ param, value: toType(plain, param.type, node, context) }];
  });
}

function memberShown(record: RecordValue, param: Param, node: CNode, context: Context): Expr {
  const member = memberOf(param);
  const text = structureOf(record.type.name, context)?.shown[member];
  const local = record.locals.get(member);
  const type = record.type.members.find((one) => one.path === member)?.type;
  if (text === undefined && (local === undefined || type == null))
    return context.fail(`${record.type.name}.${member}`, 'is no member that the model has', node);
  const value: Value =
    text !== undefined
      ? meant(text, new Map([['self', record]]), node, context)
      : { kind: 'local', name: local ?? '', type: type as ScalarType };
  return toType(value, param.type, node, context);
}

/** Has the model's parameters, makes C's of them, calls, and brings back what comes back. */
function adapter(
  lowered: Procedure,
  signature: Signature,
  own: ProcedureFace,
  pairing: Pairing,
  context: Context,
  node: CNode,
): Procedure | null {
  if (own.result.kind !== 'void' && (lowered.result.kind === 'void' || isCode(lowered, own)) && pairing.gives === null) return null;
  const params = own.params.map((param) => ({ ...param, name: context.fresh(param.name) }));
  const given = new Map<string, Value>([
    ['kvm', { kind: 'unit', table: 'vm' }],
    ...pairing.groups.map((group) => [group.name, groupValue(group)] as const),
  ]);
  const values = new Map<string, Value>();
  const args: Argument[] = [];
  const body = context.collect(() => {
    signature.params.forEach(({ type }, index) => {
      const group = pairing.groups[pairing.from.indexOf(index)];
      const value = argumentFor(type, index, group, pairing, given, node, context);
      values.set(`a${index}`, value);
      if (value.kind === 'record')
        for (const local of value.locals.values()) args.push(passed(local, type.kind === 'record' && type.pointer, context));
      else if (value.kind === 'local') args.push(passed(value.name, type.kind === 'inout', context));
    });
    const temporary = lowered.result.kind === 'void' ? null : context.temporary(lowered.result);
    context.emit({ kind: 'call', callee: lowered.name, args, dst: temporary?.name ?? null }, node);
    for (const { param, value } of returned(pairing, values, node, context)) context.emit({ kind: 'assign', dst: param.name, value }, node);
    if (own.result.kind === 'void') return;
    const plain: Value | null = temporary === null ? null : { kind: 'scalar', expr: temporary.expr };
    const behind = plain === null ? values : new Map([...values, ['result', plain]]);
    const result = pairing.gives === null ? plain : meant(pairing.gives, behind, node, context);
    if (result !== null) context.emit({ kind: 'return', value: toType(result, own.result, node, context) }, node);
  });
  return withIds({
    name: adapterName(lowered.name),
    params,
    result: own.result,
    locals: context.locals,
    body,
    pos: lowered.pos,
    doc: `${lowered.name}() of the tree, called with the parameters that the model has.`,
  });
}

/** What comes back to the caller: parameters of the model that are value-result, as far as C's say what they are now. */
function returned(pairing: Pairing, values: ReadonlyMap<string, Value>, node: CNode, context: Context) {
  return pairing.groups.flatMap((group, index) => {
    if (group.params.every(({ mode }) => mode === 'in')) return [];
    const one = { ...pairing, groups: [group], from: [pairing.from[index] ?? 0] };
    if (!group.isStructure) return modelled(one, values, node, context);
    // A member that C's structure has not stays what it is.
    return group.params.flatMap(
      (param) => attempt(() => modelled({ ...one, groups: [{ ...group, params: [param] }] }, values, node, context)) ?? [],
    );
  });
}

function passed(local: string, back: boolean, context: Context): Argument {
  const found = context.locals.find(({ name }) => name === local);
  return back || found === undefined ? { mode: 'inout', local } : { mode: 'in', value: localExpr(local, found.type) };
}

/** A local of C's type for the parameter at `index`, with what the model's parameters make of it. */
function argumentFor(
  type: CType,
  index: number,
  group: Group | undefined,
  { give, unread }: Pairing,
  given: ReadonlyMap<string, Value>,
  node: CNode,
  context: Context,
): Value {
  const said = give[String(index)];
  if (type.kind === 'unit') {
    if (type.now === undefined) return { kind: 'unit', table: type.table };
    const local = context.newLocal(`a${index}`, boolType, true);
    const value = toBool(meant(said === undefined || typeof said === 'object' ? type.now : said, given, node, context), node, context);
    context.emit({ kind: 'assign', dst: local, value }, node);
    return { kind: 'local', name: local, type: boolType };
  }
  if (type.kind === 'record') {
    const from = group === undefined ? null : (given.get(group.name) ?? null);
    if (from === null && typeof said !== 'object') return context.fail(`parameter ${index}`, 'is nothing that the model passes', node);
    return recordFor(type.record.name, type, from, typeof said === 'object' ? said : {}, given, node, context);
  }
  if (type.kind !== 'scalar' && type.kind !== 'inout') return context.fail(`parameter ${index}`, 'has no value', node);
  const value = typeof said === 'string' ? meant(said, given, node, context) : group === undefined ? undefined : given.get(group.name);
  // What is never read may be anything.
  if (value === undefined && !unread.has(index)) return context.fail(`parameter ${index}`, 'is nothing that the model passes', node);
  const local = context.newLocal(`a${index}`, type.type, true);
  context.emit(
    { kind: 'assign', dst: local, value: value === undefined ? nullOf(type.type) : toType(value, type.type, node, context) },
    node,
  );
  return { kind: 'local', name: local, type: type.type };
}

/** A structure of C's: members as `said`, or as the bindings say, or as the model has them; the others are 0. */
function recordFor(
  name: string,
  type: Extract<CType, { kind: 'record' }>,
  from: Value | null,
  said: Readonly<Record<string, string>>,
  given: ReadonlyMap<string, Value>,
  node: CNode,
  context: Context,
): RecordValue {
  const record = makeRecord(name.replace(/^\w+ /, ''), type.record, (local, member) => context.newLocal(local, member, true));
  const structure = structureOf(name, context);
  for (const [key, local] of record.locals) {
    const member = type.record.members.find((one) => one.path === key.replace(/\[\d+\]$/, ''));
    if (member?.type == null) continue;
    const text = said[key];
    const own = structure?.given[key];
    const same = from?.kind === 'record' ? from.locals.get(key) : undefined;
    const sameType_ = from?.kind === 'record' ? from.type.members.find((one) => one.path === key)?.type : undefined;
    // A structure of which the bindings say nothing, and that the model has with other members, is not guessed.
    if (from?.kind === 'record' && structure === undefined && text === undefined && same === undefined)
      return context.fail(`${name}.${key}`, 'is no member that the model has', node);
    const value: Expr =
      text !== undefined
        ? toType(meant(text, given, node, context), member.type, node, context)
        : own !== undefined && from !== null
          ? toType(meant(own, new Map([...given, ['self', from]]), node, context), member.type, node, context)
          : same !== undefined && sameType_ != null
            ? toType({ kind: 'local', name: same, type: sameType_ }, member.type, node, context)
            : nullOf(member.type);
    context.emit({ kind: 'assign', dst: local, value }, node);
  }
  return record;
}

/** Parameters of the model as values: those of a structure together. */
function groupValue({ name, params, isStructure }: Group): Value {
  const [first] = params;
  if (!isStructure && first !== undefined) return { kind: 'local', name: first.name, type: first.type };
  return {
    kind: 'record',
    type: {
      name: `${name} of the model`,
      members: params.map((param) => ({ path: memberOf(param), length: 0, type: param.type })),
      lost: new Set(),
    },
    locals: new Map(params.map((param) => [memberOf(param), param.name])),
    settled: new Map(),
  };
}

function memberOf({ name }: Param): string {
  return name.slice(name.indexOf('.') + 1);
}

function structureOf(name: string, { names }: Context): Structure | undefined {
  return names.bindings.structures.get(name);
}

function meant(text: string, values: ReadonlyMap<string, Value>, node: CNode, context: Context): Value {
  return context.at(node, () => context.isolated(values, () => context.expression(context.names.meaning(text))));
}
