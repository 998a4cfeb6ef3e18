/**
 * Structures that functions pass around (an iterator, a fault): taken apart into locals, one a member. A pointer to one is the structure
 * itself, which callees get value-result.
 *
 * In the IR nobody can tell a member that is passed from one that is pointed to: so nothing of one structure may be passed twice in a call,
 * and none may be kept.
 */
import type { Argument, Expr, ScalarType } from '../../compiler/ir/types.ts';
import { intTypes } from '../../compiler/ir/types.ts';
import { type CNode, child, named } from '../c/node.ts';
import type { Context } from './context.ts';
import { toBool, toType } from './scalars.ts';
import type { RecordMember, RecordType, RecordValue, Value } from './values.ts';
import { constant, converted, localExpr, nullOf } from './values.ts';

type PathValue = Extract<Value, { kind: 'recordPath' }>;

/** Name of the local that holds a member, or one element of it. */
function memberName(base: string, path: string, index: number | null): string {
  return index === null ? `${base}.${path}` : `${base}.${path}.${index}`;
}

/** Makes locals for all members, with `make`, and gives the structure. */
export function makeRecord(base: string, type: RecordType, make: (name: string, type: ScalarType) => string): RecordValue {
  const locals = new Map<string, string>();
  for (const member of type.members) {
    if (member.type === null) continue;
    for (const [key, index] of slots(member)) locals.set(key, make(memberName(base, member.path, index), member.type));
  }
  return { kind: 'record', type, locals, settled: new Map() };
}

/** Keys of a member in `locals`: its path, with an index for each element of an array. */
function slots(member: RecordMember): [string, number | null][] {
  if (member.length === 0) return [[member.path, null]];
  return Array.from({ length: member.length }, (_, index) => [`${member.path}[${index}]`, index]);
}

