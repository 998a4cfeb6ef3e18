/**
 * List statements: a few small functions for each list field.
 *
 * In: statements, resolved places. Out: lines that call the functions, and the functions. Never: a list of unknown length.
 */
import type { ListOperator, PointerType, RefType } from '../ir/types.ts';
import type { Column, FieldLayout } from '../machine/layout.ts';
import type { LeafStmt } from '../program/types.ts';
import { readText, writeText } from './columns.ts';
import type { FunctionWriter } from './context.ts';
import { emitExpr } from './expressions.ts';
import type { ResolvedPlace } from './places.ts';
import { constant, danglingOf, intervalOf, type Value } from './values.ts';

type ListStmt = Extract<LeafStmt, { kind: 'list' }>;

interface ListShape {
  readonly length: Column;
  readonly elements: Column;
  readonly capacity: number;
  readonly element: RefType | PointerType;
}

function shapeOf(layout: FieldLayout): ListShape {
  const { type } = layout.field;
  if (type.kind !== 'list' || layout.elements === null) throw new Error('a list is needed');
  return { length: layout.main, elements: layout.elements, capacity: type.capacity, element: type.element };
}

export function emitList(stmt: ListStmt, place: ResolvedPlace, w: FunctionWriter): void {
  const shape = shapeOf(place.layout);
  const { operator } = stmt;
  const dst = (value: Value): void => {
    if (stmt.dst !== null) w.assign(stmt.dst, value);
  };
  const result = (text: string): Value => ({ text, ...intervalOf(w.context.tables, shape.element) });
  const size: Value = { text: readText(shape.length, place.element), lo: 0, hi: shape.capacity };
  if (operator === 'length') {
    dst(size);
    return;
  }
  if (operator === 'isEmpty') {
    dst({ text: `(${size.text}===0?1:0)`, lo: 0, hi: 1 });
    return;
  }
  if (operator === 'first') {
    dst(result(readText(shape.elements, slot(place.element.text, shape, '0'))));
    return;
  }
  if (operator === 'last') {
    const length = w.temporary(size);
    dst(result(`(${length.text}===0?0:${readText(shape.elements, slot(place.element.text, shape, `${length.text}-1`))})`));
    return;
  }

  const element = w.temporary(elementOf(stmt, shape, w));
  const find = helper('li', place.layout, w, (name) => findFunction(name, shape));
  const call = (name: string, rest = ''): string => `${name}(b,${place.element.text},${element.text}${rest})`;
  switch (operator) {
    case 'contains':
      dst({ text: `(${call(find)}<0?0:1)`, lo: 0, hi: 1 });
      return;
    case 'add':
    case 'addTail': {
      const on = stmt.exclusive ? helper('lx', place.layout, w, (name) => anywhereFunction(name, find, shape)) : find;
      w.line(`if(${call(on)}>=0)${w.raise('listCorruption', 'adds an element that is on a list')}`);
      w.line(
        `if(${size.text}>=${shape.capacity})${w.raise('bound', `capacity ${shape.capacity} of ${place.layout.table.name}.${place.layout.field.path}`)}`,
      );
      const add = helper(operator === 'add' ? 'la' : 'lt', place.layout, w, (name) => addFunction(name, operator, shape));
      w.line(`${call(add)};`);
      return;
    }
    case 'remove': {
      const at = w.temporary({ text: call(find), lo: -1, hi: shape.capacity });
      w.line(`if(${at.text}<0)${w.raise('listCorruption', 'removes an element that is not on the list')}`);
      const remove = helper('lr', place.layout, w, (name) => removeFunction(name, shape));
      w.line(`${remove}(b,${place.element.text},${at.text});`);
      return;
    }
    case 'next':
    case 'previous': {
      const at = w.temporary({ text: call(find), lo: -1, hi: shape.capacity });
      w.line(`if(${at.text}<0)${w.raise('listCorruption', 'steps from an element that is not on the list')}`);
      const end = operator === 'next' ? `${at.text}>=${shape.capacity - 1}` : `${at.text}===0`;
      const other = operator === 'next' ? `${at.text}+1` : `${at.text}-1`;
      dst(result(`(${end}?0:${readText(shape.elements, slot(place.element.text, shape, other))})`));
      return;
    }
  }
}

