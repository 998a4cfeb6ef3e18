/**
 * Functions that a patch adds and nobody calls: in a series the first patch adds a function that the next one uses.
 *
 * In: the tree after the patch, names. Out: those of the names that nothing but one another mentions. Never: a function that a file mentions that
 * is not read, in a line that the patch adds.
 */
import type { TreeContents } from '../tree/functions.ts';
import type { TreePatch } from './treePatch.ts';

/** Of `names` those that are not used. A mention is a use, whatever it is for. */
export function unusedOf(names: ReadonlySet<string>, { functions, macros }: TreeContents, { patch }: TreePatch): ReadonlySet<string> {
  if (names.size === 0) return names;
  const read = new Set(functions.map(({ path }) => path));
  const elsewhere = patch.hunks.flatMap(({ path, lines }) =>
    read.has(path) ? [] : lines.flatMap(({ kind, text }) => (kind === 'added' ? [text] : [])),
  );
  // `FNAME(fetch)` is mentioned where the word `fetch` is.
  const byWord = new Map<string, string[]>();
  for (const name of names) {
    const word = name.match(/\w+/g)?.at(-1) ?? name;
    byWord.set(word, [...(byWord.get(word) ?? []), name]);
  }
  const texts = new Map<string, string[]>();
  for (const { name, text } of functions) if (names.has(name)) texts.set(name, [...(texts.get(name) ?? []), text]);
  const others = functions.flatMap(({ name, text }) => (names.has(name) ? [] : [text]));
  const open = [...others, ...[...macros.values()].map(({ body }) => body), ...elsewhere];
  const left = new Set(names);
  for (let text = open.pop(); text !== undefined && left.size > 0; text = open.pop()) {
    for (const [word] of text.matchAll(/\w+/g)) {
      for (const name of byWord.get(word) ?? []) {
        // What is used uses others.
        if (left.delete(name)) open.push(...(texts.get(name) ?? []));
      }
    }
  }
  return left;
}
