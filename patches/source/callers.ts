/**
 * Functions of the tree that call changed ones, taken along where the model's own would not do: the model has the callee with other
 * parameters, or not at all, or nobody in the scenario calls it, so that none of its procedures would come to it.
 */
import type { Procedure } from '../../compiler/ir/types.ts';
import type { Bindings } from '../bindings/schema.ts';
import type { CParser } from '../c/parse.ts';
import { misfitCallers, running, type Users } from '../judge/contracts.ts';
import { type LoweredFunction, type LowerOptions, lowerFunctions, type ParsedFunction } from '../lower/function.ts';
import type { TreeContents } from '../tree/functions.ts';
import { noTexts, parsedCallee, seeing, type Texts, withCallees } from './callees.ts';

/** Longer chains of callers are not followed. */
const roundsMax = 4;

export interface Neighbours {
  readonly functions: readonly ParsedFunction[];
  /** By which they are lowered. */
  readonly options: Pick<LowerOptions, 'bodies' | 'visible'>;
}

/**
 * `functions` with the callers and callees that they need and that lower themselves. Where some of `functions` do not, once more with the
 * texts of what cannot be called in its callers: only then, since most patches are in functions that need none of that.
 */
export function withNeighbours(
  functions: readonly ParsedFunction[],
  contents: TreeContents,
  options: NeighbourOptions,
  procedures: ReadonlyMap<string, Procedure>,
  users: Users = {},
): Neighbours {
  const plain = neighbours(functions, contents, options, procedures, users, null);
  const own = new Set(functions.map((one) => one.source.name));
  if (plain.lowered.every((one) => !own.has(one.name) || one.procedure !== null)) return { functions: plain.functions, options: {} };
  const texts = noTexts();
  const { functions: all } = neighbours(functions, contents, options, procedures, users, texts);
  const { bodies, visible } = seeing(all, options, texts);
  return { functions: all, options: { ...(bodies === undefined ? {} : { bodies }), ...(visible === undefined ? {} : { visible }) } };
}

type NeighbourOptions = LowerOptions & { readonly bindings: Bindings; readonly parser: CParser };

function neighbours(
  functions: readonly ParsedFunction[],
  contents: TreeContents,
  options: NeighbourOptions,
  procedures: ReadonlyMap<string, Procedure>,
  users: Users,
  texts: Texts | null,
): { readonly functions: readonly ParsedFunction[]; readonly lowered: readonly LoweredFunction[] } {
  const own = new Set(functions.map((one) => one.source.name));
  const byName = new Map(contents.functions.map((one) => [one.name, one]));
  const tried = new Set(own);
  let callers: ParsedFunction[] = [];
  for (let round = 0; ; round += 1) {
    const all = withCallees(functions, contents, options, callers, texts);
    const lowered = lowerFunctions(all, texts === null ? options : seeing(all, options, texts));
    const replaced = new Map(lowered.map(({ name, procedure }) => [name, procedure]));
    const run = running(procedures, replaced, users);
    // What the model's procedures do not come to, the tree's own may.
    const unknown = lowered.flatMap(({ name, procedure }) => {
      const known = procedure?.name ?? name;
      return own.has(name) && (!procedures.has(known) || run?.has(known) === false) ? [name] : [];
    });
    const wanted = [
      ...lowered.flatMap(({ procedure }) => (procedure === null ? [] : misfitCallers(procedure, procedures, replaced, users))),
      // Who calls what the model has not, or what nobody runs there, until it is somebody whom the model has.
      ...callingNames(contents, unknown, procedures).filter((name) => procedures.has(name)),
      ...options.bindings.together.flatMap((names) => (names.some((name) => replaced.has(name)) ? names : [])),
    ];
    const fresh = [...new Set(wanted)].filter((name) => !tried.has(name) && !replaced.has(name));
    if (fresh.length === 0 || round === roundsMax) return { functions: all, lowered };
    for (const name of fresh) tried.add(name);
    callers = [...callers, ...fresh.flatMap((name) => parsedCallee(byName.get(name), options.bindings, options.parser) ?? [])];
  }
}

const functionsMax = 5000;
/** By text: a tree is asked about again for each scenario. */
const calledBy = new Map<string, readonly string[]>();

/** Words before a parenthesis, and those that are given or assigned by themselves, as handlers are, each once. */
function calledIn(text: string): readonly string[] {
  const known = calledBy.get(text);
  if (known !== undefined) return known;
  const found = [
    ...new Set([...text.matchAll(/\b([a-z_]\w*)\s*\(|(?<=[(,=]\s*)\b([a-z_]\w*)\s*(?=[,);])/gi)].map(([, a, b]) => a ?? b ?? '')),
  ];
  if (calledBy.size >= functionsMax) calledBy.clear();
  calledBy.set(text, found);
  return found;
}

/** Names of the functions of a tree in which one of these is called, directly or through others; who calls one of `ends` is not looked for. */
export function callingNames(
  contents: TreeContents,
  names: readonly string[],
  ends: Pick<ReadonlyMap<string, unknown>, 'has'> = new Set(),
): readonly string[] {
  const found = new Set<string>();
  let last = names;
  for (let round = 0; round < roundsMax && last.length > 0; round += 1) {
    const called = new Set(last);
    const fresh = contents.functions.filter(({ name, text }) => {
      if (found.has(name) || called.has(name)) return false;
      return calledIn(text).some((word) => called.has(word));
    });
    const callers = fresh.map(({ name }) => name).filter((name) => !names.includes(name));
    for (const name of callers) found.add(name);
    last = callers.filter((name) => !ends.has(name));
  }
  return [...found];
}

/** Functions of the model that come to this one through none but functions that the model has not. */
export function holdersOf(contents: TreeContents, name: string, procedures: ReadonlyMap<string, Procedure>): readonly string[] {
  const found = new Set<string>();
  const seen = new Set([name]);
  for (let open = [name]; open.length > 0; ) {
    const called = new Set(open);
    const callers = contents.functions.filter((one) => !seen.has(one.name) && calledIn(one.text).some((word) => called.has(word)));
    for (const one of callers) seen.add(one.name);
    for (const one of callers) if (procedures.has(one.name)) found.add(one.name);
    open = callers.map((one) => one.name).filter((each) => !procedures.has(each));
  }
  return [...found];
}
