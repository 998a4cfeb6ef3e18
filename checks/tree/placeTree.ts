/**
 * A tree's own functions in the places of the model's, in one scenario.
 *
 * In: what the tree has, a scenario with a variant. Out: the procedures to replace, and what stands for the functions that take no place.
 */
import type { Procedure } from '../../compiler/index.ts';
import { type BindingPart, lowerContents, makeBindings, type TreeContents, type TreeImportFunction } from '../../patches/index.ts';
import { type Choice, describeSystem } from '../describeSystem.ts';

export interface PlacedTree {
  readonly choice: Choice;
  /** All of the tree. */
  readonly functions: readonly TreeImportFunction[];
  /** Those that take a place, by the tree's name, which for `FNAME(x)` is another than is shown; the procedure may have another. */
  readonly placed: ReadonlyMap<string, TreeImportFunction & { readonly procedure: Procedure }>;
  /** The model's procedures that keep the place of a function of the tree, by name, with the reason. */
  readonly kept: ReadonlyMap<string, { readonly function: TreeImportFunction; readonly reason: string }>;
  /** Functions of the tree of whose calls a binding says what they mean: their text is not read, whoever calls them. */
  readonly bound: ReadonlyMap<string, { readonly function: TreeImportFunction; readonly means: string }>;
}

export async function placeTree(
  contents: TreeContents,
  { scenario, variant, preset }: Choice,
  parts: readonly BindingPart[],
): Promise<PlacedTree> {
  const description = describeSystem({ scenario, variant, preset });
  const functions = await lowerContents(contents, description, parts, description.procedures);
  const bindings = makeBindings(parts, { machine: description.machine, version: contents.version });
  const bound = new Map<string, { function: TreeImportFunction; means: string }>();
  const placed = new Map<string, TreeImportFunction & { procedure: Procedure }>();
  const kept = new Map<string, { function: TreeImportFunction; reason: string }>();
  for (const each of functions) {
    const { procedure } = each;
    const { name } = each.source;
    const meaning = bindings.meanings.get(name);
    // `x` that means `x(…)` with other arguments is the model's procedure, not a meaning of its own.
    const isCall = meaning?.means.includes(`${name}(`) === true;
    if (meaning?.first === true && !isCall) bound.set(name, { function: each, means: meaning.means });
    if (procedure !== null) placed.set(name, { ...each, procedure });
    else if (description.procedures.has(name)) kept.set(name, { function: each, reason: reasonOf(each) });
  }
  const replacing = new Map([...placed.values()].map(({ procedure }) => [procedure.name, procedure]));
  return { choice: { scenario, variant, preset, replacing }, functions, placed, kept, bound };
}

/** Why a function of a name that the model has takes no place. */
function reasonOf({ reason, within }: TreeImportFunction): string {
  if (reason !== null) return reason;
  return within.length > 0 ? `is lowered inside ${within.join(', ')} only` : 'has no effect that the model has';
}
