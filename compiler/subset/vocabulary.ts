/**
 * The words that models are written with, beside plain TypeScript.
 *
 * In: nothing. Out: types for the editor, and functions that only the compiler understands. Model text
 * is read by the compiler's front end, never run: each function here throws if somebody does run it.
 * Never: a word of KVM.
 */

// Integers by width. All of them are `number` to an editor; the front end tells them apart.
// Arithmetic wraps in u8 … s32 as in C, and never in Small: leaving 0..N ends the run as incomplete.
export type u8 = number;
export type u16 = number;
export type u32 = number;
export type s8 = number;
export type s16 = number;
export type s32 = number;
/** 0..N, N a literal. A local that is kept over a preemption point costs log2(N + 1) bits of state. */
export type Small<N extends number> = number & { readonly __small?: N };
export type bool = boolean;

declare const brand: unique symbol;
/** Strong reference to a row of table T: dereferenced, checked for life, made dangling by `free`. */
export type Ref<T extends string> = number & { readonly [brand]: { readonly table: T; readonly reference: true } };
/** Weak reference: compared only. */
export type Tag<T extends string> = number & { readonly [brand]: { readonly table: T; readonly tag: true } };
/** A strong reference that may also be one of `N` special values without a row behind them. */
export type Root<T extends string, N extends number> = number & { readonly [brand]: { readonly table: T; readonly root: N } };
/** Place of one element of array field F of table T. */
export type Pointer<T extends string, F extends string> = number & { readonly [brand]: { readonly pointer: readonly [T, F] } };
/** A list of references or pointers, only for the list primitives. */
export type List<E> = { readonly __list: E };
/** A lock, only for the lock primitives. */
export type Lock = { readonly __lock: true };
/** A parameter that gives a value back; callers declare `const n: Out<u32> = { value: 0 }` and pass `n`. */
export interface Out<T> {
  value: T;
}
/** The rows of a table, indexed by references to it and nothing else. */
export type Rows<T extends string, R> = { [K in Ref<T>]: R };

/** No row, for every kind of reference and pointer. */
export const NULL = 0 as never;

function onlyCompiled(): never {
  throw new Error('model text is compiled, not run: this function has no meaning outside a compiled system');
}

/** For machine files: the name under which procedures reach a table. */
export function rows<T extends string, R>(table: T): Rows<T, R> {
  return new Proxy({} as Rows<T, R>, { get: () => onlyCompiled() }) as Rows<T, R> & { readonly __name?: T } & typeof table;
}
/** For machine files: the one row of a singleton table. */
export function singleton<R extends object>(_table: string): R {
  return new Proxy({} as R, { get: () => onlyCompiled() });
}

// References
export const rowAt: <T extends string, R>(table: Rows<T, R>, index: u32) => Ref<T> = onlyCompiled;
export const indexOf: (ref: number) => u32 = onlyCompiled;
/** The same row as a tag. */
export const tagOf: <T extends string>(ref: Ref<T>) => Tag<T> = onlyCompiled;
/** A strong reference as a root value. */
export const rootOf: <T extends string, N extends number>(ref: Ref<T>) => Root<T, N> = onlyCompiled;
/** The row behind a root value: NULL for special ones. */
export const rowOf: <T extends string, N extends number>(root: Root<T, N>) => Ref<T> = onlyCompiled;
/** The n-th special root value, from 0. */
export const specialRoot: <T extends string, N extends number>(n: u32) => Root<T, N> = onlyCompiled;
/** `pointerTo(pages, sp, 'spt', i)` is the place `pages[sp].spt[i]`. */
export const pointerTo: <T extends string, R, F extends string>(table: Rows<T, R>, row: Ref<T>, field: F, index: u32) => Pointer<T, F> =
  onlyCompiled;
export const pointerRow: <T extends string, F extends string>(p: Pointer<T, F>) => Ref<T> = onlyCompiled;
export const pointerIndex: <T extends string, F extends string>(p: Pointer<T, F>) => u32 = onlyCompiled;
/** One read, or write, through a pointer. Places of other primitives may be written `at(p)`, too. */
export const at: <T extends string, F extends string>(p: Pointer<T, F>) => u32 = onlyCompiled;
export const put: <T extends string, F extends string>(p: Pointer<T, F>, value: u32) => void = onlyCompiled;

