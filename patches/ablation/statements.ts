/**
 * Where statements of C begin and end in a run of lines, which may be a piece of a function.
 *
 * In: lines of one side of a change. Out: statements, inner ones included. Never: what a statement means; nothing here parses C, so that
 * macros and pieces of functions are no trouble.
 */
import { partners, type SideLine, type Token, tokensOf } from '../c/tokens.ts';

/** Indexes into the lines, both ends included. */
export interface FoundStatement {
  readonly first: number;
  readonly last: number;
  /** It is all that an `if`, an `else` or a loop without braces has: where it goes an empty statement must stay. */
  readonly isBody: boolean;
  /** The `return` of a value with which a function ends: without it the function gives none. */
  readonly isResult: boolean;
  /** Of an `if` without `else` that guards more than a jump: the lines of its condition and of its braces, on which nothing else stands. */
  readonly guard: readonly number[] | null;
}

const jumps = new Set(['return', 'goto', 'break', 'continue']);
const control = new Set([...jumps, 'if', 'else', 'for', 'while', 'do', 'switch', 'case', 'default', 'sizeof']);
/** Deeper nesting than any function has. */
const depthMax = 200;
/** Tokens of a case label at most. */
const caseMax = 100;

/** Statements of `lines` in their order, outer ones before inner ones. Blocks, labels and declarations are none. */
export function statementsIn(lines: readonly SideLine[]): FoundStatement[] {
  return new Finder(lines).run();
}

class Finder {
  readonly #tokens: readonly Token[];
  readonly #partner: Int32Array;
  /** By line: its first token and its last. */
  readonly #firstOf = new Map<number, number>();
  readonly #lastOf = new Map<number, number>();
  readonly #found: FoundStatement[] = [];

  constructor(lines: readonly SideLine[]) {
    this.#tokens = tokensOf(lines).filter(({ kind }) => kind !== 'directive');
    this.#partner = partners(this.#tokens);
    this.#tokens.forEach(({ at }, index) => {
      if (!this.#firstOf.has(at)) this.#firstOf.set(at, index);
      this.#lastOf.set(at, index);
    });
  }

  run(): FoundStatement[] {
    for (let at = 0; at < this.#tokens.length; ) at = this.#item(at, 0);
    return this.#found;
  }

  #text(at: number): string {
    return this.#tokens[at]?.text ?? '';
  }

  /** Behind the item that begins at `at`: a statement, a block, a label, or a brace that belongs to what is not shown. */
  #item(at: number, depth: number, isBody = false): number {
    const text = this.#text(at);
    if (text === '}' || text === ';' || text === 'else' || depth > depthMax) return at + 1;
    if (text === '{') return this.#block(at, depth);
    if (text === 'case' || text === 'default') return this.#behindColon(at);
    if (this.#tokens[at]?.kind === 'word' && this.#text(at + 1) === ':') return at + 2;
    const index = this.#found.length;
    const [end, guard] = this.#statement(at, depth);
    // Lines are what is taken out: nothing of another statement may stand on them.
    const closes = this.#text(end - 1) === ';' || this.#text(end - 1) === '}';
    if (closes && this.#alone(at, end - 1) && !this.#isDeclaration(at)) {
      // Directly in the body of a function: `f(…) {` is one deep, its statements two.
      const isResult = depth === 2 && text === 'return' && this.#text(at + 1) !== ';' && this.#text(end) === '}';
      this.#found.splice(index, 0, { ...this.#linesOf(at, end - 1), isBody, isResult, guard });
    }
    return end;
  }

  /** Behind the block. */
  #block(open: number, depth: number): number {
    const close = this.#partner[open] ?? -1;
    const end = close < 0 ? this.#tokens.length : close;
    for (let at = open + 1; at < end; ) at = this.#item(at, depth + 1);
    return end + 1;
  }

  #statement(at: number, depth: number): [number, FoundStatement['guard']] {
    const text = this.#text(at);
    if (text === 'do') {
      const end = this.#item(at + 1, depth + 1, true);
      return [this.#behindSemicolon(end), null];
    }
    if (text === 'if' || text === 'for' || text === 'while' || text === 'switch') {
      const close = this.#text(at + 1) === '(' ? (this.#partner[at + 1] ?? -1) : -1;
      if (close < 0) return [this.#tokens.length, null];
      const end = this.#item(close + 1, depth + 1, true);
      if (text !== 'if') return [end, null];
      if (this.#text(end) === 'else') return [this.#item(end + 1, depth + 1, true), null];
      return [end, this.#guardOf(at, close, end)];
    }
    for (let k = at; k < this.#tokens.length; k += 1) {
      const sign = this.#text(k);
      if (sign === ';') return [k + 1, null];
      if (sign === '}') return [k, null];
      if (sign === '(' || sign === '[') k = this.#close(k);
      // A function, or a loop that a macro makes: `list_for_each_entry(…) {`.
      else if (sign === '{') {
        if (this.#text(k - 1) === ')') return [this.#block(k, depth + 1), null];
        k = this.#close(k);
      }
    }
    return [this.#tokens.length, null];
  }

  #close(open: number): number {
    const close = this.#partner[open] ?? -1;
    return close < 0 ? this.#tokens.length : close;
  }

  #behindSemicolon(from: number): number {
    for (let at = from; at < this.#tokens.length; at += 1) if (this.#text(at) === ';') return at + 1;
    return this.#tokens.length;
  }

  #behindColon(from: number): number {
    const end = Math.min(this.#tokens.length, from + caseMax);
    for (let at = from; at < end && this.#text(at) !== ';'; at += 1) if (this.#text(at) === ':') return at + 1;
    return from + 1;
  }

  /** `end`: behind the statement that is guarded. */
  #guardOf(start: number, close: number, end: number): FoundStatement['guard'] {
    const isBlock = this.#text(close + 1) === '{';
    const body = isBlock ? close + 2 : close + 1;
    const bodyEnd = isBlock ? end - 2 : end - 1;
    if (bodyEnd < body || jumps.has(this.#text(body))) return null;
    if (!this.#alone(start, body - 1) || (isBlock && !this.#alone(end - 1, end - 1))) return null;
    const own = [this.#linesOf(start, body - 1), ...(isBlock ? [this.#linesOf(end - 1, end - 1)] : [])];
    return own.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, k) => first + k));
  }

  /** `type name`, `type *name`: two words that are no keyword, with nothing but stars between them. */
  #isDeclaration(at: number): boolean {
    const [first] = [this.#tokens[at]];
    if (first?.kind !== 'word' || control.has(first.text)) return false;
    let next = at + 1;
    while (this.#text(next) === '*') next += 1;
    return this.#tokens[next]?.kind === 'word' && !control.has(this.#text(next));
  }

  #linesOf(from: number, to: number): { readonly first: number; readonly last: number } {
    const first = this.#tokens[from]?.at ?? 0;
    return { first, last: Math.max(first, this.#tokens[Math.min(to, this.#tokens.length - 1)]?.at ?? first) };
  }

  /** Its lines have no tokens but those from the one to the other. */
  #alone(from: number, to: number): boolean {
    const { first, last } = this.#linesOf(from, to);
    return this.#firstOf.get(first) === from && this.#lastOf.get(last) === to;
  }
}
