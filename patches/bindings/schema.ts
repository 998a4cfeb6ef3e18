/**
 * What a table of bindings says: how C's spellings, over the kernel's versions, map to the model.
 *
 * A table is data. It names tables, fields, constants and procedures of a machine and imports none of them;
 * what the machine at hand does not have is not bound.
 */
import { z } from 'zod';
import type { MachineDescription } from '../../compiler/ir/types.ts';
import { isWithin, type KernelVersion } from './version.ts';

/** A name in C, a member path (`arch.root_mmu`, `prev_roots[].hpa`; `->` and `.` are one), or a prefix that ends in `*`. */
const spelling = z.string().min(1).max(80);

/**
 * Where an entry holds: only with a machine that has, or has not, a table (`mmus`) or a field (`pages.unsync`), and in these versions of the
 * kernel. Without a machine nothing is taken that needs something of it; without a version the newest is meant.
 */
const when = z
  .strictObject({ has: z.string().optional(), lacks: z.string().optional(), from: z.string().optional(), until: z.string().optional() })
  .optional();
export type When = NonNullable<z.output<typeof when>>;

const typeBinding = z.strictObject({
  when,
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
    /** A pointer to something of which there is one, and no table: it is never null, and its members are bound under this name. */
    z.strictObject({ only: z.string() }),
  ]),
});
/** A member, or a pointer, that leads to a row of another table. */
const objectBinding = z.strictObject({
  when,
  of: z.string(),
  c: z.array(spelling).min(1),
  is: z.union([
    /** The row `stride * (row of the owner) + offset` is what stands there (an embedded struct). */
    z.strictObject({ row: z.string(), stride: z.int().min(0), offset: z.union([z.int().min(0), z.string()]) }),
    /** A field that holds a reference. */
    z.strictObject({ load: z.string() }),
    /** A pointer to the one row of a singleton table. */
    z.strictObject({ the: z.string() }),
    /** Something of which there is one, and no table. */
    z.strictObject({ only: z.string() }),
    /** An expression of C in which `self` is the owner. */
    z.strictObject({ means: z.string().min(1).max(200) }),
    /** The same row under another name (`vcpu->arch`). */
    z.strictObject({ same: z.literal(true) }),
  ]),
});
const fieldBinding = z.strictObject({
  when,
  of: z.string(),
  field: z.string(),
  c: z.array(spelling).min(1),
  /** What an integer field is in an expression: `s32` for what C promotes to int (bit fields, u8, int). */
  as: z.enum(['u32', 's32']).default('u32'),
});
/** A macro, constant or inline function, in terms of C that is bound otherwise. Arguments are evaluated once. */
const meaningBinding = z.strictObject({
  when,
  c: z.array(spelling).min(1),
  params: z.array(z.string()).default([]),
  means: z.string().min(1).max(400),
  /** It comes before a procedure of the model, and a function of the tree, of that name. */
  first: z.boolean().default(false),
  /** What it means instead where its (first) argument is a number of the model, not a row. */
  ofNumber: z.string().min(1).max(200).optional(),
});
const callBinding = z.strictObject({
  when,
  c: z.array(spelling).min(1),
  is: z.union([
    z.strictObject({ lock: z.enum(['acquire', 'release']), mode: z.enum(['exclusive', 'shared']) }),
    z.strictObject({ tryLock: z.enum(['exclusive', 'shared']) }),
    z.strictObject({ lockQuery: z.enum(['contended', 'heldExclusive', 'heldShared', 'held']) }),
    /** `WARN_ON(x)`: the value of x; it must be false. */
    z.strictObject({ assert: z.enum(['warn', 'bug']), when: z.boolean() }),
    /** `lockdep_assert_held_write(l)`; `property`: what is violated where it is not so, left out: that nothing warns. */
    z.strictObject({ assertHeld: z.enum(['heldExclusive', 'heldShared', 'held']), property: z.string().optional() }),
    /** `list_add(&sp->link, head)`, `list_empty(head)`. Those that do not name the list are procedures of the model. */
    z.strictObject({ list: z.enum(['add', 'addTail', 'isEmpty', 'first']) }),
    /** The place first, then operands; or the place at that position, from 0. */
    z.strictObject({
      atomic: z.enum(['compareExchange', 'exchange', 'fetchAnd', 'fetchOr', 'fetchAdd']),
      place: z.int().min(0).default(0),
    }),
    /** `try_cmpxchg64(place, &old, new)`: whether it was exchanged; `old` becomes what was there. */
    z.strictObject({ tryCompareExchange: z.literal(true) }),
    /** Of a pointer into a table's array: the row, or the index. */
    z.strictObject({ pointer: z.enum(['row', 'index']) }),
    /** Something of which there is one, and no table. */
    z.strictObject({ only: z.string() }),
    /** Of the one thing of its kind: how it was when it was found, where that is known (`seen`), or else this. */
    z.strictObject({ asFound: z.string().min(1).max(200) }),
    /** The row of that number. */
    z.strictObject({ rowAt: z.string() }),
    /** The number of the row. */
    z.strictObject({ rowNumber: z.literal(true) }),
    /** An operation on a list that other elements may be on, too: positions of the element and the list among the arguments, from 0, or from the end if negative. */
    z.strictObject({
      listOp: z.strictObject({
        operator: z.enum(['add', 'remove', 'contains', 'length']),
        element: z.int().nullable(),
        list: z.int(),
      }),
    }),
    /** `IS_ENABLED(CONFIG_X)`: as the tree is configured. */
    z.strictObject({ configured: z.literal(true) }),
    /** `call_rcu(&sp->rcu_head, …)`: the model's procedure takes the row that the place of the first argument lies in. */
    z.strictObject({ rowTo: z.string() }),
    /** A new row of a table, told by what is allocated from (a thing bound with `only`); from anything else comes nothing that the model has. */
    z.strictObject({ allocFrom: z.record(z.string(), z.string()) }),
    /** The row of the first argument exists no longer. */
    z.strictObject({ free: z.literal(true) }),
    /** `READ_ONCE(x)`, `unlikely(x)`: x. */
    z.strictObject({ value: z.literal(true) }),
    /** `WRITE_ONCE(x, y)`: x = y. */
    z.strictObject({ write: z.literal(true) }),
    /** Another name of a procedure of the model. */
    z.strictObject({ procedure: z.string() }),
    /** True or false at will: the scheduler's wish, contention, an allocation. */
    z.strictObject({ choose: z.string(), /** May the same answer repeat for ever. */ forEver: z.boolean().default(true) }),
  ]),
});
/**
 * How C called a procedure of the model in some versions, where it did not simply pass what the model's takes
 * (pointers to the VM aside, which always vanish).
 */
