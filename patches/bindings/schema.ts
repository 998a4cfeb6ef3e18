/**
 * What a table of bindings says: how C's spellings, over the kernel's versions, map to the model.
 *
 * A table is data. It names tables, fields, constants and procedures of a machine and imports none of them;
 * what the machine at hand does not have is not bound.
 */
import { z } from 'zod';

/** A name in C, a member path (`arch.root_mmu`, `prev_roots[].hpa`; `->` and `.` are one), or a prefix that ends in `*`. */
const spelling = z.string().min(1).max(80);

const typeBinding = z.strictObject({
  /** `unsigned long`, `hpa_t`, `struct kvm_mmu *`. */
  c: z.array(spelling).min(1),
  is: z.union([
    z.strictObject({ int: z.enum(['u8', 'u16', 'u32', 's8', 's16', 's32']) }),
    z.strictObject({ bool: z.literal(true) }),
    z.strictObject({ void: z.literal(true) }),
    /** The type of a field of the machine. */
    z.strictObject({ like: z.strictObject({ table: z.string(), field: z.string() }) }),
    /** A strong reference to a row. */
    z.strictObject({ ref: z.string() }),
    /** The place of an element of an array field. */
    z.strictObject({ pointer: z.strictObject({ table: z.string(), field: z.string() }) }),
    /** A pointer to the one row of a singleton table: carries no value, parameters of it vanish. */
    z.strictObject({ the: z.string() }),
  ]),
});
/** A member, or a pointer, that leads to a row of another table. */
const objectBinding = z.strictObject({
  of: z.string(),
  c: z.array(spelling).min(1),
  is: z.union([
    /** The row `stride * (row of the owner) + offset` is what stands there (an embedded struct). */
    z.strictObject({ row: z.string(), stride: z.int().min(0), offset: z.union([z.int().min(0), z.string()]) }),
    /** A field that holds a reference. */
    z.strictObject({ load: z.string() }),
    /** A pointer to the one row of a singleton table. */
    z.strictObject({ the: z.string() }),
    /** The same row under another name (`vcpu->arch`). */
    z.strictObject({ same: z.literal(true) }),
  ]),
});
const fieldBinding = z.strictObject({
  of: z.string(),
  field: z.string(),
  c: z.array(spelling).min(1),
  /** What an integer field is in an expression: `s32` for what C promotes to int (bit fields, u8, int). */
  as: z.enum(['u32', 's32']).default('u32'),
});
/** A macro, constant or inline function, in terms of C that is bound otherwise. Arguments are evaluated once. */
const meaningBinding = z.strictObject({
  c: z.array(spelling).min(1),
  params: z.array(z.string()).default([]),
  means: z.string().min(1).max(200),
  /** What it means instead where its (first) argument is a number of the model, not a row. */
  ofNumber: z.string().min(1).max(200).optional(),
});
const callBinding = z.strictObject({
  c: z.array(spelling).min(1),
  is: z.union([
    z.strictObject({ lock: z.enum(['acquire', 'release']), mode: z.enum(['exclusive', 'shared']) }),
    z.strictObject({ tryLock: z.enum(['exclusive', 'shared']) }),
    z.strictObject({ lockQuery: z.enum(['contended', 'heldExclusive', 'heldShared', 'held']) }),
    /** `WARN_ON(x)`: the value of x; it must be false. */
    z.strictObject({ assert: z.enum(['warn', 'bug']), when: z.boolean() }),
    /** `lockdep_assert_held_write(l)`. */
    z.strictObject({ assertHeld: z.enum(['heldExclusive', 'heldShared', 'held']) }),
    /** `list_add(&sp->link, head)`, `list_empty(head)`. Those that do not name the list are procedures of the model. */
    z.strictObject({ list: z.enum(['add', 'addTail', 'isEmpty']) }),
    /** Operand order of the C call: the place first, then operands. */
    z.strictObject({ atomic: z.enum(['compareExchange', 'exchange', 'fetchAnd', 'fetchOr', 'fetchAdd']) }),
    /** `READ_ONCE(x)`, `unlikely(x)`: x. */
    z.strictObject({ value: z.literal(true) }),
    /** `WRITE_ONCE(x, y)`: x = y. */
    z.strictObject({ write: z.literal(true) }),
    /** Another name of a procedure of the model. */
    z.strictObject({ procedure: z.string() }),
    /** True or false at will: the scheduler's wish, contention, an allocation. */
    z.strictObject({ choose: z.string() }),
  ]),
});
/**
 * How C called a procedure of the model in some versions, where it did not simply pass what the model's takes
 * (pointers to the VM aside, which always vanish).
 */
