/**
 * A refusal at a place of a text, and how it is shown.
 *
 * In: codes of the table, places. Out: text with a caret. Never: a throw of anything else for a fault in the text.
 */
import type { Position } from '../ir/types.ts';
import { type RefusalCode, refusalRules } from './refusals.ts';

export interface Refusal {
  readonly code: RefusalCode;
  /** What is wrong here, in one sentence without a full stop. */
  readonly message: string;
  readonly pos: Position;
  /** Width of the text that is meant, at least 1, inside its line. */
  readonly width: number;
  /** The line of the text. */
  readonly line: string;
  /** How one gets here: `f (file:line)`, caller first; empty where that says nothing. */
  readonly chain: readonly string[];
}

/** Some text is outside the subset. `refusals` are in order of file, line and column. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusals: readonly Refusal[];
  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(formatRefusal).join('\n\n'));
    this.refusals = refusals;
  }
}

/** Lines of: place, code and message; the text with a caret; the call chain; what to write instead. */
export function formatRefusal(refusal: Refusal): string {
  const { pos } = refusal;
  const rule = refusalRules[refusal.code];
  const number = String(pos.line);
  const gutter = ' '.repeat(number.length);
  // Tabs are kept, so that the caret stands under its column whatever their width.
  const indent = refusal.line.slice(0, pos.column - 1).replace(/[^\t]/g, ' ');
  return [
    `${pos.file}:${pos.line}:${pos.column}: ${refusal.code} ${rule.title}: ${refusal.message}`,
    `  ${number} | ${refusal.line}`,
    `  ${gutter} | ${indent}${'^'.repeat(refusal.width)}`,
    ...refusal.chain.map((link, depth) => `  ${gutter}   ${depth === 0 ? 'in' : 'calls'} ${link}`),
    `  ${gutter} = ${rule.instead}`,
  ].join('\n');
}
