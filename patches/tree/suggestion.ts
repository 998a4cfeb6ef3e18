/**
 * What somebody can do about a name that the model has not.
 */
import type { Unmodelled } from '../lower/problems.ts';
import type { TreeContents } from './functions.ts';

/**
 * A clause to add to the reason; empty if there is nothing to say. `declared`: what the patch declares anew, with the structure whose
 * member it is, if any.
 */
export function suggestion(
  what: Unmodelled,
  contents: TreeContents,
  procedures: ReadonlyMap<string, unknown>,
  declared: ReadonlyMap<string, string | null> = new Map(),
): string {
  const owner = declared.get(what.name.split('.').at(-1) ?? '');
  if (owner !== undefined && /^is no (field|name)/.test(what.why))
    return `: the patch adds it${owner === null ? '' : ` to ${owner}`}, and the model's state has no place for it; "ignorableFields" in --bind takes what decides nothing`;
  const own = contents.functions.find((one) => one.name === what.name);
  if (own !== undefined)
    return `: the tree's own, at ${own.path}:${own.firstLine}, is not imported either${procedures.has(what.name) ? '' : ', and the model has none'}`;
  if (what.why.startsWith('is no type')) return ': bind it under "types", or give a record of that name';
  if (what.why.startsWith('is no field')) return ': bind it under "fields", "objects" or "ignorableFields"';
  if (what.why.startsWith('is no function'))
    return ': bind it under "calls" or "meanings", or under "ignorableCalls" if it has no effect here';
  if (what.why.startsWith('is no name')) return ': bind it under "meanings"';
  if (what.why.startsWith('is a macro')) return ': bind it under "iterations"';
  return '';
}
