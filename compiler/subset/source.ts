/**
 * One text: its syntax tree and the way from offsets to lines and columns.
 *
 * In: a path and a text. Out: oxc's tree, positions, docstrings. Never: a look into a file system.
 */
import { type Program, parseSync } from 'oxc-parser';
import type { Position } from '../ir/types.ts';
import type { Refusal } from './refusal.ts';
import type { RefusalCode } from './refusals.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}
/** What every node of the tree has. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Unwinds the lowering of one statement; caught and collected there. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal | null;
  constructor(refusal: Refusal | null) {
    super(refusal?.message ?? 'follows from another refusal');
    this.refusal = refusal;
  }
}

export class Source {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly errors: readonly Refusal[];
  readonly #lineStarts: number[];
  readonly #comments: readonly { readonly value: string; readonly start: number; readonly end: number; readonly type: string }[];

  constructor(file: SourceFile) {
    this.path = file.path;
    this.text = file.text;
    this.#lineStarts = lineStarts(file.text);
    const parsed = parseSync(file.path.endsWith('.ts') ? file.path : `${file.path}.ts`, file.text, {
      sourceType: 'module',
      preserveParens: false,
    });
    this.program = parsed.program;
    this.#comments = parsed.comments;
    this.errors = parsed.errors.map((error) => {
      const label = error.labels[0];
      return this.refusal('MM001', { start: label?.start ?? 0, end: label?.end ?? 0 }, error.message);
    });
  }

  positionOf(span: Span): Position {
    const line = this.#lineOf(span.start);
    return { file: this.path, line: line + 1, column: span.start - (this.#lineStarts[line] ?? 0) + 1, language: 'typescript' };
  }

  textOf(span: Span): string {
    return this.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  }

  refusal(code: RefusalCode, span: Span, message: string, chain: readonly string[] = []): Refusal {
    const pos = this.positionOf(span);
    const start = this.#lineStarts[pos.line - 1] ?? 0;
    const line = (this.text.slice(start).split('\n', 1)[0] ?? '').replace(/\r$/, '');
    const width = Math.max(1, Math.min(span.end - span.start, line.length - pos.column + 1));
    return { code, message, pos, width, line, chain };
  }

  /** A refusal of something lowered: what is meant is the name, or the first name of the expression, at its position. */
  refusalAt(code: RefusalCode, pos: Position, message: string, chain: readonly string[]): Refusal {
    const start = (this.#lineStarts[pos.line - 1] ?? 0) + pos.column - 1;
    const width = /^[\w$.[\]]+/.exec(this.text.slice(start, start + 80))?.[0].length ?? 1;
    return this.refusal(code, { start, end: start + width }, message, chain);
  }

  /** The docstring that ends right before `start`, without its stars; empty if there is none. */
  docBefore(start: number): string {
    const comment = this.#comments.findLast((candidate) => candidate.end <= start);
    if (comment === undefined || comment.type !== 'Block' || !comment.value.startsWith('*')) return '';
    if (this.text.slice(comment.end, start).trim() !== '') return '';
    return comment.value
      .slice(1)
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
      .join('\n')
      .trim();
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
