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
const roundsMax = 20;
const calleesMax = 80;

/** Of what lowering says where a function is called that nobody knows, or in another way than the model's. */
const unknown = ['is no function that the model has', 'is no name that the model has'];
const misfit = 'fits no contract: ';
const isMissing = (why: string): boolean => unknown.includes(why) || why.startsWith(misfit);

/** What calls may need that no procedure can be made of: texts for their callers, and which functions nobody may call. */
export interface Texts {
  readonly bodies: Map<string, ParsedFunction>;
  readonly hidden: Set<string>;
}
export const noTexts = (): Texts => ({ bodies: new Map(), hidden: new Set() });

/** Options by which these functions are lowered: what is hidden is not called. */
export function seeing(functions: readonly ParsedFunction[], options: LowerOptions, { bodies, hidden }: Texts): LowerOptions {
  if (bodies.size === 0 && hidden.size === 0) return options;
  const visible = new Set(functions.flatMap(({ source }) => (hidden.has(source.name) ? [] : [source.name])));
  return { ...options, bodies: [...bodies.values()], visible };
}

/**
 * `functions`, and the callees that they need and that lower themselves; `others` as well, as far as they lower. With `texts` those that
 * do not are kept there for their callers, in which they may be lowered.
 */
export function withCallees(
  functions: readonly ParsedFunction[],
  contents: TreeContents,
  options: LowerOptions,
  others: readonly ParsedFunction[] = [],
  texts: Texts | null = null,
): readonly ParsedFunction[] {
  const lower = (all: readonly ParsedFunction[]) => lowerFunctions(all, texts === null ? options : seeing(all, options, texts));
  const byName = new Map(contents.functions.map((one) => [one.name, one]));
  const own = new Set(functions.map((one) => one.source.name));
  const refused = new Set<string>();
  let callees: readonly ParsedFunction[] = others;
  for (let round = 0; round < roundsMax; round += 1) {
    if (texts !== null)
      for (const name of handlersIn([...functions, ...callees])) {
        const one = texts.bodies.has(name) || own.has(name) ? null : parsedCallee(byName.get(name), options.bindings, options.parser);
        if (one !== null) texts.bodies.set(name, one);
      }
    const lowered = lower([...functions, ...callees]);
    const taken = new Set(callees.map((one) => one.source.name));
    const wanted = new Set(lowered.flatMap((one) => missingOf(one)).filter((name) => byName.has(name) && !own.has(name)));
    const fresh = [...wanted].filter((name) => !taken.has(name) && !refused.has(name)).slice(0, calleesMax - callees.length);
    const parsed = fresh.flatMap((name) => parsedCallee(byName.get(name), options.bindings, options.parser) ?? []);
    for (const name of fresh) if (!parsed.some((one) => one.source.name === name)) refused.add(name);
    // What still lacks something that is no callee will always lack it, and so will what calls it.
    const hopeless = lowered.filter((one) => taken.has(one.name) && lacksMore(one, wanted, refused)).map((one) => one.name);
    for (const name of hopeless) refused.add(name);
    const moved = texts === null ? false : leftToCallers(texts, [...functions, ...callees], lowered, { own, refused, wanted });
    if (parsed.length === 0 && hopeless.length === 0 && !moved) break;
    callees = [...callees, ...parsed].filter((one) => !refused.has(one.source.name));
  }
  // Whatever is left of a chain that was not followed to its end must not be called.
  for (;;) {
    const lowered = lower([...functions, ...callees]);
    const bad = new Set(lowered.filter((one) => one.procedure === null).map((one) => one.name));
    const good = callees.filter((one) => !bad.has(one.source.name));
    if (good.length === callees.length) return [...functions, ...callees];
    callees = good;
  }
}

/** Words that are given or assigned by themselves: functions may be among them. */
function handlersIn(functions: readonly ParsedFunction[]): ReadonlySet<string> {
  const words = functions.flatMap(({ source }) =>
    source.lines.flatMap(({ text }) => [...text.matchAll(/(?:[(,=)]\s*|^\s*)([a-z_]\w*)(?=\s*[,);])/gi)].map(([, word = '']) => word)),
  );
  return new Set(words);
}

/** Notes the texts of what cannot be called. Whether there are more than before. */
function leftToCallers(
  { bodies, hidden }: Texts,
  functions: readonly ParsedFunction[],
  lowered: readonly LoweredFunction[],
  { own, refused, wanted }: Readonly<Record<'own' | 'refused' | 'wanted', ReadonlySet<string>>>,
): boolean {
  const before = bodies.size + hidden.size;
  for (const [index, one] of functions.entries()) {
    const { name } = one.source;
    if (refused.has(name)) bodies.set(name, one);
    const result = lowered[index];
    if (own.has(name) && result?.procedure === null && lacksMore(result, wanted, refused)) hidden.add(name);
  }
  return bodies.size + hidden.size > before;
}

function missingOf({ unmodelled }: LoweredFunction): string[] {
  return unmodelled.flatMap(({ name, why }) => (isMissing(why) ? [name] : []));
}

function lacksMore({ unmodelled }: LoweredFunction, wanted: ReadonlySet<string>, refused: ReadonlySet<string>): boolean {
  return unmodelled.some(({ name, why }) => !isMissing(why) || !wanted.has(name) || refused.has(name));
}

/** Functions that were parsed, by the words that are blanked before: a tree is asked about again for each scenario. Null: no C. */
const parsedBefore = new WeakMap<TreeFunction, Map<string, ParsedFunction | null>>();

/** A function of the tree, the same one each time, or null if there is none that is read as C. */
export function parsedCallee(one: TreeFunction | undefined, bindings: Bindings, parser: CParser): ParsedFunction | null {
  if (one === undefined) return null;
  const known = parsedBefore.get(one) ?? new Map<string, ParsedFunction | null>();
  parsedBefore.set(one, known);
  const words = [...bindings.attributes].join(' ');
  const before = known.get(words);
  if (before !== undefined) return before;
  const parsed = parsedNow(one, bindings, parser);
  known.set(words, parsed);
  return parsed;
}

function parsedNow(one: TreeFunction, bindings: Bindings, parser: CParser): ParsedFunction | null {
  try {
    return parseFunction({ name: one.name, lines: one.lines, hunk: 0, path: one.path, changed: false }, one.path, bindings, parser);
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    return null;
  }
}
