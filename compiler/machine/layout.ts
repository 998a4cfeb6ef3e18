/**
 * The packed layout of a state: which bits of which 32-bit word hold what.
 *
 * In: a machine description and the control state that the program needs. Out: columns.
 * Never: straddling a word; knowing what a field is for.
 *
 * A *column* holds the `count` = rows * max(length, 1) values of one field, each of `bits` bits, element
 * k = row * max(length, 1) + index. If the whole column fits into one word (`perWord >= count`) element k is
 * at `word`, shift `shift + k * bits`; otherwise `shift` is 0 and element k is at `word + floor(k / perWord)`,
 * shift `(k % perWord) * bits`. What is stored is `value - bias`, so that zero bits are always the zero value
 * of types whose range holds 0 at its start; for signed types bias is 0 and the value is sign-extended.
 */
import type { FieldDescription, TableDescription } from '../ir/types.ts';

export interface Column {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
  readonly count: number;
  readonly perWord: number;
  readonly bias: number;
  /** Sign-extend what is read. */
  readonly signed: boolean;
}

/** Where one field of one table is. Which columns exist depends on the field's type. */
export interface FieldLayout {
  readonly table: TableDescription;
  readonly field: FieldDescription;
  /** Scalars: the value. Mutex: owner (process + 1, 0 free). Rwlock: writer (process + 1). List: length. */
  readonly main: Column;
  /** Rwlock: bit set of reading processes. */
  readonly readers: Column | null;
  /** Rwlock with writer preference: bit set of processes that wait to write. */
  readonly waiting: Column | null;
  /** List: elements, head first; element j of list k is at k * capacity + j; unused ones are 0. */
  readonly elements: Column | null;
}

export interface Layout {
  readonly words: number;
  /** By `table.field`. */
  readonly fields: ReadonlyMap<string, FieldLayout>;
  /** By table, for dynamic ones: one bit a row. */
  readonly allocated: ReadonlyMap<string, Column>;
  /** Per process: its program counter, an index into the process's resume points; 0 is "ended". */
  readonly programCounters: readonly Column[];
  /** Bits used by fields and by control state: for reports. */
  readonly bitsOfFields: number;
  readonly bitsOfControl: number;
}
