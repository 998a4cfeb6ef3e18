/**
 * Texts that read and write elements of packed columns in the state at `b`.
 *
 * In: columns, element numbers. Out: JavaScript with words, shifts and masks folded as far as known.
 * Never: a check of the element number.
 */
import type { Column } from '../machine/layout.ts';
import { known, type Value } from './values.ts';

/** Where an element is: the index into `M`, and the shift (a number, or a text of known meaning). */
interface Spot {
  readonly cell: string;
  readonly shift: number | string;
}

function spot(column: Column, element: Value, base: string): Spot {
  const { word, bits, perWord, count } = column;
  const k = known(element);
  if (perWord >= count) {
    const cell = at(base, word);
    if (k !== null) return { cell, shift: column.shift + k * bits };
    const scaled = bits === 1 ? element.text : `${element.text}*${bits}`;
    return { cell, shift: column.shift === 0 ? `(${scaled})` : `(${scaled}+${column.shift})` };
  }
  if (k !== null) return { cell: at(base, word + Math.floor(k / perWord)), shift: (k % perWord) * bits };
  if (perWord === 1) return { cell: `${base}+${word}+${element.text}`, shift: 0 };
  const power = Math.log2(perWord);
  if (Number.isInteger(power)) {
    return { cell: `${base}+${word}+(${element.text}>>${power})`, shift: `((${element.text}&${perWord - 1})*${bits})` };
  }
  return { cell: `${base}+${word}+(${element.text}/${perWord}|0)`, shift: `(${element.text}%${perWord}*${bits})` };
}

function at(base: string, word: number): string {
  return word === 0 ? base : `${base}+${word}`;
}

export function maskOf(bits: number): number {
  return bits >= 32 ? -1 : (1 << bits) - 1;
}

/** The element's value, bias added. The element's text must be cheap to repeat. */
export function readText(column: Column, element: Value, base = 'b'): string {
  const { bits, bias, signed } = column;
  if (bits === 0) return String(bias);
  const { cell, shift } = spot(column, element, base);
  const add = bias === 0 ? '' : bias < 0 ? `-${-bias}` : `+${bias}`;
  if (signed) {
    if (bits === 32) return `M[${cell}]`;
    const up = typeof shift === 'number' ? `<<${32 - bits - shift}` : `<<(${32 - bits}-${shift})`;
    return `(M[${cell}]${up === '<<0' ? '' : up}>>${32 - bits})`;
  }
  const plain = shift === 0 ? `M[${cell}]` : `M[${cell}]>>>${shift}`;
  // The top bits need no mask, an unsigned shift has cleared what is above them.
  if (typeof shift === 'number' && shift + bits === 32) return `((M[${cell}]>>>${shift})${add})`;
  return add === '' ? `(${plain}&${maskOf(bits)})` : `((${plain}&${maskOf(bits)})${add})`;
}

/**
 * A statement that sets the element. `value` must lie in the range of the column: its text may be what sees to that, so it
 * is evaluated for a column of no bits, too.
 */
export function writeText(column: Column, element: Value, value: Value, base = 'b'): string {
  const { bits } = column;
  if (bits === 0) return known(value) === null && value.text.includes('(') ? `${value.text};` : '';
  const { cell, shift } = spot(column, element, base);
  const stored = storedText(column, value);
  if (bits === 32) return `M[${cell}]=${stored};`;
  const mask = maskOf(bits);
  if (typeof shift === 'number') {
    const put = shift === 0 || stored === '0' ? stored : `${stored}<<${shift}`;
    const clear = ~(mask << shift);
    return stored === '0' ? `M[${cell}]&=${clear};` : `M[${cell}]=M[${cell}]&${clear}|${put};`;
  }
  const clear = `~(${mask}<<${shift})`;
  return stored === '0' ? `M[${cell}]&=${clear};` : `M[${cell}]=M[${cell}]&${clear}|${stored}<<${shift};`;
}

function storedText(column: Column, value: Value): string {
  const k = known(value);
  const mask = maskOf(column.bits);
  if (k !== null) return String((k - column.bias) & mask);
  const moved = column.bias === 0 ? value.text : column.bias < 0 ? `(${value.text}+${-column.bias})` : `(${value.text}-${column.bias})`;
  return column.signed && column.bits < 32 ? `(${moved}&${mask})` : moved;
}

/** Several single-element columns set at once: one read and one write a word. */
export function writeManyText(entries: readonly { readonly column: Column; readonly value: Value }[]): string {
  const words = new Map<number, { mask: number; fixed: number; parts: string[] }>();
  for (const { column, value } of entries) {
    if (column.bits === 0) continue;
    const { word, shift, bits } = column;
    const entry = words.get(word) ?? { mask: 0, fixed: 0, parts: [] };
    words.set(word, entry);
    entry.mask |= maskOf(bits) << shift;
    const stored = storedText(column, value);
    if (known(value) !== null) entry.fixed |= Number(stored) << shift;
    else entry.parts.push(shift === 0 ? stored : `${stored}<<${shift}`);
  }
  return [...words]
    .map(([word, { mask, fixed, parts }]) => {
      const cell = `M[${at('b', word)}]`;
      const put = [...parts, ...(fixed === 0 ? [] : [String(fixed)])].join('|');
      if (mask === -1) return `${cell}=${put === '' ? '0' : put};`;
      return put === '' ? `${cell}&=${~mask};` : `${cell}=${cell}&${~mask}|${put};`;
    })
    .join('');
}
