/**
 * The functions that a patch changes in a tree, before and after, parsed.
 *
 * In: a patch on a tree. Out: for each side what is lowered; per unit what cannot be. Never: an exception for text that is no C: that
 * is a function that is not modelled.
 */
import type { BindingPart, Bindings } from '../bindings/schema.ts';
import { contentsOf, type DefineText, type FunctionText } from '../c/extract.ts';
import { type CParser, loadCParser } from '../c/parse.ts';
import type { SideLine } from '../c/tokens.ts';
import { isSameNumber } from '../judge/defines.ts';
import { type ParsedFunction, parseFunction } from '../lower/function.ts';
import { functionsMax, tooMany } from '../lowerPatch.ts';
import { UnreadableInput } from '../mail/unreadable.ts';
import { fileContents, sharing, type TreeContents, treeContents } from '../tree/functions.ts';
import { scaledChange } from './scaled.ts';
import type { TreePatch } from './treePatch.ts';
import { type Unit, unitsOf } from './units.ts';
import { type Found, untoldChange } from './untold.ts';
import { unusedOf } from './unused.ts';

export interface ReadUnit extends Unit {
  /** Functions of it that cannot be read, and removed declarations. */
  readonly problems: readonly Found[];
}
export interface ReadTreePatch {
  readonly applied: TreePatch;
  /** In the order of the files; those in which nothing is changed included. */
  readonly units: readonly ReadUnit[];
  readonly before: readonly ParsedFunction[];
  readonly after: readonly ParsedFunction[];
  /** Functions and macros of the whole tree, for those that are used. */
  readonly contents: { readonly before: TreeContents; readonly after: TreeContents };
  /** Macros that come, or are another thing than they were, and of which the tree's contents do not tell. */
  readonly defines: readonly DefineText[];
  /** Macros of the tree whose text is another now, and the functions that they are expanded into, which count as changed. */
  readonly macros: ReadonlyMap<string, readonly string[]>;
  /** Bindings that are used to lower it; left out: the usual ones. */
  readonly spellings?: readonly BindingPart[];
  /** Functions that are changed, or were by earlier patches: by path and name. */
  readonly changed: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those of them that this patch or an earlier one adds, and nobody calls yet. This patch's are not in `after`. */
  readonly unused: ReadonlySet<string>;
}

/**
 * `earlier`: functions that patches before this one of the series changed; they are taken as the tree now has them. `waiting`: those of
 * them that nobody called: who is called now counts as added now.
 */
