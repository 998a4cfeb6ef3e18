/**
 * A search that has proved to be large goes on with a system that takes longer to make and runs faster.
 *
 * In: a search between two batches. Out: it, or one that goes on from where it is. Never: another result; ids, order and counters are the same.
 */
import { type CompiledSystem, forLargeSearch, prepareLargeSearch } from '../compiler/index.ts';
import { handOver } from './checkpoint/state.ts';
import { Search } from './search.ts';

/**
 * States from which on it is worth it where the search has to wait for the module: about where what it would have saved so far is what going there costs
 * (docs/decisions). No run at small bounds has so many; a search that ends soon after has lost less than half of what it took.
 */
const largeStates = 1_000_000;
/**
 * States from which on a module is made in a thread, for which nobody waits. Earlier would save more of a large run where a core is idle, and
 * cost runs of less than a million states the thread's processor time where none is.
 */
const promisingStates = 700_000;

/**
 * Only where no back end was asked for; not under threads, whose visited set is not that of a module; not with ample sets, which are chosen between
 * two batches' expansion and their insertion. `from`: states, for tests.
 */
export function swifter(search: Search, from = largeStates): Search {
  return mayGo(search) && search.visited.states >= from ? inModule(search, null) : search;
}

function mayGo({ options, ample, exhausted }: Search): boolean {
  return (options.workers ?? 1) <= 1 && ample === null && !exhausted;
}

function inModule(search: Search, ahead: Parameters<typeof forLargeSearch>[1]): Search {
  const start = performance.now();
  const system = forLargeSearch(search.system, ahead);
  if (system === null) return search;
  const next = new Search(system, search.options);
  handOver(search, next);
  next.elapsedMs += performance.now() - start;
  return next;
}

/** As `swifter`, for a search that lets the event loop turn: a thread makes the module meanwhile. */
export class SwifterBeside {
  private translation: ReturnType<typeof prepareLargeSearch> | undefined;

  /** `from`: states, for tests. */
  constructor(private readonly from = promisingStates) {}

  swifter(search: Search): Search {
    if (!mayGo(search)) return search;
    if (this.translation === undefined) {
      if (search.visited.states < this.from) return search;
      this.translation = prepareLargeSearch(search.system);
    }
    const ahead = this.translation?.ahead;
    if (ahead === undefined || ahead === 'none') return swifter(search);
    return ahead === null ? search : inModule(search, ahead);
  }

  /** Whether a search may come to be in a module later on, if it can be at all: nothing has said yet that it cannot. */
  get mayCome(): boolean {
    return this.translation !== null && this.translation?.ahead !== 'none';
  }

  stop(): void {
    this.translation?.stop();
  }
}

/** Counters of the system that the search ended with become those of the one that it was given. */
export function returnCounters({ system: from }: Search, to: CompiledSystem): void {
  if (from === to) return;
  to.monitorCounts.set(from.monitorCounts);
  to.coverage.set(from.coverage);
  if (from.worst !== undefined) to.worst?.set(from.worst);
  if (from.markCounts !== undefined) to.markCounts?.set(from.markCounts);
}