/** `record.name`. */
export function recordMember(base: RecordValue | PathValue, name: string, node: CNode, context: Context): Value {
  const [record, path] = base.kind === 'record' ? [base, name] : [base.record, `${base.path}.${name}`];
  const member = record.type.members.find((one) => one.path === path);
  if (member === undefined) {
    const settled = record.settled.get(path);
    if (settled !== undefined) return settled;
    if (context.names.bindings.isIgnorableField(record.type.name, path)) {
      context.ignore(`${record.type.name}.${path}`, node);
      return { kind: 'any', name: path };
    }
    if (record.type.members.some((one) => one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[].`)))
      return { kind: 'recordPath', record, path, index: base.kind === 'record' ? null : base.index };
    return context.fail(`${record.type.name}.${path}`, 'is no member that the model has a type for', node);
  }
  if (member.type === null) return { kind: 'unit', table: member.unit };
  if (member.length > 0) {
    const whole = { kind: 'recordPath', record, path, index: null } as const;
    return base.kind === 'recordPath' && base.index !== null ? recordElement(whole, base.index, node, context) : whole;
  }
  const local = record.locals.get(path) ?? '';
  const now = context.names.bindings.seen.get(record.type.name)?.get(path);
  if (member.seenOf !== undefined && now !== undefined)
    return { kind: 'unit', table: member.seenOf, seen: { local, type: member.type, now } };
  return { kind: 'local', name: local, type: member.type };
}

/** `record.member[index]`. */
export function recordElement(base: PathValue, index: Expr, node: CNode, context: Context): Value {
  const member = base.record.type.members.find((one) => one.path === base.path);
  if (member === undefined && base.index === null && base.record.type.members.some((one) => one.path.startsWith(`${base.path}[].`)))
    return { ...base, path: `${base.path}[]`, index: heldIndex(index, node, context) };
  if (member === undefined || member.length === 0 || member.type === null)
    return context.fail(base.path, 'is no array that the model has', node);
  const { type, length } = member;
  const local = (at: number): string => base.record.locals.get(`${base.path}[${at}]`) ?? '';
  const known = knownIndex(index);
  if (known !== null) {
    if (known < 0 || known >= length) return context.fail(base.path, `has no element ${known} in the model`, node);
    return { kind: 'local', name: local(known), type };
  }
  return { kind: 'recordElement', locals: Array.from({ length }, (_, at) => local(at)), index: heldIndex(index, node, context), type };
}

/** The index as it is now. */
function heldIndex(index: Expr, node: CNode, context: Context): Expr {
  if (index.op === 'const') return index;
  const kept = context.temporary(intTypes.s32);
  context.emit({ kind: 'assign', dst: kept.name, value: converted(index, intTypes.s32) ?? index }, node);
  return kept.expr;
}

/** `2`, `PT64_ROOT_LEVEL - 1`. */
function knownIndex(index: Expr): number | null {
  if (index.op === 'const') return index.value;
  if (index.op === 'cast') return knownIndex(index.a);
  if (index.op !== 'binary' || (index.operator !== '+' && index.operator !== '-')) return null;
  const [a, b] = [knownIndex(index.a), knownIndex(index.b)];
  return a === null || b === null ? null : index.operator === '+' ? a + b : a - b;
}

/** All members become 0, but those that `initial` gives. */
export function initialise(to: RecordValue, initial: CNode, context: Context): void {
  const given = new Map<string, CNode>();
  for (const pair of named(initial)) {
    if (pair.type === 'number_literal' && pair.text === '0') continue;
    if (pair.type !== 'initializer_pair') context.fail('{…}', 'is no list of named members', pair);
    const designators = named(pair).filter((one) => one.type === 'field_designator');
    const value = child(pair, 'value');
    if (value === null || designators.length === 0) context.fail('{…}', 'is no list of named members', pair);
    given.set(designators.map((one) => one.text.replace(/^\.\s*/, '')).join('.'), value);
  }
  const known = new Set(to.type.members.map((member) => member.path));
  // In C's order the values come first: what they call may not see the structure yet.
  const values = [...given].map(([path, node]) => {
    if (!known.has(path)) {
      if (to.type.lost.has(path)) {
        settle(to, path, node, context);
        return { path, node, value: null };
      }
      return context.fail(`${to.type.name}.${path}`, 'is no member that the model has a type for', node);
    }
    const member = to.type.members.find((one) => one.path === path);
    const value = context.expression(node);
    if (member?.type == null) return { path, node, value: null };
    if (member.seenOf !== undefined)
      return { path, node, value: howItIs(value, context.names.bindings.seen.get(to.type.name)?.get(path) ?? '', node, context) };
    return { path, node, value: member.type.kind === 'bool' ? toBool(value, node, context) : toType(value, member.type, node, context) };
  });
  for (const path of to.type.lost)
    if (!given.has(path) && !to.settled.has(path)) to.settled.set(path, { kind: 'scalar', expr: constant(0, intTypes.s32) });
  for (const member of to.type.members) {
    if (member.type === null || given.has(member.path)) continue;
    for (const [key] of slots(member)) context.emit({ kind: 'assign', dst: to.locals.get(key) ?? '', value: nullOf(member.type) }, initial);
  }
  for (const { path, node, value } of values)
    if (value !== null) context.emit({ kind: 'assign', dst: to.locals.get(path) ?? '', value }, node);
}

/** Of the one thing of its kind: how it was when it was found, or how it is now. */
export function howItIs(value: Value, now: string, node: CNode, context: Context): Expr {
  if (value.kind === 'unit' && value.seen !== undefined) return localExpr(value.seen.local, value.seen.type);
  const found = context.at(node, () => context.isolated(new Map(), () => context.expression(context.names.meaning(now))));
  return toBool(found, node, context);
}

/** A member that holds a function keeps it: nothing else can be said of a type that the model has not. */
function settle(to: RecordValue, path: string, node: CNode, context: Context): void {
  const found = context.probe(() => context.expression(node));
  if (found?.silent !== true) return;
  const { value } = found;
  if (value.kind === 'function' || (value.kind === 'scalar' && value.expr.op === 'const')) to.settled.set(path, value);
}

/** `*to = *from`: member by member. */
export function copyRecord(to: RecordValue, from: RecordValue, node: CNode, context: Context): void {
  if (to.type.name !== from.type.name) context.fail(node.text, `copies ${from.type.name} to ${to.type.name}`, node);
  for (const [key, local] of to.locals) {
    const member = to.type.members.find((one) => one.path === key.replace(/\[\d+\]$/, ''));
    const source = from.locals.get(key);
    if (member?.type != null && source !== undefined && source !== local)
      context.emit({ kind: 'assign', dst: local, value: localExpr(source, member.type) }, node);
  }
}

/** A structure as arguments, one a member. */
export function recordArguments(value: RecordValue, mode: 'in' | 'inout'): Argument[] {
  return [...value.locals].map(([key, local]): Argument => {
    const member = value.type.members.find((one) => one.path === key.replace(/\[\d+\]$/, ''));
    return mode === 'inout' || member?.type == null ? { mode: 'inout', local } : { mode: 'in', value: localExpr(local, member.type) };
  });
}