// Rows
export const alloc: <T extends string, R>(table: Rows<T, R>) => Ref<T> = onlyCompiled;
export const free: <T extends string>(ref: Ref<T>) => void = onlyCompiled;
/** For predicates: is this row allocated? (Takes a row made by `rowAt`; never faults.) */
export const isAllocated: <T extends string>(ref: Ref<T>) => bool = onlyCompiled;
/** For predicates: does this strong reference dangle? */
export const isDangling: (ref: number) => bool = onlyCompiled;

// Locks. A mutex (or spinlock) is taken `exclusive`ly.
export const acquire: (lock: Lock) => void = onlyCompiled;
export const release: (lock: Lock) => void = onlyCompiled;
export const tryAcquire: (lock: Lock) => bool = onlyCompiled;
export const acquireShared: (lock: Lock) => void = onlyCompiled;
export const releaseShared: (lock: Lock) => void = onlyCompiled;
export const tryAcquireShared: (lock: Lock) => bool = onlyCompiled;
export const isContended: (lock: Lock) => bool = onlyCompiled;
export const holdsExclusive: (lock: Lock) => bool = onlyCompiled;
export const holdsShared: (lock: Lock) => bool = onlyCompiled;
export const holds: (lock: Lock) => bool = onlyCompiled;

// Lists: head first. `listAdd` faults if the element is on the list; `…Exclusive` if it is on any list of the field.
export const listAdd: <E>(list: List<E>, element: E) => void = onlyCompiled;
export const listAddTail: <E>(list: List<E>, element: E) => void = onlyCompiled;
export const listAddExclusive: <E>(list: List<E>, element: E) => void = onlyCompiled;
export const listAddTailExclusive: <E>(list: List<E>, element: E) => void = onlyCompiled;
export const listRemove: <E>(list: List<E>, element: E) => void = onlyCompiled;
export const listContains: <E>(list: List<E>, element: E) => bool = onlyCompiled;
export const listLength: <E>(list: List<E>) => u32 = onlyCompiled;
export const listIsEmpty: <E>(list: List<E>) => bool = onlyCompiled;
/** NULL if empty. */
export const listFirst: <E>(list: List<E>) => E = onlyCompiled;
export const listLast: <E>(list: List<E>) => E = onlyCompiled;
/** NULL at the end. Faults if the element is not on the list: a stale cursor. */
export const listNext: <E>(list: List<E>, element: E) => E = onlyCompiled;
export const listPrevious: <E>(list: List<E>, element: E) => E = onlyCompiled;

// Atomic read-modify-write. The place is written as an expression.
/** Value before; exchanged if it equals `expected`. */
export const compareExchange: <V>(place: V, expected: V, desired: V) => V = onlyCompiled;
export const exchange: <V>(place: V, value: V) => V = onlyCompiled;
export const fetchAnd: (place: u32, mask: u32) => u32 = onlyCompiled;
export const fetchOr: (place: u32, mask: u32) => u32 = onlyCompiled;
export const fetchAdd: (place: u32, amount: u32) => u32 = onlyCompiled;

// Control
export const self: () => u32 = onlyCompiled;
/** A free choice of 0..count-1, named in traces. Labels are literals. */
export const choose: (label: string, count: number) => u32 = onlyCompiled;
export const chooseBool: (label: string) => bool = onlyCompiled;
/** As chooseBool; the answer true may not be given for ever (for progress properties). */
export const chooseFair: (label: string) => bool = onlyCompiled;
export const assume: (condition: bool) => void = onlyCompiled;
/** Blocks until the condition, whose reads all happen at once, is true. */
export const wait: (condition: bool, label?: string) => void = onlyCompiled;
/** The same; a process blocked here is at rest. */
export const idleUntil: (condition: bool) => void = onlyCompiled;
export const preempt: () => void = onlyCompiled;
/** The path goes on; `property` is the id of the property that is violated (default: the assertion's own). */
export const WARN_ON: (condition: bool, property?: string) => bool = onlyCompiled;
/** The path ends. */
export const BUG_ON: (condition: bool, property?: string) => void = onlyCompiled;
/** Counts that this place was reached. */
export const mark: (name: string) => void = onlyCompiled;
// `ghost: { … }` is a labelled block: it runs with the statement before it and may write ghost fields.
