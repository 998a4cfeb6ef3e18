/**
 * How a machine is written: zod schemas with a few words of our own, from which the layout, the
 * TypeScript types, validation and arbitraries all come.
 *
 * In: zod. Out: `describeMachine`. Never: a word of KVM.
 */
import { z } from 'zod';
import type { FieldDescription, FieldType, MachineDescription, OutOfRange, TableDescription } from '../ir/types.ts';
import type { List, Lock, Pointer, Ref, Root, Tag } from '../subset/vocabulary.ts';

/** What a field of a schema is, kept beside the zod type that validates its decoded value. */
interface FieldMeta {
  readonly type: FieldType;
  readonly ghost: boolean;
}
interface TableMeta {
  readonly rows: number;
  readonly singleton: boolean;
  readonly dynamic: boolean;
}
const fieldMeta = new WeakMap<z.ZodType, FieldMeta>();
const tableMeta = new WeakMap<z.ZodType, TableMeta>();

function field<S extends z.ZodType>(schema: S, type: FieldType): S {
  fieldMeta.set(schema, { type, ghost: false });
  return schema;
}

/** 0..max. Leaving the range is a model bound, unless `rules` says what the kernel would see. */
export function uint(max: number, rules: { overflow?: OutOfRange; underflow?: OutOfRange } = {}) {
  return field(z.int().min(0).max(max), {
    kind: 'int',
    min: 0,
    max,
    overflow: rules.overflow ?? 'bound',
    underflow: rules.underflow ?? 'bound',
  });
}
/** A reference count of the kernel: below zero is a violation, above max a model bound. */
export function counter(max: number) {
  return uint(max, { underflow: 'fault' });
}
/** A ghost counter that stays at max. */
export function saturating(max: number) {
  return uint(max, { overflow: 'saturate', underflow: 'saturate' });
}
/** min..max, signed. */
export function sint(min: number, max: number) {
  // A row that is allocated has all its fields 0.
  if (min > 0 || max < 0) throw new TypeError(`a field's range holds 0: ${min}..${max}`);
  return field(z.int().min(min).max(max), { kind: 'int', min, max, overflow: 'bound', underflow: 'bound' });
}
/** `bits` wide, wrapping. */
export function bits(width: number) {
  const max = 2 ** width - 1;
  return uint(max, { overflow: 'wrap', underflow: 'wrap' });
}
export function flag() {
  return field(z.boolean(), { kind: 'bool' });
}
export function ref<T extends string>(table: T) {
  return field(z.int().min(0) as unknown as z.ZodType<Ref<T>>, { kind: 'ref', table, strong: true, specials: 0 });
}
export function tag<T extends string>(table: T) {
  return field(z.int().min(0) as unknown as z.ZodType<Tag<T>>, { kind: 'ref', table, strong: false, specials: 0 });
}
export function root<T extends string, N extends number>(table: T, specials: N) {
  return field(z.int().min(0) as unknown as z.ZodType<Root<T, N>>, { kind: 'ref', table, strong: true, specials });
}
export function rootTag<T extends string, N extends number>(table: T, specials: N) {
  return field(z.int().min(0) as unknown as z.ZodType<Tag<T> & Root<T, N>>, { kind: 'ref', table, strong: false, specials });
}
export function pointer<T extends string, F extends string>(table: T, path: F) {
  return field(z.int().min(0) as unknown as z.ZodType<Pointer<T, F>>, { kind: 'pointer', table, field: path });
}
export function mutex() {
  return field(z.unknown() as unknown as z.ZodType<Lock>, { kind: 'lock', flavour: 'mutex', writerPreference: false });
}
export function rwlock(options: { writerPreference: boolean }) {
  return field(z.unknown() as unknown as z.ZodType<Lock>, { kind: 'lock', flavour: 'rwlock', writerPreference: options.writerPreference });
}
/** An ordered list of references or pointers. */
export function list<E>(element: z.ZodType<E>, capacity: number) {
  const meta = fieldMeta.get(element);
  if (meta === undefined || (meta.type.kind !== 'ref' && meta.type.kind !== 'pointer'))
    throw new TypeError('a list holds references or pointers');
  return field(z.unknown() as unknown as z.ZodType<List<E>>, { kind: 'list', element: meta.type, capacity });
}
/** Marks a field as written by ghost statements and hooks only. */
export function ghost<S extends z.ZodType>(schema: S): S {
  const meta = fieldMeta.get(schema);
  if (meta === undefined) throw new TypeError('ghost() takes a field');
  const copy = schema.clone() as S;
  fieldMeta.set(copy, { ...meta, ghost: true });
  return copy;
}
/** `length` elements of a field, or of an object of fields. */
export function array<S extends z.ZodType>(element: S, length: number) {
  return z.array(element).length(length);
}

/** One row, no index. */
export function singletonTable<S extends z.ZodRawShape>(shape: S) {
  return tableOf(shape, { rows: 1, singleton: true, dynamic: false });
}
/** Rows that always exist. */
export function staticTable<S extends z.ZodRawShape>(rowCount: number, shape: S) {
  return tableOf(shape, { rows: rowCount, singleton: false, dynamic: false });
}
/** Rows that come and go by `alloc` and `free`. */
export function dynamicTable<S extends z.ZodRawShape>(rowCount: number, shape: S) {
  return tableOf(shape, { rows: rowCount, singleton: false, dynamic: true });
}
function tableOf<S extends z.ZodRawShape>(shape: S, meta: TableMeta) {
  const schema = z.object(shape);
  tableMeta.set(schema, meta);
  return schema;
}

/** The tables of a machine, in the order of the object. Throws TypeError on a schema without our words. */
export function describeMachine(tables: Readonly<Record<string, z.ZodObject>>): MachineDescription {
  return { tables: Object.entries(tables).map(([name, schema]) => describeTable(name, schema)) };
}
function describeTable(name: string, schema: z.ZodObject): TableDescription {
  const meta = tableMeta.get(schema);
  if (meta === undefined) throw new TypeError(`table ${name}: made by singletonTable, staticTable or dynamicTable`);
  return { name, ...meta, fields: fieldsOf(name, '', schema, 0) };
}
function fieldsOf(table: string, prefix: string, schema: z.ZodObject, length: number): FieldDescription[] {
  return Object.entries(schema.shape).flatMap(([key, value]) =>
    describeField(table, prefix === '' ? key : `${prefix}.${key}`, value as z.ZodType, length),
  );
}
function describeField(table: string, path: string, schema: z.ZodType, length: number): FieldDescription[] {
  const meta = fieldMeta.get(schema);
  if (meta !== undefined) return [{ path, length, type: meta.type, ghost: meta.ghost }];
  if (schema instanceof z.ZodObject) return fieldsOf(table, path, schema, length);
  if (schema instanceof z.ZodArray) {
    if (length > 0) throw new TypeError(`${table}.${path}: one dimension of array at most`);
    const size = arrayLength(schema);
    return describeField(table, path, schema.element as z.ZodType, size);
  }
  throw new TypeError(`${table}.${path}: not a field of the machine vocabulary`);
}
function arrayLength(schema: z.ZodArray): number {
  for (const check of schema.def.checks ?? []) {
    const def = check._zod.def as { check: string; length?: number };
    if (def.check === 'length_equals' && def.length !== undefined) return def.length;
  }
  throw new TypeError('an array of the machine has a fixed length: use array()');
}
