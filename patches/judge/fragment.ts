/**
 * Pieces of functions: what a partial hunk shows, cut to whole statements and lowered on its own.
 *
 * A hunk starts and ends anywhere. What belongs to a statement that began before it is left out, blocks that it
 * leaves or does not close are completed, and an `else` whose `if` is not shown starts a new piece.
 */
import type { Procedure, Stmt } from '../../compiler/ir/types.ts';
import type { Bindings } from '../bindings/schema.ts';
import type { SideContents } from '../c/extract.ts';
import { child, named } from '../c/node.ts';
import type { CParser } from '../c/parse.ts';
import { prepare } from '../c/prepare.ts';
import type { SideLine, Token } from '../c/tokens.ts';
import { partners } from '../c/tokens.ts';
import { Context, type Names } from '../lower/context.ts';
import { positionIn, recursion } from '../lower/function.ts';
import type { Ignored, Unmodelled } from '../lower/problems.ts';
import { lowerBlock } from '../lower/statements.ts';
import { cType } from '../lower/types.ts';
import type { CType, Value } from '../lower/values.ts';
import type { Code } from './lockstep.ts';

/** Whole statements of one function, blanked where something else stood. */
export interface FragmentText {
  /** A brace or `else` stands right before it. */
  readonly entersBlock: boolean;
  /** The kernel function that it is a piece of, as far as the hunk tells. */
  readonly enclosing: string | null;
  readonly lines: readonly SideLine[];
  /** Lines that the patch changes here and that are code. */
  readonly changed: readonly SideLine[];
  /** Changed lines that belong to a statement that the hunk cuts off. */
  readonly cutOff: readonly SideLine[];
}
export interface LoweredFragment extends Code {
  readonly stmts: readonly Stmt[];
  /** Of changed lines only; context that the model has not is passed over. */
  readonly unmodelled: readonly Unmodelled[];
  readonly ignored: readonly Ignored[];
  /** Set if the piece cannot be parsed. */
  readonly problem: { readonly line: number; readonly what: string } | null;
}

/**
 * The pieces of one side of a hunk that hold changed code outside whole functions. `touched` are lines (of the
 * file that was read) of context where the patch removed something and put nothing in its place.
 */
export function fragmentsOf(side: SideContents, touched: ReadonlySet<number> = new Set()): FragmentText[] {
  const fragments: FragmentText[] = [];
  let run: Token[] = [];
  const flush = (): void => {
    for (const piece of pieces(run)) {
      const fragment = fragmentOf(piece, side, touched);
      if (fragment !== null) fragments.push(fragment);
    }
    run = [];
  };
  for (const token of side.tokens) {
    const role = side.roles[token.at];
    if (role === 'partial') run.push(token);
    else flush();
  }
  flush();
  return fragments;
}

/** Splits where control does not simply go on: at an `else` without its `if`. */
function pieces(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  const partner = partners(tokens);
  const firstIf = tokens.findIndex((token) => token.text === 'if');
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '{') depth += 1;
    if (token.text === '}') depth -= 1;
    const before = tokens[index - 1];
    const closed = before?.text === '}' ? (partner[index - 1] ?? -1) >= 0 : before !== undefined && firstIf >= 0 && firstIf < index;
    // An `else` whose `if` the run does not show.
    const orphan = token.text === 'else' && depth <= 0 && !closed;
    if (orphan) found.push([]);
    else found.at(-1)?.push(token);
    if (depth < 0) depth = 0;
  }
  return found.filter((piece) => piece.length > 0);
}

function fragmentOf(tokens: readonly Token[], side: SideContents, touched: ReadonlySet<number>): FragmentText | null {
  const isChanged = (token: Token): boolean => {
    const line = side.lines[token.at];
    return line !== undefined && (line.change !== 'context' || touched.has(line.line));
  };
  if (!tokens.some(isChanged)) return null;
  const start = headEnd(tokens);
  const end = tailStart(tokens, start);
  const cutOff = new Set([...tokens.slice(0, start), ...tokens.slice(end)].filter(isChanged).map((token) => token.at));
  const body = tokens.slice(start, end);
  const { kept, open } = balanced(body);
  const lines = blanked(kept, side.lines);
  const last = lines.at(-1);
  if (last !== undefined && open > 0) lines[lines.length - 1] = { ...last, text: `${last.text} ${'}'.repeat(open)}` };
  const changed = [...new Set(kept.filter(isChanged).map((token) => token.at))].flatMap((at) => side.lines[at] ?? []);
  const first = tokens.find(isChanged);
  const before = side.tokens[side.tokens.indexOf(body[0] ?? tokens[0] ?? noToken) - 1];
  return {
    entersBlock: before?.text === '{' || before?.text === 'else',
    enclosing: first === undefined ? null : (side.enclosing[first.at] ?? null),
    lines,
    changed,
    cutOff: [...cutOff].flatMap((at) => side.lines[at] ?? []),
  };
}

const noToken: Token = { kind: 'sign', text: '', at: -1, offset: 0 };

