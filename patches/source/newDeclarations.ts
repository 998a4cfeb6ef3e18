/**
 * What a patch declares between functions and was not there: members of structures, variables, types.
 *
 * In: both sides of a gap. Out: the names, if all that is changed are such declarations. Never: a declaration that takes the place of another
 * one, or one that gives a value: those may change what functions do that nobody touched.
 */
import type { SideContents } from '../c/extract.ts';
import type { Token } from '../c/tokens.ts';

export interface NewDeclaration {
  readonly names: readonly string[];
  /** `struct X` or `union X`, of whose members they are; null: none. */
  readonly owner: string | null;
  readonly line: number;
}

/** Null: something else is changed, too. */
export function newDeclarations(old: SideContents, fresh: SideContents): readonly NewDeclaration[] | null {
  if (old.lines.some((line, at) => line.change === 'removed' && old.roles[at] === 'partial')) return null;
  const isAdded = ({ at }: Token): boolean => fresh.lines[at]?.change === 'added' && fresh.roles[at] === 'partial';
  const found: NewDeclaration[] = [];
  const { tokens } = fresh;
  for (let from = 0; from < tokens.length; from += 1) {
    const first = tokens[from];
    if (first === undefined || !isAdded(first)) continue;
    let to = from;
    for (let next = tokens[to]; next !== undefined && isAdded(next); next = tokens[to]) to += 1;
    const owner = ownerOf(tokens, from);
    const names = startsAnew(tokens[from - 1]) ? namesOf(tokens.slice(from, to)) : null;
    if (names === null || owner === undefined) return null;
    found.push({ names, owner, line: fresh.lines[first.at]?.line ?? 0 });
    from = to - 1;
  }
  return found.length > 0 ? found : null;
}

function startsAnew(before: Token | undefined): boolean {
  return before === undefined || before.kind === 'directive' || [';', '{', '}'].includes(before.text);
}

/** Declared names; null: not only declarations, or one with a value. */
function namesOf(tokens: readonly Token[]): string[] | null {
  if (tokens.at(-1)?.text !== ';' || tokens.some(({ text }) => ['(', '=', '{', '}', '.'].includes(text))) return null;
  return tokens.flatMap(({ kind, text }, index) =>
    kind === 'word' && [';', ',', '[', ':'].includes(tokens[index + 1]?.text ?? '') && tokens[index - 1]?.text !== '[' ? [text] : [],
  );
}

/** The named structure around the token; null: none, undefined: something that is no structure. */
function ownerOf(tokens: readonly Token[], at: number): string | null | undefined {
  let depth = 0;
  let isInside = false;
  for (let index = at - 1; index >= 0; index -= 1) {
    const text = tokens[index]?.text;
    if (text === '}') depth += 1;
    if (text !== '{') continue;
    depth -= 1;
    if (depth >= 0) continue;
    depth = 0;
    const [kind, name] = [tokens[index - 2]?.text, tokens[index - 1]];
    if (kind === 'struct' || kind === 'union') return `${kind} ${name?.text ?? ''}`;
    // One without a name is looked through.
    if (name?.text !== 'struct' && name?.text !== 'union') return undefined;
    isInside = true;
  }
  return isInside ? undefined : null;
}
