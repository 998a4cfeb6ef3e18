/**
 * The two ways to run a search.
 *
 * In: a compiled system and options. Out: a result. Never: printing.
 */
import { setImmediate } from 'node:timers/promises';
import type { CompiledSystem } from '../compiler/index.ts';
import { Keeper, type Keeping } from './checkpoint/keeper.ts';
import { Helpers, workersOf } from './parallel/helpers.ts';
import { type Tuning, usualTuning } from './parallel/tuning.ts';
import type { Ample } from './reductions/ample/ample.ts';
import { planAmple, withAmple, withAmpleAsync } from './reductions/ample/plan.ts';
import { planRenaming, withPlan, withPlanAsync } from './reductions/renamed.ts';
import type { ExploreOptions, ExploreResult } from './result.ts';
import { roomier } from './roomier.ts';
import { Search } from './search.ts';
import { returnCounters, SwifterBeside, swifter } from './swifter.ts';
import { conclude } from './verdict.ts';

/** Milliseconds after which an asynchronous search lets others run. */
const turnMs = 100;

/**
 * Searches breadth first to the end or a limit. Counters of the system are reset; its buffer is used.
 * Throws PrologueError, and RangeError for systems with more than 32 processes or properties.
 */
export function explore(system: CompiledSystem, options: ExploreOptions = {}): ExploreResult {
  if ((options.workers ?? 1) > 1) throw new RangeError('workers need exploreAsync: their ends and errors are events');
  const renaming = planRenaming(system, options, false);
  return withPlan(renaming, system, (searched) =>
    withAmple(planAmple(searched, searched === system ? null : renaming.search, options, false), (ample) => {
      let search = new Search(searched, options, ample);
      while (!search.advance(turnMs)) search = roomier(swifter(search), searched);
      return concluded(search, searched);
    }),
  );
}

/**
 * The same, letting signals and timers run about ten times a second, so that Ctrl-C can end it by `options.signal`.
 * `keeping`: with checkpoints, at intervals and when a limit or the signal ends it. Throws CheckpointRefused for one that is none of this search,
 * and RangeError for workers on a system that `compileSystem` did not make.
 */
export async function exploreAsync(system: CompiledSystem, options: ExploreOptions = {}, keeping?: Keeping): Promise<ExploreResult> {
  return exploreTuned(system, options, keeping, usualTuning);
}

/** For tests of workers. */
export async function exploreTuned(
  system: CompiledSystem,
  options: ExploreOptions,
  keeping: Keeping | undefined,
  tuning: Tuning,
): Promise<ExploreResult> {
  const workers = workersOf(system, options);
  const renaming = planRenaming(system, options, keeping !== undefined);
  return withPlanAsync(renaming, system, (searched) => {
    const plan = planAmple(searched, searched === system ? null : renaming.search, options, keeping !== undefined);
    return withAmpleAsync(plan, (ample) => {
      const helpers = workers === null ? null : new Helpers({ ...workers, renaming: searched !== system }, tuning);
      return inTurns(searched, options, keeping, helpers, ample);
    });
  });
}

async function inTurns(
  system: CompiledSystem,
  options: ExploreOptions,
  keeping: Keeping | undefined,
  helpers: Helpers | null,
  ample: Ample | null,
): Promise<ExploreResult> {
  // Until there are threads it is a search by one: small runs and narrow levels cost nothing more.
  let search = new Search(system, { ...options, workers: 1 }, ample);
  const keeper = keeping === undefined ? null : new Keeper(search, keeping);
  const beside = new SwifterBeside();
  try {
    if (helpers !== null) search = await helpers.join(search);
    keeper?.follow(search);
    while (!search.advance(keeper?.turnMs(turnMs) ?? turnMs)) {
      keeper?.keepIfDue();
      await setImmediate();
      search = roomier(beside.swifter(search), system);
      if (helpers !== null) search = await helpers.join(search, beside.mayCome);
      keeper?.follow(search);
    }
  } finally {
    beside.stop();
    await search.crew?.stop();
  }
  if (!search.exhausted || keeping?.finished === true) keeper?.keep();
  search.settle();
  return concluded(search, system);
}

function concluded(search: Search, system: CompiledSystem): ExploreResult {
  const result = conclude(search);
  returnCounters(search, system);
  return result;
}
