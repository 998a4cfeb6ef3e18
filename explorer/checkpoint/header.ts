/**
 * What the head of a checkpoint says: of what run it is, and all of its search that is no long column.
 *
 * In: JSON. Out: a checked header. Never: a state.
 */
import { z } from 'zod';

/** Of the layout of the file; to be raised whenever that changes. */
export const formatVersion = 2;

const natural = z.int().min(0);
const mode = z.enum(['exact', 'fingerprint']);
const findingSchema = z.tuple([
  natural,
  z.strictObject({
    first: z.strictObject({ state: natural, label: z.int().nullable() }),
    depth: natural,
    count: natural,
  }),
]);

export const savedSearchSchema = z.strictObject({
  levels: z.array(natural),
  levelEnd: natural,
  next: natural,
  initialCount: natural,
  transitions: natural,
  quiescent: natural,
  elapsedMs: z.number().min(0),
  firstCycle: z.strictObject({ kind: z.enum(['cycle', 'stuck']), processes: z.array(natural) }).nullable(),
  violated: z.array(findingSchema),
  met: z.array(findingSchema),
  /** By index into the faults of the system that was saved; that of another one numbers them anew. */
  faults: z.array(findingSchema),
  reachedMask: z.int(),
});
export type SavedSearch = z.infer<typeof savedSearchSchema>;

export const identitySchema = z.strictObject({
  /** Version of mmucheck: another one may search in another order. */
  mmucheck: z.string(),
  /** Of the model, its bounds and the properties that are looked at. */
  model: z.string(),
  mode,
  /** Names of the reductions that are switched on, separated by commas. */
  reductions: z.string(),
  /** Words of a state. */
  words: natural,
});
/** What must be the same for a search to go on. */
export type Identity = z.infer<typeof identitySchema>;

export const headerSchema = z.strictObject({ identity: identitySchema, search: savedSearchSchema, bodyWords: natural });
export type Header = z.infer<typeof headerSchema>;

/** Why a checkpoint of `saved` is none of `wanted`, as the end of a sentence; null: it is one. */
export function differenceOf(saved: Identity, wanted: Identity): string | null {
  if (saved.mmucheck !== wanted.mmucheck) return `was made by mmucheck ${saved.mmucheck}, and this is ${wanted.mmucheck}`;
  if (saved.mode !== wanted.mode) return `is of a search in mode ${saved.mode}, and this one is in mode ${wanted.mode}`;
  if (saved.reductions !== wanted.reductions) {
    return `is of a search with ${saved.reductions || 'no reductions'}, and this one is with ${wanted.reductions || 'none'}`;
  }
  if (saved.model !== wanted.model || saved.words !== wanted.words) {
    return `is of another model, other bounds or other properties (fingerprint ${saved.model}, and this is ${wanted.model})`;
  }
  return null;
}