const contractBinding = z.strictObject({
  c: z.array(spelling).min(1),
  /** Versions, for the reader: `until 5.17`. */
  era: z.string(),
  /** Spelled types of C's parameters. */
  params: z.array(spelling),
  /** Which of them the model's procedure takes, from 0. */
  pass: z.array(z.int().min(0)),
  /** The model's procedure, if it has another name. */
  procedure: z.string().optional(),
});
/** `list_for_each_entry(cursor, head, member) { … }`. */
const iterationBinding = z.strictObject({
  c: z.array(spelling).min(1),
  over: z.literal('list'),
  direction: z.enum(['forward', 'backward']),
  /** Position of cursor, list and (for the safe forms) the second cursor among the arguments, from 0. */
  cursor: z.int(),
  list: z.int(),
  next: z.int().nullable(),
});
export const bindingPartSchema = z.strictObject({
  subsystem: z.string(),
  types: z.array(typeBinding).default([]),
  objects: z.array(objectBinding).default([]),
  fields: z.array(fieldBinding).default([]),
  meanings: z.array(meaningBinding).default([]),
  calls: z.array(callBinding).default([]),
  contracts: z.array(contractBinding).default([]),
  iterations: z.array(iterationBinding).default([]),
  /** Names that C declares with a macro: `LIST_HEAD(name)` is the row `row` of `table`. */
  declarators: z.array(z.strictObject({ c: z.array(spelling), row: z.string(), number: z.string() })).default([]),
  /** Words that say nothing about what happens, blanked before parsing. */
  attributes: z.array(spelling).default([]),
  /** Such words with an argument: `__must_hold(x)`. */
  annotations: z.array(spelling).default([]),
  /** Macros that make a name of their argument: `FNAME(fetch)` is read as the one word `FNAME_fetch`. */
  pastings: z.array(spelling).default([]),
  /** Calls and fields without an effect that the model has; prefixes end in `*`. */
  ignorableCalls: z.array(spelling).default([]),
  ignorableFields: z.array(z.strictObject({ of: z.string(), c: z.array(spelling) })).default([]),
  /**
   * Flags of requests whose absence some property of the model tells. Another flag that a patch drops or adds is not
   * modelled: the model may run with it, and nobody would see what it breaks.
   */
  judgedFlags: z.array(spelling).default([]),
  /** Names that the kernel gives to what it passes around: for pieces of functions, whose declarations are not shown. */
  customary: z.array(z.strictObject({ c: spelling, type: spelling })).default([]),
  /** A kernel function that several model procedures stand for: where partial hunks of it may be found. */
  standIns: z.array(z.strictObject({ c: spelling, procedures: z.array(z.string()).min(1) })).default([]),
});
export type BindingPart = z.input<typeof bindingPartSchema>;
type Parsed = z.output<typeof bindingPartSchema>;
export type TypeMeaning = Parsed['types'][number]['is'];
export type ObjectMeaning = Parsed['objects'][number]['is'];
export type CallMeaning = Parsed['calls'][number]['is'];
export type Meaning = Pick<Parsed['meanings'][number], 'params' | 'means' | 'ofNumber'>;
export type Contract = Parsed['contracts'][number];
export type Iteration = Parsed['iterations'][number];

