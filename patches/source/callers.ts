/**
 * Functions of the tree that call changed ones, taken along where the model's own would not do: the model has the callee with other
 * parameters, or not at all, so that none of its procedures would come to it.
 */
import type { Procedure } from '../../compiler/ir/types.ts';
import type { Bindings } from '../bindings/schema.ts';
import type { CParser } from '../c/parse.ts';
import { misfitCallers, type Users } from '../judge/contracts.ts';
import { type LowerOptions, lowerFunctions, type ParsedFunction } from '../lower/function.ts';
import type { TreeContents } from '../tree/functions.ts';
import { parsedCallee, withCallees } from './callees.ts';

/** Longer chains of callers are not followed. */
const roundsMax = 4;

/** `functions` with the callers and callees that they need and that lower themselves. */
export function withNeighbours(
  functions: readonly ParsedFunction[],
  contents: TreeContents,
  options: LowerOptions & { readonly bindings: Bindings; readonly parser: CParser },
  procedures: ReadonlyMap<string, Procedure>,
  users: Users = {},
): readonly ParsedFunction[] {
  const own = new Set(functions.map((one) => one.source.name));
  const byName = new Map(contents.functions.map((one) => [one.name, one]));
  const tried = new Set(own);
  let callers: ParsedFunction[] = [];
  for (let round = 0; ; round += 1) {
    const all = withCallees(functions, contents, options, callers);
    const lowered = lowerFunctions(all, options);
    const replaced = new Map(lowered.map(({ name, procedure }) => [name, procedure]));
    const unknown = lowered.filter(({ name }) => own.has(name) && !procedures.has(name)).map(({ name }) => name);
    const wanted = [
      ...lowered.flatMap(({ procedure }) => (procedure === null ? [] : misfitCallers(procedure, procedures, replaced, users))),
      // Who calls what the model has not, until it is somebody whom the model has.
      ...callingNames(contents, unknown, procedures).filter((name) => procedures.has(name)),
      ...options.bindings.together.flatMap((names) => (names.some((name) => replaced.has(name)) ? names : [])),
    ];
    const fresh = [...new Set(wanted)].filter((name) => !tried.has(name) && !replaced.has(name));
    if (fresh.length === 0 || round === roundsMax) return all;
    for (const name of fresh) tried.add(name);
    callers = [...callers, ...fresh.flatMap((name) => parsedCallee(byName.get(name), options.bindings, options.parser) ?? [])];
  }
}

const functionsMax = 5000;
/** By text: a tree is asked about again for each scenario. */
const calledBy = new Map<string, readonly string[]>();

/** Words before a parenthesis, each once. */
function calledIn(text: string): readonly string[] {
  const known = calledBy.get(text);
  if (known !== undefined) return known;
  const found = [...new Set([...text.matchAll(/\b([a-z_]\w*)\s*\(/gi)].map(([, word = '']) => word))];
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