const contractBinding = z.strictObject({
  when,
  c: z.array(spelling).min(1),
  /** Versions, for the reader: `until 5.17`. */
  era: z.string(),
  /** Spelled types of C's parameters. */
  params: z.array(spelling),
  /** What the model's procedure takes: one of them, from 0, or an expression of C in which they are `a0`, `a1`, … */
  pass: z.array(z.union([z.int().min(0), z.string().min(1).max(200)])),
  /**
   * What a function with these parameters is given where the model calls it, besides what it passes: by position, an expression over the
   * parameters of the model's procedure; of a structure, an expression a member. Without them only functions of C can call it.
   */
  give: z.record(z.string().regex(/^\d+$/), z.union([z.string().max(200), z.record(z.string(), z.string().max(200))])).default({}),
  /**
   * What the model's gives, where C's function gives nothing, or a number that may be a code and the model a truth value: an expression over
   * `result` and `a0`, `a1`, … as they are behind the call.
   */
  gives: z.string().max(200).optional(),
  /** The model's procedure, if it has another name. */
  procedure: z.string().optional(),
  /** False: `pass` leaves out what C's callers mean, so they need the tree's own function, and call nothing of the model's by this contract. */
  fromC: z.boolean().default(true),
});
/** A structure that both C and the model have: members that are not simply those of the same name, as expressions over `self`, the other's. */
const structureBinding = z.strictObject({
  when,
  c: z.array(spelling).min(1),
  /** Members of the model's, of C's. One that C's has not, and that is not said, cannot be told. */
  shown: z.record(z.string(), z.string().max(400)).default({}),
  /**
   * Members of C's, of the model's (`pt_path[1]`: an element); other parameters of the model's procedure may be named, too, which it must have then.
   * Those that are not said, and that the model's has not, are 0.
   */
  given: z.record(z.string(), z.string().max(400)).default({}),
});
/** `list_for_each_entry(cursor, head, member) { … }`. */
const iterationBinding = z.strictObject({
  when,
  c: z.array(spelling).min(1),
  /** A list; or all rows of a table that exist and in which a flag is set; or the one thing there is. */
  over: z.union([z.literal('list'), z.strictObject({ rows: z.string(), where: z.string() }), z.strictObject({ once: z.literal(true) })]),
  direction: z.enum(['forward', 'backward']).default('forward'),
  /** Position of cursor, list and (for the safe forms) the second cursor among the arguments, from 0. */
  cursor: z.int(),
  list: z.int().default(0),
  next: z.int().nullable().default(null),
  /** A pointer to a list may lead to none, which is as an empty one. */
  optional: z.boolean().default(false),
});
export const bindingPartSchema = z.strictObject({
  subsystem: z.string(),
  types: z.array(typeBinding).default([]),
  objects: z.array(objectBinding).default([]),
  fields: z.array(fieldBinding).default([]),
  meanings: z.array(meaningBinding).default([]),
  calls: z.array(callBinding).default([]),
  contracts: z.array(contractBinding).default([]),
  structures: z.array(structureBinding).default([]),
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
  /** `of`: a table, something of which there is one, or a structure that is passed around (`struct kvm_gfn_range`). */
  ignorableFields: z.array(z.strictObject({ of: z.string(), c: z.array(spelling), when })).default([]),
  /** Parameters that point to a number of the caller, although their type may also point into a table: `u64 *spte`. */
  outParams: z.array(z.strictObject({ c: spelling, params: z.array(spelling) })).default([]),
  /** Numbers, and names of numbers, in a function's text that the model scales: the third write in a row floods a table. */
  scaledLiterals: z.array(z.strictObject({ when, c: spelling, literal: spelling, means: spelling })).default([]),
  /**
   * Macros with a number that the model scales, whatever it is in a tree: the model's constant, and what depends on how large it is, so that
   * who changes it is told why that cannot be judged.
   */
  scaledMacros: z
    .array(z.strictObject({ c: z.array(spelling).min(1), constant: spelling, decides: z.string().min(1).max(400) }))
    .default([]),
  /** Macros in C, which come before the tree's own: for macros that would lead out of the model. */
  macros: z.array(z.strictObject({ c: z.array(spelling).min(1), params: z.array(spelling), body: z.string().max(400), when })).default([]),
  /** Constants that leave of an address what a row is. */
  addressMasks: z.array(spelling).default([]),
  /** `guard(mutex)(&lock)`: what is done at once and at the end of the block; `x` is the argument. */
  guards: z.array(z.strictObject({ c: spelling, enter: z.string(), leave: z.string() })).default([]),
  /** Calls through a table of functions: `static_call(kvm_x86_flush_tlb_all)(vcpu)` calls the name, with `prefix` before it. */
  indirect: z.array(z.strictObject({ c: spelling, prefix: z.string() })).default([]),
  /** Types of pointers to something of the running thread's own, of which nobody else knows: a local of such a type is the thing itself. */
  ownPointers: z.array(spelling).default([]),
  /** What `sizeof` gives of a type, or of something whose type is that. */
  sizes: z.array(z.strictObject({ c: spelling, is: z.int().min(1).max(4096) })).default([]),
  /** Other names of types: `kvm_mn_ret_t` is `struct kvm_mmu_notifier_return`. */
  typedefs: z.array(z.strictObject({ c: spelling, is: spelling })).default([]),
  /** Structures that functions pass around: taken apart into their members, as the tree itself declares them. */
  records: z.array(spelling).default([]),
  /**
   * Members of such structures that point to the one thing of its kind, and of which it matters how it was when they were set: a truth value,
   * `now` gives it. `fault->slot` is the slot as the fault found it, which may be logged by now. Parameters of functions, too (`of`: the function).
   */
  seen: z.array(z.strictObject({ of: z.string(), c: z.array(spelling).min(1), now: z.string().min(1).max(200), when })).default([]),
  /**
   * Flags of requests whose absence some property of the model tells. Another flag that a patch drops or adds is not
   * modelled: the model may run with it, and nobody would see what it breaks.
   */
  judgedFlags: z.array(spelling).default([]),
  /**
   * Bits, and what is done to them, that the model has not: they are bound to nothing at all, so a function that has them can run. What a patch does
   * to a statement with one of them nobody would tell, so that is not modelled.
   */
  untold: z.array(spelling).default([]),
  /** Functions that keep something among themselves in another way than the model's do: all that a tree has of them replace the model's, or none. */
  together: z.array(z.strictObject({ when, c: z.array(spelling).min(2) })).default([]),
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
export type Meaning = Pick<Parsed['meanings'][number], 'params' | 'means' | 'ofNumber' | 'first'>;
export type Contract = Parsed['contracts'][number];
export type Structure = Pick<Parsed['structures'][number], 'shown' | 'given'>;
export type ScaledMacro = Pick<Parsed['scaledMacros'][number], 'constant' | 'decides'>;
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
  /** By spelled type. */
  readonly structures: ReadonlyMap<string, Structure>;
  readonly iterations: ReadonlyMap<string, Iteration>;
  readonly declarators: ReadonlyMap<string, { readonly row: string; readonly number: string }>;
  readonly attributes: ReadonlySet<string>;
  readonly annotations: ReadonlySet<string>;
  readonly pastings: ReadonlySet<string>;
  /** Names of parameters, by function. */
  readonly outParams: ReadonlyMap<string, readonly string[]>;
  /** By `function literal`. */
  readonly scaledLiterals: ReadonlyMap<string, string>;
  readonly scaledMacros: ReadonlyMap<string, ScaledMacro>;
  readonly addressMasks: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
  /** By spelled type, then by member: how the thing is now. */
  readonly seen: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly typedefs: ReadonlyMap<string, string>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly ownPointers: ReadonlySet<string>;
  readonly macros: ReadonlyMap<string, { readonly params: readonly string[]; readonly body: string }>;
  readonly guards: ReadonlyMap<string, { readonly enter: string; readonly leave: string }>;
  /** Prefixes by name. */
  readonly indirect: ReadonlyMap<string, string>;
  readonly judgedFlags: ReadonlySet<string>;
  readonly untold: ReadonlySet<string>;
  readonly customary: ReadonlyMap<string, string>;
  readonly together: readonly (readonly string[])[];
  readonly standIns: ReadonlyMap<string, readonly string[]>;
  isIgnorableCall(name: string): boolean;
  isIgnorableField(table: string, path: string): boolean;
}

/** For what bindings are put together. */
export interface BindingPlace {
  readonly machine?: MachineDescription;
  readonly version?: KernelVersion | null;
}

/** Puts parts together. Throws TypeError if two of them bind one spelling, or a part is ill-formed (ZodError). */
export function makeBindings(parts: readonly BindingPart[], place: BindingPlace = {}): Bindings {
  const all = parts.map((part) => {
    const parsed = bindingPartSchema.parse(part);
    const here = <E extends { when?: When | undefined }>(entries: readonly E[]): E[] => entries.filter((entry) => holds(entry.when, place));
    return {
      ...parsed,
      types: here(parsed.types),
      objects: here(parsed.objects),
      fields: here(parsed.fields),
      meanings: here(parsed.meanings),
      calls: here(parsed.calls),
      iterations: here(parsed.iterations),
      contracts: here(parsed.contracts),
      structures: here(parsed.structures),
    };
  });
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
    all.flatMap((part) => part.ignorableFields.filter((entry) => holds(entry.when, place))),
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
      ({ c: _, when: __, ...meaning }): Meaning => meaning,
    ),
    calls: byName(
      all.flatMap((part) => part.calls),
      (entry) => entry.is,
    ),
    contracts: grouped(all.flatMap((part) => part.contracts)),
    structures: byName(
      all.flatMap((part) => part.structures),
      ({ shown, given }): Structure => ({ shown, given }),
    ),
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
    outParams: new Map(all.flatMap((part) => part.outParams).map((entry) => [entry.c, entry.params])),
    scaledLiterals: new Map(
      all
        .flatMap((part) => part.scaledLiterals.filter((entry) => holds(entry.when, place)))
        .map((entry) => [`${entry.c} ${entry.literal}`, entry.means]),
    ),
    scaledMacros: byName(
      all.flatMap((part) => part.scaledMacros),
      ({ constant, decides }): ScaledMacro => ({ constant, decides }),
    ),
    macros: byName(
      all.flatMap((part) => part.macros.filter((entry) => holds(entry.when, place))),
      ({ params, body }) => ({ params, body }),
    ),
    guards: new Map(all.flatMap((part) => part.guards).map((entry) => [entry.c, entry])),
    indirect: new Map(all.flatMap((part) => part.indirect).map((entry) => [entry.c, entry.prefix])),
    addressMasks: new Set(all.flatMap((part) => part.addressMasks)),
    records: new Set(all.flatMap((part) => part.records)),
    seen: byTable(
      all.flatMap((part) => part.seen.filter((entry) => holds(entry.when, place))),
      ({ now }) => now,
    ),
    ownPointers: new Set(all.flatMap((part) => part.ownPointers)),
    sizes: new Map(all.flatMap((part) => part.sizes).map((entry) => [entry.c, entry.is])),
    typedefs: new Map(all.flatMap((part) => part.typedefs).map((entry) => [entry.c, entry.is])),
    judgedFlags: new Set(all.flatMap((part) => part.judgedFlags)),
    untold: new Set(all.flatMap((part) => part.untold)),
    customary: new Map(all.flatMap((part) => part.customary).map((entry) => [entry.c, entry.type])),
    together: all.flatMap((part) => part.together.filter((entry) => holds(entry.when, place)).map(({ c }) => c)),
    standIns: new Map(all.flatMap((part) => part.standIns).map((entry) => [entry.c, entry.procedures])),
    isIgnorableCall: (name) => ignorable.some((pattern) => matches(pattern, name)),
    isIgnorableField: (table, path) => [...(ignorableFields.get(table)?.keys() ?? [])].some((pattern) => matches(pattern, path)),
  };
}

function holds(when: When | undefined, { machine, version }: BindingPlace): boolean {
  if (when === undefined) return true;
  // Of no machine, nothing is said of what it has or lacks.
  if (machine === undefined && (when.has !== undefined || when.lacks !== undefined)) return false;
  const has = (name: string): boolean => {
    const [table, ...path] = name.split('.');
    const found = machine?.tables.find((one) => one.name === table);
    return found !== undefined && (path.length === 0 || found.fields.some((field) => field.path === path.join('.')));
  };
  if (when.has !== undefined && !has(when.has)) return false;
  if (when.lacks !== undefined && has(when.lacks)) return false;
  return version === undefined || version === null ? when.until === undefined : isWithin(version, when);
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
