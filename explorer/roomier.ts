/**
 * A search whose states come near to the limit of memory goes on with a set that takes less.
 *
 * In: a search between two batches. Out: it, or one that goes on from where it is. Never: another result; ids, order and counters are the same.
 */
import { type CompiledSystem, forgetLargeSearch, forLargeSearch } from '../compiler/index.ts';
import { handOver } from './checkpoint/state.ts';
import { Search } from './search.ts';
import { keepsStates } from './visited/batch.ts';
import { ComponentSet } from './visited/componentSet.ts';

/**
 * `system`: what the search began with. A search that was moved into a module goes on with another one, so that the memory of the first,
 * in which the states are, is given back. Not with threads, fingerprints, or narrow states, nor where a module was asked for.
 */
export function roomier(search: Search, system: CompiledSystem): Search {
  const { options, memoryBytes, crowded, visited, exhausted } = search;
  if (!crowded || options.compress !== undefined || exhausted || search.busy) return search;
  if (search.crew !== null || !keepsStates(visited) || !ComponentSet.pays(system.words)) return search;
  // What a module that was asked for holds is not given back.
  if (system === search.system && system.native !== undefined) return search;
  const start = performance.now();
  const moved = search.system !== system;
  if (moved) forgetLargeSearch(system);
  const next = new Search((moved ? forLargeSearch(system) : null) ?? system, { ...options, compress: true }, search.ample);
  handOver(search, next);
  next.remark = `at ${visited.states} states and ${Math.round(memoryBytes / 2 ** 20)} MiB the states were taken apart, to take less memory; that is slower`;
  next.elapsedMs += performance.now() - start;
  return next;
}
