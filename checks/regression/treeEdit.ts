/**
 * An edit script: what is changed in one function of a kernel tree, found in the tree's own text by short patterns of names.
 *
 * In: a tree, an edit. Out: the text of the file after it. Never: an edit of a comment; a guess: a place that is not there, or is there more
 * than once, is an error that names the pattern.
 */
import { type KernelTree, kvmBindings, treeContents } from '../../patches/index.ts';

/**
 * A line of the function that matches, the only one. With several patterns each is looked for behind the line of the one before it, and
 * that line counts only to the next of the same: the first behind it is taken. Regular expressions; comments are not looked at.
 */
export type Place = string | readonly [string, ...string[]];
/**
 * What becomes of a place. A statement goes from its line to the semicolon or brace that ends it; of an `if` or a loop what hangs on it
 * belongs to it.
 */
export type Change =
  | { readonly delete: Place }
  /** A second time, behind itself. */
  | { readonly double: Place }
  /** The statement to behind another, or in front of it. */
  | { readonly move: Place; readonly behind: Place }
  | { readonly move: Place; readonly before: Place }
  /** Within the line: the first match becomes `by`, in which `$1` is a group. */
  | { readonly at: Place; readonly replace: string; readonly by: string }
  /** A statement of our own, behind another. */
  | { readonly insert: string; readonly behind: Place };

export interface TreeEdit {
  /** Unique; says what is wrong afterwards. */
  readonly name: string;
  /** Versions of the trees that it is for. */
  readonly trees: readonly string[];
  /** Relative to the tree. */
  readonly file: string;
  readonly function: string;
  readonly changes: readonly [Change, ...Change[]];
  /** The scenarios that are run; they are enough to see it. */
  readonly scenarios: readonly [string, ...string[]];
  readonly expected: Expected;
}
/** `breaks`: properties that must be among those that it breaks. */
export type Expected =
  | { readonly verdict: 'violated'; readonly breaks: readonly [string, ...string[]] }
  /** As it is today, which is less than one would wish, and why that is so. */
  | { readonly verdict: 'notModelled' | 'notExercised' | 'incomplete' | 'holds' | 'ignorable'; readonly why: string };

/** An edit does not fit the tree. */
export class MisfitEdit extends Error {}

interface Lines {
  readonly lines: readonly string[];
  /** The same, with blanks for comments. */
  readonly code: readonly string[];
  readonly where: string;
}
/** First and last line, from 0. */
interface Extent {
  readonly first: number;
  readonly last: number;
}

/** The file's text before and after. Throws MisfitEdit. */
export function applyEdit(tree: KernelTree, edit: TreeEdit): { readonly before: string; readonly after: string } {
  const before = tree.read(edit.file);
  if (before === null) throw new MisfitEdit(`${edit.name}: ${tree.name} has no ${edit.file}`);
  const found = treeContents(tree, kvmBindings).functions.filter(({ name, path }) => name === edit.function && path === edit.file);
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw new MisfitEdit(`${edit.name}: ${tree.name} has ${found.length} functions ${edit.function}() in ${edit.file}, not one`);
  const lines = before.split('\n');
  const own = lines.slice(one.firstLine - 1, one.lastLine);
  const where = `${edit.name}: in ${edit.function}() of ${tree.name}`;
  const changed = edit.changes.reduce<readonly string[]>((now, change) => changeLines(withoutComments(now, where), change), own);
  if (changed.join('\n') === own.join('\n')) throw new MisfitEdit(`${where} nothing is changed`);
  return { before, after: [...lines.slice(0, one.firstLine - 1), ...changed, ...lines.slice(one.lastLine)].join('\n') };
}

function withoutComments(lines: readonly string[], where: string): Lines {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
  const code = lines
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, blank)
    .split('\n');
  return { lines, code, where };
}

function changeLines(text: Lines, change: Change): readonly string[] {
  const { lines } = text;
  const spliced = (at: number, count: number, ...fresh: readonly string[]): string[] => [
    ...lines.slice(0, at),
    ...fresh,
    ...lines.slice(at + count),
  ];
  if ('replace' in change) {
    const at = lineOf(text, change.at);
    const line = lines[at] ?? '';
    const fresh = line.replace(new RegExp(change.replace), change.by);
    if (fresh === line) throw new MisfitEdit(`${text.where} the line of ${shown(change.at)} has no ${change.replace}`);
    return spliced(at, 1, fresh);
  }
  if ('insert' in change) return spliced(statementAt(text, lineOf(text, change.behind)).last + 1, 0, change.insert);
  if ('delete' in change) {
    const { first, last } = statementAt(text, lineOf(text, change.delete));
    return spliced(first, last - first + 1);
  }
  if ('double' in change) {
    const { first, last } = statementAt(text, lineOf(text, change.double));
    return spliced(last + 1, 0, ...lines.slice(first, last + 1));
  }
  const moved = statementAt(text, lineOf(text, change.move));
  const target = statementAt(text, lineOf(text, 'behind' in change ? change.behind : change.before));
  const to = 'behind' in change ? target.last + 1 : target.first;
  if (to > moved.first && to <= moved.last) throw new MisfitEdit(`${text.where} a statement cannot be moved into itself`);
  const own = lines.slice(moved.first, moved.last + 1);
  const rest = [...lines.slice(0, moved.first), ...lines.slice(moved.last + 1)];
  const at = to > moved.last ? to - own.length : to;
  return [...rest.slice(0, at), ...own, ...rest.slice(at)];
}

function lineOf({ code, where }: Lines, place: Place): number {
  const patterns = typeof place === 'string' ? [place] : place;
  const matching = (pattern: string, from: number): number[] =>
    code.flatMap((line, index) => (index >= from && new RegExp(pattern).test(line) ? [index] : []));
  let from = 0;
  for (const [index, pattern] of patterns.entries()) {
    const found = matching(pattern, from);
    const [first] = found;
    if (first === undefined) throw new MisfitEdit(`${where} no line matches ${shown(place)}`);
    if (index === 0 && found.length > 1) throw new MisfitEdit(`${where} ${found.length} lines match ${pattern}: say which`);
    if (index === patterns.length - 1) return first;
    from = first + 1;
  }
  throw new Error('a place has no pattern');
}

const shown = (place: Place): string => (typeof place === 'string' ? place : place.join(' … '));

/** From a line to the end of the statement that begins on it. */
function statementAt({ code, where }: Lines, first: number): Extent {
  let depth = 0;
  for (let line = first; line < code.length; line++) {
    for (const sign of code[line] ?? '') {
      if (sign === '(' || sign === '{' || sign === '[') depth += 1;
      if (sign === ')' || sign === '}' || sign === ']') depth -= 1;
      if (depth < 0) throw new MisfitEdit(`${where} no statement begins on the line \`${(code[first] ?? '').trim().slice(0, 20)}…\``);
      if (depth === 0 && (sign === ';' || sign === '}')) return { first, last: line };
    }
  }
  throw new MisfitEdit(`${where} a statement does not end`);
}
