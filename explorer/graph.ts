/**
 * The states that a search found, and the way to each.
 *
 * In: a search, or its result. Out: words, parents, paths. Never: the search itself.
 */
import type { CompiledSystem } from '../compiler/index.ts';
import type { ExploreResult, StateGraph } from './result.ts';
import type { Search } from './search.ts';

/** How a state is reached: an initial state and the labels of the steps from it. */
export interface Path {
  readonly initial: Int32Array;
  readonly labels: readonly number[];
  /** Number, from 1, of the step with which the loop of a lasso begins; it ends with the last one. */
  readonly loopStart?: number;
}

/** A view of what `search` found, which lives as long as it is held. */
export function graphOf(search: Search): StateGraph {
  const { visited, levels, system, initial } = search;
  const count = visited.states;
  const inRange = (state: number) => {
    if (!(state >= 0 && state < count)) throw new RangeError(`no state ${state}: ids are 0..${count - 1}`);
    return state;
  };
  const parentOf = (state: number) => visited.parentOf(inRange(state));
  const labelOf = (state: number) => visited.labelOf(inRange(state));
  const graph: StateGraph = {
    count,
    parentOf,
    labelOf,
    // States that were expanded again lead to later levels than those behind their own.
    depthOf: (state) => ((search.ample?.again ?? 0) > 0 ? stepsTo(graph, inRange(state)) : levelOf(levels, inRange(state))),
    wordsOf: (state) => {
      inRange(state);
      if (!visited.exact) return replay(system, pathIn(graph, initial, state));
      const words = new Int32Array(system.words);
      visited.copyTo(state, words, 0);
      return words;
    },
    initial,
  };
  return graph;
}

/** The shortest way to a state that was found. Throws RangeError if there is none of that id. */
export function pathTo(result: ExploreResult, state: number): Path {
  return pathIn(result.graph, result.graph.initial, state);
}

/**
 * A shortest trace that violates the property (of a *reachable*: that meets it), its last step included even
 * where that step ends in no state. Null if there is none. Throws on an id that the result does not have.
 */
export function shortestTrace(result: ExploreResult, id: string): Path | null {
  const outcome = result.outcomes.find((one) => one.id === id);
  if (outcome === undefined) throw new Error(`the run has no property ${id}`);
  if (outcome.first === null) return null;
  const { state, label } = outcome.first;
  const path = pathTo(result, state);
  const { loop } = outcome;
  if (loop !== undefined && loop.length > 0)
    return { initial: path.initial, labels: [...path.labels, ...loop], loopStart: path.labels.length + 1 };
  return label === null ? path : { initial: path.initial, labels: [...path.labels, label] };
}

/** The words at the end of a path, by taking its steps. Throws if a step is not enabled or ends in a fault. */
export function replay(system: CompiledSystem, { initial, labels }: Path): Int32Array {
  const { buffer, words } = system;
  buffer.set(initial, 0);
  for (const [index, label] of labels.entries()) {
    const status = system.step(0, label, words);
    if (status !== 0) throw new Error(`step ${index + 1} of the path (label ${label}) ends with status ${status}`);
    buffer.copyWithin(0, words, 2 * words);
  }
  return buffer.slice(0, words);
}

function pathIn(graph: StateGraph, initial: readonly Int32Array[], state: number): Path {
  const labels: number[] = [];
  let at = state;
  for (let parent = graph.parentOf(at); parent >= 0; parent = graph.parentOf(at)) {
    labels.push(graph.labelOf(at));
    at = parent;
  }
  const start = initial[graph.labelOf(at)];
  if (start === undefined) throw new Error(`state ${at} has no parent and is no initial state`);
  return { initial: start.slice(), labels: labels.reverse() };
}

function stepsTo(graph: StateGraph, state: number): number {
  let steps = 0;
  for (let parent = graph.parentOf(state); parent >= 0; parent = graph.parentOf(parent)) steps++;
  return steps;
}

/** The last level that starts at or before `state`. */
function levelOf(levels: readonly number[], state: number): number {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((levels[middle] as number) <= state) low = middle;
    else high = middle - 1;
  }
  return low;
}