/** Behind what began before the run: the rest of a parameter list with its brace, or of a statement. */
function headEnd(tokens: readonly Token[]): number {
  let depth = 0;
  let last = -1;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth < 0) {
      last = index;
      depth = 0;
    }
  }
  if (last < 0) return 0;
  const next = tokens[last + 1]?.text;
  if (next === '{') return last + 2;
  // The condition of an `if` whose head is not shown: its statement is not unconditional, so it goes, too.
  for (let index = last + 1; index < tokens.length; index += 1) if (tokens[index]?.text === ';') return index + 1;
  return tokens.length;
}

/** Where the last statement begins that the run does not show whole. */
function tailStart(tokens: readonly Token[], start: number): number {
  let depth = 0;
  let end = start;
  for (let index = start; index < tokens.length; index += 1) {
    const text = tokens[index]?.text ?? '';
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0 && (text === ';' || text === '{' || text === '}')) end = index + 1;
  }
  return end;
}

/** Leaves out braces that close what was opened before, and counts those that nothing closes. */
function balanced(tokens: readonly Token[]): { kept: Token[]; open: number } {
  const kept: Token[] = [];
  let open = 0;
  const partner = partners(tokens);
  for (const [index, token] of tokens.entries()) {
    const alone = (partner[index] ?? -1) < 0;
    if (token.text === '{') {
      if (alone) open += 1;
      kept.push(token);
    } else if (token.text === '}') {
      if (!alone) kept.push(token);
    } else kept.push(token);
  }
  return { kept, open };
}

/** The lines from the first to the last token, with blanks for whatever is no token of the list. */
function blanked(tokens: readonly Token[], lines: readonly SideLine[]): SideLine[] {
  const first = tokens[0]?.at;
  const last = tokens.at(-1)?.at;
  if (first === undefined || last === undefined) return [];
  const rows = lines.slice(first, last + 1).map((line) => ({ line, text: [] as string[], at: 0 }));
  for (const token of tokens) {
    const row = rows[token.at - first];
    if (row === undefined) continue;
    row.text.push(' '.repeat(Math.max(0, token.offset - row.at)), token.text);
    row.at = token.offset + token.text.length;
  }
  return rows.map((row) => ({ ...row.line, text: row.text.join('') }));
}

/** Lowers a piece with the names that `within`, the model's procedure, has. */
export function lowerFragment(
  fragment: FragmentText,
  within: Procedure,
  names: Names,
  bindings: Bindings,
  parser: CParser,
  file: string,
): LoweredFragment {
  const shared = new Set([...within.params, ...within.locals.filter((local) => local.temporary !== true)].map((one) => one.name));
  const { entersBlock } = fragment;
  const nothing = { body: [], entersBlock, stmts: [], shared, temporaries: new Set<string>(), unmodelled: [], ignored: [] };
  const edge = fragment.lines[0];
  if (edge === undefined) return { ...nothing, problem: null };
  const lines: SideLine[] = [
    { ...edge, text: 'void f(void) {', change: 'context' },
    ...fragment.lines,
    { ...edge, text: '}', change: 'context' },
  ];
  const prepared = prepare({ lines }, bindings);
  const { root, problem } = parser.parse(prepared.text);
  if (problem !== null) return { ...nothing, problem: { line: lines[problem.row]?.line ?? edge.line, what: problem.what } };
  const definition = named(root).find((node) => node.type === 'function_definition');
  const body = definition === undefined ? null : child(definition, 'body');
  const result: CType = within.result.kind === 'void' ? { kind: 'void' } : { kind: 'scalar', type: within.result };
  const context = new Context(names, within.name, result, prepared.macros, positionIn(lines, file), recursion);
  for (const [name, spelled] of bindings.customary) {
    const type = cType(spelled, names);
    if (type?.kind === 'unit') context.declare(name, { kind: 'unit', table: type.table });
    if (type?.kind === 'scalar') context.declare(name, { kind: 'local', name, type: type.type });
  }
  for (const one of [...within.params, ...within.locals]) {
    if ('temporary' in one && one.temporary === true) continue;
    const value: Value =
      'mode' in one && one.mode === 'inout'
        ? { kind: 'inout', name: one.name, type: one.type }
        : { kind: 'local', name: one.name, type: one.type };
    // `Out<T>` of the model has its value in a field; C's pointer is the name itself.
    context.declare(value.kind === 'inout' ? one.name.replace(/\.value$/, '') : one.name, value);
  }
  const stmts = context.collect(() => lowerBlock(body === null ? [] : named(body), context));
  const changed = new Set(fragment.changed.map((line) => line.line));
  const unmodelled = context.unmodelled.filter(({ statement, pos }) => {
    const from = statement?.from ?? pos.line;
    for (let line = from; line <= (statement?.to ?? from); line += 1) if (changed.has(line)) return true;
    return false;
  });
  const temporaries = new Set(context.locals.filter((local) => local.temporary === true).map((local) => local.name));
  return { body: stmts, entersBlock, stmts, shared, temporaries, unmodelled, ignored: context.ignored, problem: null };
}
