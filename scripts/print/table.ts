/** Tables for the terminal: columns by spaces, no frames, so that they can be piped and quoted. */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Terminal } from '../terminal.ts';
import { wrapped } from './wrapped.ts';

const noFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Of a table or a paragraph: as wide as the terminal, and never so wide that it cannot be quoted in a mail. */
export function tableWidth({ width }: Pick<Terminal, 'width'>): number {
  return Math.min(width, 100);
}

/** No column that may wrap gets narrower than this. */
const narrowest = 16;

export interface TableLayout {
  /** Names of columns of numbers. */
  readonly right?: readonly string[];
  /** Names of columns whose cells may take several lines, so that the table fits `width`. Their cells have no colours. */
  readonly wrap?: readonly string[];
  /** Columns of the terminal; as many as it takes if left out. */
  readonly width?: number;
}

/** Lines without spaces at their ends. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], layout: TableLayout = {}): string {
  const { right = [] } = layout;
  const made = new Table({
    head: [...head],
    chars: noFrame,
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  const widths = wrappedWidths(head, rows, layout);
  made.push(...rows.map((row) => row.map((cell, k) => wrapCell(cell, widths[k] ?? cell.length))));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The width of each column: the widest of those that may wrap are made narrower until the table fits. */
function wrappedWidths(head: readonly string[], rows: readonly (readonly string[])[], { wrap = [], width }: TableLayout): number[] {
  const widths = head.map((name, k) => Math.max(...[name, ...rows.map((row) => row[k] ?? '')].map(shownLength)));
  if (width === undefined) return widths;
  const total = () => widths.reduce((sum, each) => sum + each, 2 * (head.length - 1));
  const shrinkable = head.flatMap((name, k) => (wrap.includes(name) ? [k] : []));
  while (total() > width) {
    const [widest] = shrinkable.filter((k) => (widths[k] ?? 0) > narrowest).sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function wrapCell(cell: string, width: number): string {
  return shownLength(cell) <= width ? cell : wrapped(cell, width, '', '').join('\n');
}

function shownLength(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
