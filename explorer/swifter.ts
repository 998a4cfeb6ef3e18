/**
 * A search that has proved to be large goes on with a system that takes longer to make and runs faster.
 *
 * In: a search between two batches. Out: it, or one that goes on from where it is. Never: another result; ids, order and counters are the same.
 */
import { type CompiledSystem, forLargeSearch } from '../compiler/index.ts';
import { handOver } from './checkpoint/state.ts';
import { Search } from './search.ts';

/**
 * States from which on it is worth it: about where what a module would have saved so far is what going there costs (docs/decisions). No run
 * at small bounds has so many; a search that ends soon after has lost less than half of what it took.
 */
const largeStates = 1_000_000;

/**
 * Only where no back end was asked for; not under threads, whose visited set is not that of a module; not with ample sets, which are chosen between
 * two batches' expansion and their insertion. `from`: states, for tests.
 */
export function swifter(search: Search, from = largeStates): Search {
  if ((search.options.workers ?? 1) > 1 || search.ample !== null || search.exhausted || search.visited.states < from) return search;
  const start = performance.now();
  const system = forLargeSearch(search.system);
  if (system === null) return search;
  const next = new Search(system, search.options);
  handOver(search, next);
  next.elapsedMs += performance.now() - start;
  return next;
}

/** Counters of the system that the search ended with become those of the one that it was given. */
export function returnCounters({ system: from }: Search, to: CompiledSystem): void {
  if (from === to) return;
  to.monitorCounts.set(from.monitorCounts);
  to.coverage.set(from.coverage);
  if (from.worst !== undefined) to.worst?.set(from.worst);
  if (from.markCounts !== undefined) to.markCounts?.set(from.markCounts);
}
