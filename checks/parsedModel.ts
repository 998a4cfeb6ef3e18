/**
 * Model text that was parsed before for the same machine and constants: a patch asks for the same dozens of scenarios again and again.
 *
 * In: sources, an environment. Out: procedures, shared and never changed. Never: one of another machine.
 */
import { type ProcedureTable, parseSubsetOrThrow } from '../compiler/index.ts';

type Sources = Parameters<typeof parseSubsetOrThrow>[0];
type Environment = Parameters<typeof parseSubsetOrThrow>[1];

/** Systems that are kept, each of about a megabyte: more than a patch is put into. */
const keptMax = 72;
/** The one that was asked for last is last. */
const kept = new Map<string, ProcedureTable>();

/** Throws what parsing throws. */
export function parsedModel(sources: Sources, environment: Environment): ProcedureTable {
  const key = JSON.stringify([sources.map(({ path, functions }) => [path, functions]), environment.machine, [...environment.constants]]);
  const known = kept.get(key);
  kept.delete(key);
  const parsed = known ?? parseSubsetOrThrow(sources, environment);
  kept.set(key, parsed);
  for (const oldest of kept.keys()) {
    if (kept.size <= keptMax) break;
    kept.delete(oldest);
  }
  return parsed;
}
