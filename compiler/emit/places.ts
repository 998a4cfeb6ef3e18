/**
 * Places: from a reference and an index to an element of a column, with the checks of a dereference.
 *
 * In: places of the IR. Out: lines that check, and the element. Never: an access that was not checked.
 */
import type { Place } from '../ir/types.ts';
import type { FieldLayout } from '../machine/layout.ts';
import { readText } from './columns.ts';
import type { FunctionWriter } from './context.ts';
import { combine, emitExpr, emitIndex, emitPointer, emitRow } from './expressions.ts';
import { constant, known, tableOf, type Value } from './values.ts';

export interface ResolvedPlace {
  readonly layout: FieldLayout;
  /** Element number in the columns of the field. */
  readonly element: Value;
}

/** Writes the checks in the order: row, index, life. */
export function resolvePlace(place: Place, w: FunctionWriter): ResolvedPlace {
  const layout = w.context.field(place.table, place.field);
  const length = Math.max(layout.field.length, 1);
  if (place.kind === 'pointer') {
    const element = w.temporary(emitPointer(place.pointer, w));
    if (layout.table.dynamic) checkLife(place.table, rowOfElement(element, length), w);
    return { layout, element };
  }
  const row = place.row === null ? constant(0) : w.temporary(emitRow(place.row, w));
  const index =
    place.index === null ? constant(0) : w.temporary(emitIndex(emitExpr(place.index, w), length, w, `${place.table}.${place.field}`));
  if (layout.table.dynamic) checkLife(place.table, row, w);
  return { layout, element: w.temporary(combine(row, length, index)) };
}

function rowOfElement(element: Value, length: number): Value {
  const k = known(element);
  if (k !== null) return constant(Math.floor(k / length));
  return length === 1
    ? element
    : { text: `(${element.text}/${length}|0)`, lo: Math.floor(element.lo / length), hi: Math.floor(element.hi / length) };
}

/** Whether a row (number from 0) of a dynamic table is allocated, as 0 or 1. */
export function allocatedText(table: string, row: Value, w: FunctionWriter): string {
  const column = w.context.layout.allocated.get(table);
  if (column === undefined) throw new Error(`no allocation bits of ${table}`);
  return readText(column, row);
}

/** A fault if the row is free. */
export function checkLife(table: string, row: Value, w: FunctionWriter): void {
  if (!tableOf(w.context.tables, table).dynamic) return;
  w.line(`if(${allocatedText(table, row, w)}===0)${w.raise('useAfterFree', `free row of ${table}`)}`);
}
