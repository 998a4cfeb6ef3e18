/**
 * Places: `vm.mmu_lock`, `pages[sp].role.level`, `prev.hpa` behind an alias, `at(p)`.
 *
 * In: member expressions. Out: partial and whole places, loads. Never: a load where only the place is asked for.
 */
import type { Expression } from 'oxc-parser';
import { sameType } from '../../ir/typeRelations.ts';
import { type Expr, type FieldDescription, intTypes, type Place, type ScalarType } from '../../ir/types.ts';
import type { Span } from '../source.ts';
import { showType } from '../types.ts';
import { type Binding, type FunctionContext, local, type PartialPlace, typed, type Value } from './context.ts';
import { plain } from './convert.ts';

export interface WholePlace {
  readonly place: Place;
  readonly field: FieldDescription;
}
type Chain =
  | { readonly kind: 'place'; readonly place: PartialPlace }
  | { readonly kind: 'member'; readonly binding: Extract<Binding, { kind: 'record' }>; readonly path: string }
  | { readonly kind: 'table'; readonly table: string };

/** The place or record member that an expression names, or null if it is neither. Evaluates row and index. */
export function chainOf(cx: FunctionContext, node: Expression): Chain | null {
  if (node.type === 'Identifier') return baseOf(cx, node.name);
  if (node.type !== 'MemberExpression') return null;
  if (node.optional) cx.refuse('MM101', node, 'optional chaining');
  const chain = chainOf(cx, node.object);
  if (chain === null) return null;
  if (node.computed) return indexed(cx, chain, node.property, node);
  if (node.property.type !== 'Identifier') return cx.refuse('MM101', node.property, 'private names');
  const name = node.property.name;
  switch (chain.kind) {
    case 'table':
      return cx.refuse('MM113', node, `${chain.table} has several rows: ${chain.table}[row].${name}`);
    case 'member':
      return { ...chain, path: joined(chain.path, name) };
    case 'place': {
      const place = { ...chain.place, path: joined(chain.place.path, name) };
      if (fieldsAt(cx, place).length === 0) cx.refuse('MM112', node.property, `${place.table} has no field ${place.path}`);
      return { kind: 'place', place };
    }
  }
}

function baseOf(cx: FunctionContext, name: string): Chain | null {
  const binding = cx.lookup(name);
  if (binding?.kind === 'alias') return { kind: 'place', place: binding.place };
  if (binding?.kind === 'record') return { kind: 'member', binding, path: '' };
  if (binding?.kind === 'refused') return cx.follow();
  if (binding !== null) return null;
  const table = cx.machine.tables.find((candidate) => candidate.name === name);
  if (table === undefined) return null;
  return table.singleton ? { kind: 'place', place: { table: name, row: null, path: '', index: null } } : { kind: 'table', table: name };
}

function indexed(cx: FunctionContext, chain: Chain, property: Expression, node: Span): Chain {
  if (chain.kind === 'member') return cx.refuse('MM114', node, 'records have no arrays');
  if (chain.kind === 'table') {
    return { kind: 'place', place: { table: chain.table, row: rowOf(cx, chain.table, property), path: '', index: null } };
  }
  const { place } = chain;
  const lengths = fieldsAt(cx, place).map((field) => field.length);
  const length = lengths[0] ?? 0;
  if (place.path === '' || place.index !== null || length === 0)
    cx.refuse('MM114', property, `${place.table}.${place.path} is not an array`);
  const mark = cx.out.length;
  const value = cx.lower.value(cx, property, intTypes.u32);
  const given = plain(cx, value, property, intTypes.u32);
  const index = given.op === 'const' && given.type.kind === 'int' ? { ...given, type: given.value < 0 ? given.type : intTypes.u32 } : given;
  if (index.type.kind !== 'int') cx.refuse('MM114', property, `an index is an integer, not ${showType(index.type)}`);
  if (index.op === 'const' && (index.value < 0 || index.value >= length))
    cx.refuse('MM114', property, `index ${index.value} of ${length} elements`);
  const row = place.row && (cx.protect(mark, node, [place.row])[0] ?? place.row);
  return { kind: 'place', place: { ...place, row, index } };
}

