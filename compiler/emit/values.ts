/**
 * Pieces of generated expressions with what is known about their values.
 *
 * In: types of the IR. Out: texts with intervals. Never: a check that the interval makes needless.
 */
import type { ScalarType, TableDescription } from '../ir/types.ts';

/** An expression text that binds tightly enough for every use, and the interval its value lies in. */
export interface Value {
  readonly text: string;
  readonly lo: number;
  readonly hi: number;
}

export function constant(value: number): Value {
  return { text: value < 0 ? `(${value})` : String(value), lo: value, hi: value };
}

/** The value of a literal. A text that can have one value only may still have to be run, for its fault. */
export function known(value: Value): number | null {
  return value.lo === value.hi && /^\(?-?\d+\)?$/.test(value.text) ? value.lo : null;
}

export type Tables = ReadonlyMap<string, TableDescription>;

export function tableOf(tables: Tables, name: string): TableDescription {
  const table = tables.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}
export function lengthOf(tables: Tables, table: string, field: string): number {
  const found = tableOf(tables, table).fields.find((candidate) => candidate.path === field);
  if (found === undefined) throw new Error(`no field ${table}.${field}`);
  return found.length;
}

/** What `free` makes of references and pointers of this type; -1 if it leaves them alone. */
export function danglingOf(tables: Tables, type: ScalarType): number {
  if (type.kind === 'ref') {
    const { rows, dynamic } = tableOf(tables, type.table);
    return type.strong && dynamic ? rows + type.specials + 1 : -1;
  }
  if (type.kind !== 'pointer') return -1;
  const { rows, dynamic } = tableOf(tables, type.table);
  return dynamic ? rows * Math.max(lengthOf(tables, type.table, type.field), 1) + 1 : -1;
}

export function intervalOf(tables: Tables, type: ScalarType): { lo: number; hi: number } {
  switch (type.kind) {
    case 'bool':
      return { lo: 0, hi: 1 };
    case 'int':
      return { lo: type.min, hi: type.max };
    case 'ref':
      return { lo: 0, hi: tableOf(tables, type.table).rows + type.specials + (type.strong ? 1 : 0) };
    case 'pointer':
      return { lo: 0, hi: tableOf(tables, type.table).rows * Math.max(lengthOf(tables, type.table, type.field), 1) + 1 };
  }
}
