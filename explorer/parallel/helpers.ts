/**
 * When a search gets threads.
 *
 * In: a search that is under way. Out: a crew, once there is enough to do for it. Never: a thread for a search that ends at once.
 */
import { setTimeout } from 'node:timers/promises';
import { type CompiledSystem, forLargeSearch, type Recipe, recipeOf } from '../../compiler/index.ts';
import { handOver } from '../checkpoint/state.ts';
import type { ExploreOptions } from '../result.ts';
import { Search } from '../search.ts';
import { copyCounters, counterWords, restoreCounters } from './counters.ts';
import { Crew, type CrewRequest, crewBytes } from './crew.ts';
import type { Tuning } from './tuning.ts';

/** Null: one thread is asked for. Throws RangeError for a number that cannot be, and for a system that threads cannot compile. */
export function workersOf(system: CompiledSystem, { workers = 1 }: ExploreOptions): { recipe: Recipe; workers: number } | null {
  if (!Number.isInteger(workers) || workers < 1 || workers > mostWorkers)
    throw new RangeError(`1 to ${mostWorkers} workers, not ${workers}`);
  if (workers === 1) return null;
  const recipe = recipeOf(system);
  if (recipe === undefined) throw new RangeError('workers compile the system themselves, and this one was not made by compileSystem');
  return { recipe, workers };
}

export const mostWorkers = 64;

export class Helpers {
  constructor(
    private readonly request: CrewRequest,
    private readonly tuning: Tuning,
  ) {}

  /**
   * Starts threads if the search has proved to be large; it goes on over memory that they share, from where it is, and takes its steps in a
   * module if no back end was asked for. Also gives threads a chance to say what went wrong.
   */
  async join(search: Search): Promise<Search> {
    const joined = search.crew === null && this.isDue(search) ? this.withCrew(search) : search;
    while (this.tuning.waitForWorkers && joined.crew?.ready === false) await setTimeout(1);
    return joined;
  }

  private isDue(search: Search): boolean {
    const { fromMs, minParents, waitForWorkers } = this.tuning;
    // Where memory is short, threads are the last that is wanted.
    if (search.elapsedMs < fromMs || search.exhausted || search.options.compress === true) return false;
    return (search.levelEnd - search.next >= minParents || waitForWorkers) && this.fits(search);
  }

  private withCrew(search: Search): Search {
    const system = forLargeSearch(search.system) ?? search.system;
    const counters = new Int32Array(counterWords(search.system));
    copyCounters(search.system, counters);
    const shared = new Search(system, { ...search.options, workers: this.request.workers });
    handOver(search, shared);
    // It may be the same system, whose counters a new search sets back.
    restoreCounters(system, counters);
    shared.crew = new Crew(shared, { ...this.request, recipe: recipeOf(system) ?? this.request.recipe }, this.tuning);
    return shared;
  }

  /** Whether what threads need for themselves, and a copy of all states, is little beside what the search may take. */
  private fits({ system, memoryLimit, memoryBytes }: Search): boolean {
    return 4 * crewBytes(system, this.request.workers, this.tuning) + memoryBytes <= memoryLimit - memoryBytes;
  }
}
