/**
 * Names and member paths of C to places of the machine.
 */
import type { Expr, Place } from '../../compiler/ir/types.ts';
import { intTypes } from '../../compiler/ir/types.ts';
import type { CNode } from '../c/node.ts';
import { type Context, readType } from './context.ts';
import { recordElement, recordMember } from './records.ts';
import { wordOf } from './roleNames.ts';
import { toScalar } from './scalars.ts';
import type { Value } from './values.ts';
import { constant, refTo } from './values.ts';

type MemberValue = Extract<Value, { kind: 'member' }>;

/** `base.name` or `base->name`: C's compiler has checked which of the two it must be. */
export function memberOf(base: Value, name: string, node: CNode, context: Context): Value {
  if (base.kind === 'any') return base;
  // `root->hpa` where root points to a part of a row.
  if (base.kind === 'address' && base.of.kind === 'member') return memberOf(base.of, name, node, context);
  const word = wordOf(base, name);
  if (word !== null) return word;
  if (base.kind === 'record' || base.kind === 'recordPath') return recordMember(base, name, node, context);
  if (base.kind === 'member') return settle({ ...base, path: `${base.path}.${name}`, spelled: `${base.spelled}.${name}` }, node, context);
  if (base.kind === 'onList') {
    const path = `${base.path}.${name}`;
    return settle({ kind: 'member', table: base.table, row: base.row, path, index: null, spelled: path }, node, context);
  }
  const object = objectOf(base, node, context);
  if (object === null) return context.fail(name, 'is a member of something that is not modelled', node);
  return settle({ kind: 'member', table: object.table, row: object.row, path: name, index: null, spelled: name }, node, context);
}

/** `base[index]`. */
export function elementOf(base: Value, index: Expr, node: CNode, context: Context): Value {
  if (base.kind === 'any') return base;
  if (base.kind === 'array') return elementPlace(base.table, base.field, base.row, index, node, context);
  if (base.kind === 'recordPath') return recordElement(base, index, node, context);
  if (base.kind === 'member') {
    if (base.index !== null) return context.fail(base.spelled, 'has two indices', node);
    return settle({ ...base, path: `${base.path}[]`, index, spelled: `${base.spelled}[]` }, node, context);
  }
  const pointer = toScalar(base, node, context);
  if (pointer.type.kind !== 'pointer') return context.fail('[]', 'is used on something that is no array', node);
  return throughPointer(offsetPointer(pointer, index), context, node);
}

/** `*base`. */
export function target(base: Value, node: CNode, context: Context): Value {
  if (base.kind === 'any' || base.kind === 'record' || base.kind === 'function') return base;
  if (base.kind === 'inout') return { kind: 'local', name: base.name, type: base.type };
  if (base.kind === 'address') return base.of;
  if (base.kind === 'unit') return { kind: 'object', table: base.table, row: null };
  if (base.kind === 'array') return elementPlace(base.table, base.field, base.row, constant(0, intTypes.u32), node, context);
  const expr = toScalar(base, node, context);
  if (expr.type.kind === 'ref') return { kind: 'object', table: expr.type.table, row: expr };
  if (expr.type.kind === 'pointer') return throughPointer(expr, context, node);
  return context.fail('*', 'is used on something that is no pointer', node);
}

/** `&base`. */
export function addressOf(base: Value, node: CNode, context: Context): Value {
  switch (base.kind) {
    case 'any':
    case 'record':
    case 'recordPath':
    case 'unit':
    case 'function':
      return base;
    case 'onList':
      return { kind: 'address', of: base };
    case 'object':
      return base.row === null ? { kind: 'unit', table: base.table } : { kind: 'scalar', expr: base.row };
    case 'place':
      if (base.place.kind === 'pointer') return { kind: 'scalar', expr: base.place.pointer };
      if (base.place.index !== null && base.place.row !== null && base.type.kind === 'int') {
        const { table, field, row, index } = base.place;
        return { kind: 'scalar', expr: { op: 'pointerTo', type: { kind: 'pointer', table, field }, row, index } };
      }
      return { kind: 'address', of: base };
    case 'local':
      return { kind: 'address', of: base };
    case 'member':
      if (partsOf(base, context).length > 0) return { kind: 'address', of: base };
      return context.fail(base.spelled, `is no field of ${base.table} that the model has`, node);
    default:
      return context.fail('&', 'is used on something that has no address in the model', node);
  }
}

/** Of a path that leads to a structure in a row: how its members go on that are bound, one of each field. */
export function partsOf({ table, path }: MemberValue, context: Context): readonly string[] {
  const known = new Set<string>();
  return [...(context.names.bindings.fields.get(table) ?? [])].flatMap(([spelled, { field }]) => {
    if (!spelled.startsWith(`${path}.`) || known.has(field) || context.field(table, field) === null) return [];
    known.add(field);
    return [spelled.slice(path.length + 1)];
  });
}

/** `pointer + offset` within its array. */
export function offsetPointer(pointer: Expr, offset: Expr): Expr {
  if (pointer.type.kind !== 'pointer') return pointer;
  // `sp->spt + i` is the element i, said at once.
  if (pointer.op === 'pointerTo' && pointer.index.op === 'const' && pointer.index.value === 0) return { ...pointer, index: offset };
  const index: Expr = {
    op: 'binary',
    type: intTypes.u32,
    operator: '+',
    a: { op: 'pointerIndex', type: intTypes.u32, a: pointer },
    b: offset,
  };
  return { op: 'pointerTo', type: pointer.type, row: { op: 'pointerRow', type: refTo(pointer.type.table), a: pointer }, index };
}

