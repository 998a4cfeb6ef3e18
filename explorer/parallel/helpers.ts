/**
 * When a search gets threads.
 *
 * In: a search that is under way. Out: a crew, once there is enough to do for it. Never: a thread for a search that ends at once.
 */
import { setTimeout } from 'node:timers/promises';
import { type CompiledSystem, type Recipe, recipeOf } from '../../compiler/index.ts';
import type { ExploreOptions } from '../result.ts';
import type { Search } from '../search.ts';
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

  /** Starts threads if the search has proved to be large, and gives them a chance to say what went wrong. */
  async join(search: Search): Promise<void> {
    const { fromMs, minParents, waitForWorkers } = this.tuning;
    if (search.crew === null) {
      if (!this.fits(search) || search.elapsedMs < fromMs || (search.levelEnd - search.next < minParents && !waitForWorkers)) return;
      search.crew = new Crew(search, this.request, this.tuning);
    }
    while (waitForWorkers && !search.crew.ready) await setTimeout(1);
  }

  /** Whether what threads need for themselves is little beside what the search may take. */
  private fits({ system, memoryLimit, memoryBytes }: Search): boolean {
    return 4 * crewBytes(system, this.request.workers, this.tuning) <= memoryLimit - memoryBytes;
  }
}