function elementOf(stmt: ListStmt, shape: ListShape, w: FunctionWriter): Value {
  if (stmt.element === null) throw new Error('this list operator takes an element');
  const value = w.temporary(emitExpr(stmt.element, w));
  if (value.lo <= 0) w.line(`if(${value.text}===0)${w.raise('nullDereference', 'null as the element of a list')}`);
  const dangling = danglingOf(w.context.tables, shape.element);
  if (dangling >= 0 && value.hi >= dangling) {
    w.line(`if(${value.text}===${dangling})${w.raise('useAfterFree', 'a dangling reference as the element of a list')}`);
  }
  return value;
}

/** Element `j` of list `k` (texts), in the column of elements. */
function slot(k: string, { capacity, elements }: ListShape, j: string): Value {
  if (/^\d+$/.test(k) && /^\d+$/.test(j)) return constant(Number(k) * capacity + Number(j));
  if (k === '0') return { text: `(${j})`, lo: 0, hi: elements.count - 1 };
  return { text: j === '0' ? `(${k}*${capacity})` : `(${k}*${capacity}+${j})`, lo: 0, hi: Math.max(elements.count - 1, 1) };
}

function helper(kind: string, layout: FieldLayout, w: FunctionWriter, text: (name: string) => string): string {
  const name = `${kind}${w.context.fieldNumber(layout)}`;
  if (!w.context.helpers.has(name)) w.context.helpers.set(name, { text: text(name), raises: false });
  return name;
}

function lengthText({ length }: ListShape): string {
  return readText(length, { text: 'k', lo: 0, hi: Math.max(length.count - 1, 1) });
}

/** Position of v on list k, or -1. */
function findFunction(name: string, shape: ListShape): string {
  return `function ${name}(b,k,v){const n=${lengthText(shape)};for(let j=0;j<n;j++)if(${readText(shape.elements, slot('k', shape, 'j'))}===v)return j;return -1}\n`;
}
/** A list of the field that v is on, or -1. */
function anywhereFunction(name: string, find: string, { length }: ListShape): string {
  return `function ${name}(b,k,v){for(k=0;k<${length.count};k++)if(${find}(b,k,v)>=0)return k;return -1}\n`;
}
function addFunction(name: string, operator: ListOperator, shape: ListShape): string {
  const { length, elements } = shape;
  const list: Value = { text: 'k', lo: 0, hi: Math.max(length.count - 1, 1) };
  const at = (j: string): Value => slot('k', shape, j);
  const v: Value = { text: 'v', lo: 0, hi: 2 ** elements.bits - 1 };
  const grow = writeText(length, list, { text: '(n+1)', lo: 1, hi: shape.capacity + 1 });
  const moved: Value = { text: readText(elements, at('j-1')), lo: 0, hi: 2 ** elements.bits };
  const shift = operator === 'add' ? `for(let j=n;j>0;j--){${writeText(elements, at('j'), moved)}}` : '';
  return `function ${name}(b,k,v){const n=${lengthText(shape)};${shift}${writeText(elements, at(operator === 'add' ? '0' : 'n'), v)}${grow}}\n`;
}
/** Removes what is at position i of list k. */
function removeFunction(name: string, shape: ListShape): string {
  const { length, elements } = shape;
  const list: Value = { text: 'k', lo: 0, hi: Math.max(length.count - 1, 1) };
  const at = (j: string): Value => slot('k', shape, j);
  const moved: Value = { text: readText(elements, at('j+1')), lo: 0, hi: 2 ** elements.bits };
  const shrink = writeText(length, list, { text: 'n', lo: 0, hi: shape.capacity + 1 });
  return `function ${name}(b,k,i){const n=${lengthText(shape)}-1;for(let j=i;j<n;j++){${writeText(elements, at('j'), moved)}}${writeText(elements, at('n'), constant(0))}${shrink}}\n`;
}