function throughPointer(pointer: Expr, context: Context, node: CNode): Value {
  if (pointer.type.kind !== 'pointer') return context.fail('*', 'is used on something that is no pointer', node);
  const { table, field } = pointer.type;
  const found = context.field(table, field);
  if (found === null) return context.fail(field, `is no field of ${table}`, node);
  const place: Place = { kind: 'pointer', table, field, pointer };
  return { kind: 'place', place, type: found.type, as: readType(found.type, 'u32') };
}

function elementPlace(table: string, field: string, row: Expr, index: Expr, node: CNode, context: Context): Value {
  const found = context.field(table, field);
  if (found === null) return context.fail(field, `is no field of ${table}`, node);
  return { kind: 'place', place: { kind: 'field', table, field, row, index }, type: found.type, as: readType(found.type, 'u32') };
}

/** The row that a value denotes or points to, or null. */
function objectOf(base: Value, node: CNode, context: Context): { table: string; row: Expr | null } | null {
  if (base.kind === 'object') return base;
  if (base.kind === 'unit') return { table: base.table, row: null };
  if (base.kind === 'address' && base.of.kind === 'object') return base.of;
  if (base.kind === 'scalar' || base.kind === 'local' || base.kind === 'place') {
    const expr = toScalar(base, node, context);
    if (expr.type.kind === 'ref') return { table: expr.type.table, row: expr };
  }
  return null;
}

/** A member path as far as it can be settled: another row, a field, an ignorable thing, or still a path. */
function settle(member: Extract<Value, { kind: 'member' }>, node: CNode, context: Context): Value {
  const { bindings } = context.names;
  const { table, row, path, index } = member;
  const object = bindings.objects.get(table)?.get(path);
  if (object !== undefined) {
    if ('the' in object) return { kind: 'unit', table: object.the };
    if ('only' in object) return { kind: 'unit', table: object.only };
    if ('means' in object) return meantBy(object.means, { kind: 'object', table, row }, node, context);
    if ('same' in object) return { kind: 'object', table, row };
    if ('row' in object) return { kind: 'object', table: object.row, row: rowIn(object, row, context, node) };
    const found = context.field(table, object.load);
    if (found === null) return context.fail(member.spelled, `is no field of ${table} that this machine has`, node);
    return { kind: 'place', place: { kind: 'field', table, field: object.load, row, index: null }, type: found.type, as: intTypes.u32 };
  }
  if (bindings.isIgnorableField(table, path)) {
    context.ignore(member.spelled, node);
    return { kind: 'any', name: member.spelled };
  }
  const field = bindings.fields.get(table)?.get(path);
  if (field === undefined) return member;
  const found = context.field(table, field.field);
  if (found === null) return context.fail(member.spelled, `is no field of ${table} that this machine has`, node);
  if (found.type.kind === 'list') {
    // As the pointer or the word that the kernel keeps it in: null if the list is empty.
    return { kind: 'onList', list: { kind: 'field', table, field: field.field, row, index }, table, row, path };
  }
  if (found.length > 0 && index === null) {
    return row === null
      ? context.fail(member.spelled, 'is an array that is not modelled as a whole', node)
      : { kind: 'array', table, field: field.field, row };
  }
  if (found.length === 0 && index !== null) return context.fail(member.spelled, 'is no array in the model', node);
  return {
    kind: 'place',
    place: { kind: 'field', table, field: field.field, row, index },
    type: found.type,
    as: readType(found.type, field.as),
  };
}

/** A member that stands for an expression of its owner. */
function meantBy(means: string, self: Value, node: CNode, context: Context): Value {
  const owner: Value =
    self.kind === 'object' && self.row !== null
      ? { kind: 'scalar', expr: self.row }
      : { kind: 'unit', table: self.kind === 'object' ? self.table : '' };
  return context.at(node, () => context.isolated(new Map([['self', owner]]), () => context.expression(context.names.meaning(means))));
}

function rowIn(object: { row: string; stride: number; offset: number | string }, owner: Expr | null, context: Context, node: CNode): Expr {
  const { constants, machine } = context.names.environment;
  if (!machine.tables.some((table) => table.name === object.row)) return context.fail(object.row, 'is no table of this machine', node);
  const type = refTo(object.row);
  let offset: Expr;
  if (typeof object.offset === 'string') {
    const found = constants.get(object.offset);
    if (found === undefined) return context.fail(object.offset, 'is no constant of this machine', node);
    offset = constant(found.value, found.type, object.offset);
  } else offset = constant(object.offset, intTypes.u32);
  if (object.stride === 0 || owner === null) return { op: 'rowAt', type, a: offset };
  const number: Expr = { op: 'indexOf', type: intTypes.u32, a: owner };
  const scaled: Expr = { op: 'binary', type: intTypes.u32, operator: '*', a: number, b: constant(object.stride, intTypes.u32) };
  return { op: 'rowAt', type, a: { op: 'binary', type: intTypes.u32, operator: '+', a: scaled, b: offset } };
}

/** The value of an identifier: local, constant, or what a binding says it means. */
export function nameValue(name: string, context: Context): Value | null {
  const local = context.lookup(name);
  if (local !== null) return local;
  const found = context.names.environment.constants.get(name);
  if (found !== undefined) return { kind: 'scalar', expr: constant(found.value, found.type, name) };
  return null;
}
