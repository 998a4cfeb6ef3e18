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
import { ModuleFull } from '../visited/moduleSet.ts';
import { SlotSet } from '../visited/slotSet.ts';
import { copyCounters, counterWords, restoreCounters } from './counters.ts';
import { Crew, crewBytes } from './crew.ts';
import { ModuleGround, OutsideGround } from './ground.ts';
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

export interface HelpersRequest {
  readonly recipe: Recipe;
  /** Whether the search is over renamed states. */
  readonly renaming: boolean;
  /** Threads that expand, the main thread included. */
  readonly workers: number;
}

export class Helpers {
  /** There was no room for threads in the memory of the module. */
  private refused = false;

  constructor(
    private readonly request: HelpersRequest,
    private readonly tuning: Tuning,
  ) {}

  /**
   * Starts threads if the search has proved to be large; it goes on from where it is. If it `mayCome` into a module that is waited for, since threads bring
   * more there. Also gives threads a chance to say what went wrong.
   */
  async join(search: Search, mayCome = true): Promise<Search> {
    const joined = search.crew === null && this.isDue(search, mayCome) ? this.withCrew(search) : search;
    while (this.tuning.waitForWorkers && joined.crew?.ready === false) await setTimeout(1);
    return joined;
  }

  private isDue(search: Search, mayCome: boolean): boolean {
    const { fromMs, fromMsOutside, minParents, waitForWorkers } = this.tuning;
    const { recipe, renaming } = this.request;
    // Where memory is short, threads are the last that is wanted.
    if (this.refused || search.exhausted || search.options.compress === true) return false;
    if (search.elapsedMs < (search.inModule === null ? fromMsOutside : fromMs)) return false;
    if (search.inModule === null && mayCome && !waitForWorkers && !renaming && recipe.options.backEnd === undefined) return false;
    return (search.levelEnd - search.next >= minParents || waitForWorkers) && this.fits(search);
  }

  private withCrew(search: Search): Search {
    const { workers } = this.request;
    const beside = search.inModule === null ? forLargeSearch(search.system) : null;
    if (search.inModule === null && beside === null) return this.withCrewOutside(search);
    const found = beside === null ? search : movedTo(new Search(beside, search.options), search);
    const { inModule, system } = found;
    try {
      // Not in the module any more: its memory has ended.
      if (inModule === null) throw new ModuleFull('no memory for threads');
      const ground = new ModuleGround(system, inModule, workers, 2 * found.memoryLimit);
      found.crew = new Crew(found, ground, workers, this.tuning);
    } catch (error) {
      if (!(error instanceof ModuleFull)) throw error;
      this.refused = true;
    }
    return found;
  }

  /** Over memory of the engine's that threads share, into which the states are copied. */
  private withCrewOutside(search: Search): Search {
    const { system } = search;
    const { workers } = this.request;
    const counters = new Int32Array(counterWords(system));
    copyCounters(system, counters);
    const shared = movedTo(new Search(system, { ...search.options, workers }), search);
    // It is the same system, whose counters a new search sets back.
    restoreCounters(system, counters);
    const { visited } = shared;
    if (!(visited instanceof SlotSet)) throw new RangeError('a visited set that is not for threads');
    shared.crew = new Crew(shared, new OutsideGround(system, visited, this.request), workers, this.tuning);
    return shared;
  }

  /** Whether what threads need for themselves, and a copy of all states, is little beside what the search may take. */
  private fits({ system, memoryLimit, memoryBytes, inModule }: Search): boolean {
    const copy = inModule === null ? memoryBytes : 0;
    return 4 * crewBytes(system, this.request.workers, this.tuning) + copy <= memoryLimit - memoryBytes;
  }
}

function movedTo(to: Search, from: Search): Search {
  handOver(from, to);
  return to;
}