function rowOf(cx: FunctionContext, table: string, node: Expression): Expr {
  const value = cx.lower.value(cx, node);
  if (value.kind !== 'typed') return cx.refuse('MM113', node, `${cx.source.textOf(node)} is not a row of ${table}`);
  const wanted: ScalarType = { kind: 'ref', table, strong: true, specials: 0 };
  if (!sameType(value.expr.type, wanted)) cx.refuse('MM113', node, `${showType(value.expr.type)} is not ${showType(wanted)}`);
  return value.expr;
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
function fieldsAt(cx: FunctionContext, place: PartialPlace): readonly FieldDescription[] {
  const table = cx.machine.tables.find((candidate) => candidate.name === place.table);
  return (table?.fields ?? []).filter((field) => place.path === '' || field.path === place.path || field.path.startsWith(`${place.path}.`));
}

/** The field of exactly this path, or null: a row, or part of one. */
export function fieldAt(cx: FunctionContext, partial: PartialPlace): FieldDescription | null {
  return fieldsAt(cx, partial).find((candidate) => candidate.path === partial.path) ?? null;
}

/** The field that a partial place names, if it names a whole one. */
export function wholeOf(cx: FunctionContext, partial: PartialPlace, span: Span): WholePlace {
  const field = fieldAt(cx, partial);
  if (field === null) return cx.refuse('MM115', span, `${cx.source.textOf(span)} has several fields`);
  if (field.length > 0 && partial.index === null)
    cx.refuse('MM114', span, `${partial.table}.${field.path} has ${field.length} elements: give an index`);
  return { place: { kind: 'field', table: partial.table, field: field.path, row: partial.row, index: partial.index }, field };
}

/** The place that an expression names: a field, or `at(p)`. Refused if it is anything else. */
export function placeOfExpression(cx: FunctionContext, node: Expression): WholePlace {
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'at' && node.arguments.length === 1) {
    const argument = node.arguments[0];
    if (argument !== undefined && argument.type !== 'SpreadElement') return throughPointer(cx, argument);
  }
  const chain = chainOf(cx, node);
  if (chain?.kind !== 'place') return cx.refuse('MM117', node, `${cx.source.textOf(node)} is not a field`);
  return wholeOf(cx, chain.place, node);
}

export function throughPointer(cx: FunctionContext, node: Expression): WholePlace {
  const value = cx.lower.value(cx, node);
  if (value.kind !== 'typed' || value.expr.type.kind !== 'pointer')
    return cx.refuse('MM117', node, `${cx.source.textOf(node)} is not a pointer`);
  const { table, field } = value.expr.type;
  const description = cx.machine.tables.find((candidate) => candidate.name === table)?.fields.find((candidate) => candidate.path === field);
  if (description === undefined) return cx.refuse('MM112', node, `${table} has no field ${field}`);
  return { place: { kind: 'pointer', table, field, pointer: value.expr }, field: description };
}

/** The scalar type of a field, or a refusal: locks and lists have no value. */
export function scalarField(cx: FunctionContext, { field }: WholePlace, span: Span): ScalarType {
  if (field.type.kind === 'lock' || field.type.kind === 'list')
    return cx.refuse('MM115', span, `${cx.source.textOf(span)} is a ${field.type.kind}`);
  return field.type;
}
/** The type that a field has once it is read: integers are C's. */
export function readType(type: ScalarType): ScalarType {
  if (type.kind !== 'int') return type;
  return type.min < 0 ? intTypes.s32 : intTypes.u32;
}

/** One read of a place. */
export function load(cx: FunctionContext, whole: WholePlace, span: Span): Value {
  const type = readType(scalarField(cx, whole, span));
  const dst = cx.temporary(type);
  cx.emit(span, { kind: 'load', dst, place: whole.place });
  return typed(local(dst, type));
}

/** The local of a record's member. */
export function memberLocal(cx: FunctionContext, chain: Extract<Chain, { kind: 'member' }>, span: Span): Extract<Expr, { op: 'local' }> {
  const member = chain.binding.type.members.find((candidate) => candidate.path === chain.path);
  if (member !== undefined) return { op: 'local', type: member.type, local: `${chain.binding.local}.${member.path}` };
  const known = chain.path === '' || chain.binding.type.members.some((candidate) => candidate.path.startsWith(`${chain.path}.`));
  if (known) return cx.refuse('MM115', span, `${cx.source.textOf(span)} is a record`);
  return cx.refuse('MM112', span, `${chain.binding.type.name} has no member ${chain.path}`);
}
