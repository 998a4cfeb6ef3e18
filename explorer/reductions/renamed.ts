/**
 * A search over renamed states: a system whose successors are canonical, and a result that speaks of real runs again.
 *
 * In: a compiled system, options. Out: what to search, and what its result means. Never: a changed search; a trace that
 * was not taken step by step on the system as it is.
 *
 * Every trace that a result begins with is taken step by step on the real system (`realRuns.ts`) before the result is given.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import type { ExploreOptions, ExploreResult, PropertyOutcome, RenamingReport } from '../result.ts';
import { RenamingLost } from './lost.ts';
import { RealRuns } from './realRuns.ts';
import { decisionText, Renaming, whyNoRenaming } from './renaming.ts';

/** What stands before a system and counts what it does. */
export interface Tallied {
  readonly tallies: readonly Uint32Array[];
}

/** What to search instead of `system`; null: `options` do not ask for renaming, or it is refused, as `report` says. */
export interface RenamedSearch {
  readonly system: CompiledSystem;
  /** Whether processes change places, too. */
  readonly permutes: boolean;
  /** Throws RenamingLost if a trace is not confirmed. */
  finish(result: ExploreResult): ExploreResult;
}
export interface RenamingPlan {
  readonly search: RenamedSearch | null;
  readonly report: RenamingReport | null;
}

export function planRenaming(system: CompiledSystem, options: ExploreOptions, keeps: boolean): RenamingPlan {
  if (options.reductions?.renaming !== true) return { search: null, report: null };
  const refused = keeps ? 'checkpoints keep real states' : whyNoRenaming(system, options.mode ?? 'exact');
  if (refused !== null) return { search: null, report: { tables: [], renamed: 0, refused } };
  const renaming = new Renaming(system);
  const tables = renaming.tables.map(decisionText);
  if (!renaming.any) return { search: null, report: { tables, renamed: 0, refused: 'no table has rows that may be renamed' } };
  return { search: renamedSearch(system, renaming), report: { tables, renamed: 0, refused: null } };
}

/** Runs `search` on the renamed states, or on the real ones where renaming is refused or turns out not to hold. */
export function withPlan(plan: RenamingPlan, system: CompiledSystem, search: (system: CompiledSystem) => ExploreResult): ExploreResult {
  const { search: renamed } = plan;
  if (renamed === null) return withReport(search(system), plan.report);
  try {
    return renamed.finish(search(renamed.system));
  } catch (error) {
    return withReport(search(system), lost(plan, error));
  }
}

/** The same for a search that takes turns. */
export async function withPlanAsync(
  plan: RenamingPlan,
  system: CompiledSystem,
  search: (system: CompiledSystem) => Promise<ExploreResult>,
): Promise<ExploreResult> {
  const { search: renamed } = plan;
  if (renamed === null) return withReport(await search(system), plan.report);
  try {
    return renamed.finish(await search(renamed.system));
  } catch (error) {
    return withReport(await search(system), lost(plan, error));
  }
}

function lost(plan: RenamingPlan, error: unknown): RenamingReport {
  if (!(error instanceof RenamingLost)) throw error;
  return { tables: plan.report?.tables ?? [], renamed: 0, refused: error.message };
}

function withReport(result: ExploreResult, renaming: RenamingReport | null): ExploreResult {
  return renaming === null ? result : { ...result, saved: { ...result.saved, renaming } };
}

/** What is searched when `renaming` is applied to `system`: for `planRenaming`, and for tests that break it on purpose. */
export function renamedSearch(system: CompiledSystem, renaming: Renaming): RenamedSearch {
  return {
    system: canonical(system, renaming),
    permutes: renaming.permutes,
    finish: (result) => {
      const tables = renaming.tables.map(decisionText);
      const { renamed } = renaming;
      const initial = system.initialStates();
      const real = new RealRuns(system, renaming, result.graph, initial);
      return {
        ...result,
        outcomes: result.outcomes.map((outcome) => realOutcome(outcome, real)),
        graph: {
          ...result.graph,
          initial,
          labelOf: (state) => real.of(state).label,
          wordsOf: (state) => real.of(state).words.slice(),
        },
        saved: { ...result.saved, renaming: { tables, renamed, refused: null } },
      };
    },
  };
}

function realOutcome(outcome: PropertyOutcome, real: RealRuns): PropertyOutcome {
  const { first, faults, deadlock } = outcome;
  return {
    ...outcome,
    first: first === null ? null : real.end(first),
    ...(faults === undefined ? {} : { faults: faults.map((fault) => ({ ...fault, first: real.end(fault.first) })) }),
    ...(deadlock === undefined || first === null
      ? {}
      : {
          deadlock: {
            ...deadlock,
            processes: deadlock.processes.map((process) => real.process(first.state, process)).toSorted((a, b) => a - b),
          },
        }),
  };
}

function canonical(system: CompiledSystem, renaming: Renaming): CompiledSystem & Tallied {
  const { buffer, words, status } = system;
  return {
    ...system,
    tallies: [renaming.tally],
    get faults() {
      return system.faults;
    },
    initialStates: () =>
      system.initialStates().map((state) => {
        const renamed = state.slice();
        renaming.rename(renamed, 0);
        return renamed;
      }),
    expand: (base, out) => {
      const made = system.expand(base, out);
      renaming.renameSteps(buffer, base, out, made, words, status);
      return made;
    },
    enabled: (base) => system.enabled(base),
    step: (base, label, out) => {
      const ended = system.step(base, label, out);
      if (ended === 0) renaming.rename(buffer, out);
      return ended;
    },
    check: (base) => system.check(base),
    reachedMask: () => system.reachedMask(),
    processStatus: (base, process) => system.processStatus(base, process),
    waitsFor: (base, process) => system.waitsFor(base, process),
    isQuiescent: (base) => system.isQuiescent(base),
    resetCounters: () => system.resetCounters(),
  };
}
