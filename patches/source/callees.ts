/**
 * Functions of the tree that changed functions call, and that neither the model nor the bindings have, or that the model has with other
 * parameters: taken along, if the model has what they use.
 */
import type { Bindings } from '../bindings/schema.ts';
import type { CParser } from '../c/parse.ts';
import { type LoweredFunction, type LowerOptions, lowerFunctions, type ParsedFunction, parseFunction } from '../lower/function.ts';
import { UnreadableInput } from '../mail/unreadable.ts';
import type { TreeContents, TreeFunction } from '../tree/functions.ts';

/** Deeper chains of callees, or more of them, are not followed. */
const roundsMax = 12;
const calleesMax = 80;

/** Of what lowering says where a function is called that nobody knows, or in another way than the model's. */
const unknown = 'is no function that the model has';
const misfit = 'fits no contract: ';
const isMissing = (why: string): boolean => why === unknown || why.startsWith(misfit);

/** `functions`, and the callees that they need and that lower themselves; `others` as well, as far as they lower. */
export function withCallees(
  functions: readonly ParsedFunction[],
  contents: TreeContents,
  options: LowerOptions,
  others: readonly ParsedFunction[] = [],
): readonly ParsedFunction[] {
  const byName = new Map(contents.functions.map((one) => [one.name, one]));
  const own = new Set(functions.map((one) => one.source.name));
  const refused = new Set<string>();
  let callees: readonly ParsedFunction[] = others;
  for (let round = 0; round < roundsMax; round += 1) {
    const lowered = lowerFunctions([...functions, ...callees], options);
    const taken = new Set(callees.map((one) => one.source.name));
    const wanted = new Set(lowered.flatMap((one) => missingOf(one)).filter((name) => byName.has(name) && !own.has(name)));
    const fresh = [...wanted].filter((name) => !taken.has(name) && !refused.has(name)).slice(0, calleesMax - callees.length);
    const parsed = fresh.flatMap((name) => parsedCallee(byName.get(name), options.bindings, options.parser) ?? []);
    for (const name of fresh) if (!parsed.some((one) => one.source.name === name)) refused.add(name);
    // What still lacks something that is no callee will always lack it, and so will what calls it.
    const hopeless = lowered.filter((one) => taken.has(one.name) && lacksMore(one, wanted, refused)).map((one) => one.name);
    for (const name of hopeless) refused.add(name);
    if (parsed.length === 0 && hopeless.length === 0) break;
    callees = [...callees, ...parsed].filter((one) => !refused.has(one.source.name));
  }
  // Whatever is left of a chain that was not followed to its end must not be called.
  for (;;) {
    const lowered = lowerFunctions([...functions, ...callees], options);
    const bad = new Set(lowered.filter((one) => one.procedure === null).map((one) => one.name));
    const good = callees.filter((one) => !bad.has(one.source.name));
    if (good.length === callees.length) return [...functions, ...callees];
    callees = good;
  }
}

function missingOf({ unmodelled }: LoweredFunction): string[] {
  return unmodelled.flatMap(({ name, why }) => (isMissing(why) ? [name] : []));
}

function lacksMore({ unmodelled }: LoweredFunction, wanted: ReadonlySet<string>, refused: ReadonlySet<string>): boolean {
  return unmodelled.some(({ name, why }) => !isMissing(why) || !wanted.has(name) || refused.has(name));
}

/** A function of the tree, or null if there is none that is read as C. */
export function parsedCallee(one: TreeFunction | undefined, bindings: Bindings, parser: CParser): ParsedFunction | null {
  if (one === undefined) return null;
  try {
    return parseFunction({ name: one.name, lines: one.lines, hunk: 0, path: one.path, changed: false }, one.path, bindings, parser);
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    return null;
  }
}
