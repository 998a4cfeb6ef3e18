/**
 * The counterexample of one side of a patch, taken again on the other: where the two part.
 *
 * In: two runs of a scenario, with the patch and without it. Out: the step, and why. Never: a search.
 */
import { comparePaths, type Trace, traceLimits } from '../../counterexamples/index.ts';
import { shortestTrace } from '../../explorer/index.ts';
import { idInSearch } from '../deadlocks.ts';
import { propertiesFor } from '../describeSystem.ts';
import { namingOf } from '../namingOf.ts';
import { partingOf } from '../partingReport.ts';
import type { PatchParting } from '../results.ts';
import type { FinishedRun } from '../runSystem.ts';
import type { SourceLines } from './sourceLines.ts';

/** What the two sides are called in sentences. */
export const sideNames = { patched: 'the patched code', without: 'the code without the patch' } as const;
export type SideName = keyof typeof sideNames;
export type Sides<T> = Readonly<Record<SideName, T>>;

/** Null if `of` has no counterexample of this id. */
export function partingIn(of: SideName, runs: Sides<FinishedRun>, id: string, lines: Sides<SourceLines>): PatchParting | null {
  const other = of === 'patched' ? 'without' : 'patched';
  const { choice, found, system } = runs[of];
  const searched = idInSearch(id, propertiesFor(choice.scenario, choice.variant));
  const path = found.outcomes.some((outcome) => outcome.id === searched) ? shortestTrace(found, searched) : null;
  if (path === null) return null;
  const naming = namingOf(choice.scenario, choice.preset);
  const { parting, bViolates } = comparePaths(system, runs[other].system, path, searched, naming);
  return {
    property: id,
    of,
    steps: path.labels.length,
    bViolatesHere: bViolates,
    parting: parting === null ? null : partingOf(parting, sideNames[of], sideNames[other], { a: lines[of], b: lines[other] }),
  };
}

/** The same for the file of the trace. */
export function withParting(trace: Trace, found: PatchParting | null): Trace {
  if (found === null) return trace;
  const clip = (text: string): string => (text.length <= traceLimits.text ? text : `${text.slice(0, traceLimits.text - 3)}...`);
  return {
    ...trace,
    parting: {
      from: sideNames[found.of === 'patched' ? 'without' : 'patched'],
      step: found.parting?.step ?? null,
      violates: found.bViolatesHere,
      why: (found.parting?.why ?? []).slice(0, traceLimits.notes).map(clip),
      state: (found.parting?.state ?? [])
        .slice(0, 64)
        .map(({ name, a, b }) => ({ name: name.slice(0, traceLimits.name), here: clip(a), there: clip(b) })),
    },
  };
}