/** All parts together, looked up by C's spelling. Maps, never objects: names are a stranger's. */
export interface Bindings {
  readonly types: ReadonlyMap<string, TypeMeaning>;
  /** By table, then by member path. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, ObjectMeaning>>;
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, { readonly field: string; readonly as: 'u32' | 's32' }>>;
  readonly meanings: ReadonlyMap<string, Meaning>;
  readonly calls: ReadonlyMap<string, CallMeaning>;
  /** Contracts by C's name, one per group of versions. */
  readonly contracts: ReadonlyMap<string, readonly Contract[]>;
  readonly iterations: ReadonlyMap<string, Iteration>;
  readonly declarators: ReadonlyMap<string, { readonly row: string; readonly number: string }>;
  readonly attributes: ReadonlySet<string>;
  readonly annotations: ReadonlySet<string>;
  readonly pastings: ReadonlySet<string>;
  readonly judgedFlags: ReadonlySet<string>;
  readonly customary: ReadonlyMap<string, string>;
  readonly standIns: ReadonlyMap<string, readonly string[]>;
  isIgnorableCall(name: string): boolean;
  isIgnorableField(table: string, path: string): boolean;
}

/** Puts parts together. Throws TypeError if two of them bind one spelling, or a part is ill-formed (ZodError). */
export function makeBindings(parts: readonly BindingPart[]): Bindings {
  const all = parts.map((part) => bindingPartSchema.parse(part));
  const byTable = <E extends { of: string; c: string[] }, V>(entries: readonly E[], value: (entry: E) => V) => {
    const tables = new Map<string, Map<string, V>>();
    for (const entry of entries) {
      const table = tables.get(entry.of) ?? new Map<string, V>();
      tables.set(entry.of, table);
      for (const name of entry.c) put(table, name, value(entry));
    }
    return tables;
  };
  const byName = <E extends { c: string[] }, V>(entries: readonly E[], value: (entry: E) => V) => {
    const map = new Map<string, V>();
    for (const entry of entries) for (const name of entry.c) put(map, name, value(entry));
    return map;
  };
  const ignorable = all.flatMap((part) => part.ignorableCalls);
  const ignorableFields = byTable(
    all.flatMap((part) => part.ignorableFields),
    () => true,
  );
  return {
    types: byName(
      all.flatMap((part) => part.types),
      (entry) => entry.is,
    ),
    objects: byTable(
      all.flatMap((part) => part.objects),
      (entry) => entry.is,
    ),
    fields: byTable(
      all.flatMap((part) => part.fields),
      (entry) => ({ field: entry.field, as: entry.as }),
    ),
    meanings: byName(
      all.flatMap((part) => part.meanings),
      ({ c: _, ...meaning }): Meaning => meaning,
    ),
    calls: byName(
      all.flatMap((part) => part.calls),
      (entry) => entry.is,
    ),
    contracts: grouped(all.flatMap((part) => part.contracts)),
    iterations: byName(
      all.flatMap((part) => part.iterations),
      (entry) => entry,
    ),
    declarators: byName(
      all.flatMap((part) => part.declarators),
      (entry) => ({ row: entry.row, number: entry.number }),
    ),
    attributes: new Set(all.flatMap((part) => part.attributes)),
    annotations: new Set(all.flatMap((part) => part.annotations)),
    pastings: new Set(all.flatMap((part) => part.pastings)),
    judgedFlags: new Set(all.flatMap((part) => part.judgedFlags)),
    customary: new Map(all.flatMap((part) => part.customary).map((entry) => [entry.c, entry.type])),
    standIns: new Map(all.flatMap((part) => part.standIns).map((entry) => [entry.c, entry.procedures])),
    isIgnorableCall: (name) => ignorable.some((pattern) => matches(pattern, name)),
    isIgnorableField: (table, path) => [...(ignorableFields.get(table)?.keys() ?? [])].some((pattern) => matches(pattern, path)),
  };
}

function grouped(entries: readonly Contract[]): Map<string, Contract[]> {
  const map = new Map<string, Contract[]>();
  for (const entry of entries) for (const name of entry.c) map.set(name, [...(map.get(name) ?? []), entry]);
  return map;
}

function put<V>(map: Map<string, V>, name: string, value: V): void {
  if (map.has(name)) throw new TypeError(`two bindings for ${name}`);
  map.set(name, value);
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
