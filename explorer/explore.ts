/**
 * The two ways to run a search.
 *
 * In: a compiled system and options. Out: a result. Never: printing.
 */
import { setImmediate } from 'node:timers/promises';
import type { CompiledSystem } from '../compiler/index.ts';
import { Keeper, type Keeping } from './checkpoint/keeper.ts';
import { planRenaming, withPlan, withPlanAsync } from './reductions/renamed.ts';
import type { ExploreOptions, ExploreResult } from './result.ts';
import { Search } from './search.ts';
import { conclude } from './verdict.ts';

/** Milliseconds after which an asynchronous search lets others run. */
const turnMs = 100;

/**
 * Searches breadth first to the end or a limit. Counters of the system are reset; its buffer is used.
 * Throws PrologueError, and RangeError for systems with more than 32 processes or properties.
 */
export function explore(system: CompiledSystem, options: ExploreOptions = {}): ExploreResult {
  return withPlan(planRenaming(system, options, false), system, (searched) => {
    const search = new Search(searched, options);
    search.advance(Number.POSITIVE_INFINITY);
    return conclude(search);
  });
}

/**
 * The same, letting signals and timers run about ten times a second, so that Ctrl-C can end it by `options.signal`.
 * `keeping`: with checkpoints, at intervals and when a limit or the signal ends it. Throws CheckpointRefused for one that is none of this search.
 */
export async function exploreAsync(system: CompiledSystem, options: ExploreOptions = {}, keeping?: Keeping): Promise<ExploreResult> {
  return withPlanAsync(planRenaming(system, options, keeping !== undefined), system, (searched) => inTurns(searched, options, keeping));
}

async function inTurns(system: CompiledSystem, options: ExploreOptions, keeping: Keeping | undefined): Promise<ExploreResult> {
  const search = new Search(system, options);
  const keeper = keeping === undefined ? null : new Keeper(search, keeping);
  while (!search.advance(keeper?.turnMs(turnMs) ?? turnMs)) {
    keeper?.keepIfDue();
    await setImmediate();
  }
  if (!search.exhausted) keeper?.keep();
  return conclude(search);
}