export async function readUnits(
  applied: TreePatch,
  bindings: Bindings,
  earlier: ReadTreePatch['changed'] = new Map(),
  waiting: ReadTreePatch['unused'] = new Set(),
): Promise<ReadTreePatch> {
  const parser = await loadCParser();
  const units: ReadUnit[] = [];
  const [before, after] = [new Map<string, ParsedFunction>(), new Map<string, ParsedFunction>()];
  const defines: DefineText[] = [];
  /** With the hunk that does it. */
  const redefined = new Map<string, number>();
  const changed = new Map([...earlier].map(([path, names]) => [path, new Set(names)]));
  for (const file of applied.files) {
    for (const unit of unitsOf(file, bindings)) {
      if (unit.quiet !== null) {
        units.push({ ...unit, problems: [] });
        continue;
      }
      const [old, fresh] = [contentsOf(unit.hunk, 'old'), contentsOf(unit.hunk, 'new')];
      const problems: Found[] = [];
      if (unit.isGap) {
        defines.push(...fresh.defines.filter((one) => one.change === 'added'));
        for (const one of fresh.defines) {
          const was = old.defines.findLast(({ name }) => name === one.name);
          if (was !== undefined && was.body !== one.body && !isSameNumber(was.body, one.body)) redefined.set(one.name, unit.hunk.number);
        }
      } else {
        for (const one of old.functions)
          keep(before, { ...one, lines: one.lines.map(unchanged), changed: false }, file.path, bindings, parser);
        for (const one of fresh.functions.filter((each) => each.changed)) {
          const problem = keep(after, one, file.path, bindings, parser);
          const parsed = after.get(one.name);
          const was = before.get(one.name) ?? null;
          const untold = parsed === undefined ? null : (untoldChange(was, parsed, bindings) ?? scaledChange(was, parsed, bindings));
          if (problem !== null) problems.push(problem);
          else if (untold !== null) problems.push(untold);
          if (after.size + problems.length > functionsMax) throw tooMany(applied.patch.file, null);
          const names = changed.get(file.path) ?? new Set();
          changed.set(file.path, names.add(one.name));
        }
        if (fresh.functions.length === 0 && old.functions.length === 0)
          problems.push({ name: 'a function', why: 'cannot be made out in these lines', line: unit.hunk.line });
      }
      units.push({ ...unit, problems });
    }
  }
  carry(earlier, applied, { before, after }, bindings, parser);
  const old = treeContents(applied.before, bindings);
  const contents = { before: old, after: sharing(old, treeContents(applied.after, bindings)) };
  const macros = new Map<string, readonly string[]>();
  for (const [name, hunk] of redefined) {
    if (!contents.after.macros.has(name)) continue;
    const users = usersOf(name, contents.after);
    macros.set(
      name,
      users.map((one) => one.name),
    );
    for (const { name: user, path, lines, words } of users) {
      if (after.size > functionsMax) throw tooMany(applied.patch.file, null);
      const known = after.get(user)?.source;
      const using = (known?.lines ?? lines).map((line): SideLine => (words.test(line.text) ? { ...line, hunk, change: 'added' } : line));
      after.delete(user);
      keep(after, { name: user, lines: using, hunk: known?.hunk ?? hunk, path, changed: true }, path, bindings, parser);
      changed.set(path, (changed.get(path) ?? new Set()).add(user));
      const was = contents.before.functions.find((one) => one.name === user);
      if (was !== undefined && !before.has(user))
        keep(before, { name: user, lines: was.lines, hunk: 0, path: was.path, changed: false }, was.path, bindings, parser);
    }
  }
  const known = new Set(contents.before.functions.map(({ name }) => name));
  const paths = new Set(contents.after.functions.map(({ path }) => path));
  const isNew = ({ source, file }: ParsedFunction): boolean =>
    source.changed && !known.has(source.name) && !before.has(source.name) && paths.has(file);
  const added = [...after.values()].filter(isNew).map(({ source }) => source.name);
  const unused = unusedOf(new Set([...added, ...waiting]), contents.after, applied);
  for (const name of added) if (unused.has(name)) after.delete(name);
  for (const one of contents.after.functions) {
    if (!waiting.has(one.name) || unused.has(one.name) || after.get(one.name)?.source.changed === true) continue;
    const hunk = applied.patch.hunks[0]?.number ?? 1;
    after.delete(one.name);
    keep(
      after,
      { ...one, hunk, changed: true, lines: one.lines.map((line) => ({ ...line, hunk, change: 'added' })) },
      one.path,
      bindings,
      parser,
    );
  }
  return { applied, contents, units, before: [...before.values()], after: [...after.values()], defines, macros, changed, unused };
}

type MacroUser = Pick<TreeContents['functions'][number], 'name' | 'path' | 'lines'> & { readonly words: RegExp };

/** Functions in which the macro is used, directly or through other macros. `words`: by which names. */
function usersOf(name: string, { functions, macros }: TreeContents): MacroUser[] {
  const names = new Set([name]);
  for (let last = 0; last < names.size; ) {
    last = names.size;
    const words = wordsOf(names);
    for (const macro of macros.values()) if (words.test(macro.body)) names.add(macro.name);
  }
  const words = wordsOf(names);
  return functions.flatMap((one) => (words.test(one.text) ? [{ name: one.name, path: one.path, lines: one.lines, words }] : []));
}

function wordsOf(names: ReadonlySet<string>): RegExp {
  return new RegExp(`\\b(?:${[...names].join('|')})\\b`);
}

/** Adds the function, or says why it cannot be read. */
function keep(into: Map<string, ParsedFunction>, one: FunctionText, path: string, bindings: Bindings, parser: CParser): Found | null {
  const line = one.lines[0]?.line ?? 1;
  if (into.has(one.name) && into.get(one.name)?.file !== path)
    return { name: `${one.name}()`, why: 'is changed in two files: which of the two is meant is not known', line };
  try {
    into.set(one.name, parseFunction(one, path, bindings, parser));
    return null;
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    return {
      name: `${one.name}()`,
      why: 'is not read as C: it uses macros that nothing is known of, or does not compile',
      line: error.line ?? line,
    };
  }
}

/** What earlier patches changed, and this one does not. */
function carry(
  earlier: ReadTreePatch['changed'],
  { before, after }: TreePatch,
  into: { before: Map<string, ParsedFunction>; after: Map<string, ParsedFunction> },
  bindings: Bindings,
  parser: CParser,
): void {
  for (const [path, names] of earlier) {
    for (const [tree, functions] of [
      [before, into.before],
      [after, into.after],
    ] as const) {
      const text = tree.read(path);
      if (text === null) continue;
      for (const one of fileContents(path, text, bindings).functions) {
        if (!names.has(one.name) || functions.has(one.name)) continue;
        keep(functions, { name: one.name, lines: one.lines, hunk: 0, path, changed: false }, path, bindings, parser);
      }
    }
  }
}

function unchanged(line: SideLine): SideLine {
  return { ...line, change: 'context' };
}
