/**
 * What functions of a tree do that a patch does not change, as far as somebody asks: whether leaving out a call of one changes nothing.
 *
 * In: the functions of a tree. Never: more than those asked for, and what they call, is parsed.
 */
import type { Bindings } from '../bindings/schema.ts';
import type { CParser } from '../c/parse.ts';
import type { ParsedFunction } from '../lower/function.ts';
import type { TreeContents } from '../tree/functions.ts';
import { ignorableFunctions, pureFunctions } from '../tree/ignorable.ts';
import { parsedCallee } from './callees.ts';

/** What calls more functions than this, directly and through others, is taken to do something. */
const reachMax = 60;

export interface Effects {
  /** Functions that only compute a value. */
  readonly pure: Pick<ReadonlySet<string>, 'has'>;
  /** The bindings, by which calls of functions without an effect that the model has are ignorable, too. */
  readonly bindings: Bindings;
}

/** `except`: functions that are looked at whatever they do. */
export function effectsOf(contents: TreeContents, bindings: Bindings, parser: CParser, except: ReadonlySet<string>): Effects {
  const byName = new Map(contents.functions.map((one) => [one.name, one]));
  const reaches = new Map<string, readonly ParsedFunction[]>();
  const reachOf = (name: string): readonly ParsedFunction[] => {
    const known = reaches.get(name);
    if (known !== undefined) return known;
    const found = new Map<string, ParsedFunction>();
    const open = [name];
    for (let next = open.pop(); next !== undefined && found.size < reachMax; next = open.pop()) {
      const source = byName.get(next);
      const parsed = found.has(next) ? null : parsedCallee(source, bindings, parser);
      if (source === undefined || parsed === null) continue;
      found.set(next, parsed);
      for (const [, word] of source.text.matchAll(/\b([a-z_]\w*)\s*\(/gi)) if (word !== undefined && byName.has(word)) open.push(word);
    }
    reaches.set(name, [...found.values()]);
    return [...found.values()];
  };
  const asked = (find: (functions: readonly ParsedFunction[], bindings: Bindings) => ReadonlySet<string>) => {
    const answers = new Map<string, boolean>();
    return (name: string): boolean => {
      const known = answers.get(name);
      if (known !== undefined || !byName.has(name)) return known ?? false;
      const answer = find(reachOf(name), bindings).has(name);
      answers.set(name, answer);
      return answer;
    };
  };
  const isIgnorable = asked(ignorableFunctions);
  return {
    pure: { has: asked(pureFunctions) },
    bindings: { ...bindings, isIgnorableCall: (name) => bindings.isIgnorableCall(name) || (!except.has(name) && isIgnorable(name)) },
  };
}
