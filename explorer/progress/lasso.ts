/**
 * A loop through a fair component that shows that it is fair.
 *
 * In: a component. Out: the labels of a loop from its first state back to it. Never: the least loop; each leg is a shortest one.
 */
import { type FairAnswers, type FairComponent, sourceOf } from './fairness.ts';
import type { PendingGraph } from './pendingGraph.ts';

export interface Lasso {
  /** Id of the search: where the loop begins and ends. */
  readonly state: number;
  /** Labels of its steps; empty where the run just stops there, with nobody who can step. */
  readonly loop: readonly number[];
}

/** What the loop must contain: told by the node that is reached, and the edge by which. */
type Condition = (edge: number, from: number) => boolean;

export function lassoIn(graph: PendingGraph, component: FairComponent, answers: FairAnswers): Lasso {
  const usable = new Set(component.edges);
  const start = component.nodes.reduce((least, node) => Math.min(least, node));
  let open = conditionsOf(graph, component, answers);
  const loop: number[] = [];
  let at = start;
  const take = (edges: readonly number[]): void => {
    for (const edge of edges) {
      const from = at;
      loop.push(graph.labels[edge] as number);
      at = graph.targets[edge] as number;
      open = open.filter((met) => !met(edge, from));
    }
  };
  while (open.length > 0) take(shortest(graph, usable, at, (edge, from) => open.some((met) => met(edge, from))));
  if (at !== start || loop.length === 0) take(shortest(graph, usable, at, (edge) => graph.targets[edge] === start));
  return { state: graph.states[start] as number, loop };
}

function conditionsOf(graph: PendingGraph, { nodes, edges }: FairComponent, answers: FairAnswers): Condition[] {
  let could = 0;
  let acquires = 0;
  for (const node of nodes) {
    could |= graph.able[node] as number;
    acquires |= graph.acquiring[node] as number;
  }
  const by = (edge: number, bit: number) => 1 << ((graph.labels[edge] as number) & 0xff) === bit;
  const conditions: Condition[] = [];
  for (let process = 0; process < 32; process++) {
    const bit = 1 << process;
    if ((acquires & bit) !== 0) conditions.push((edge, from) => by(edge, bit) && ((graph.acquiring[from] as number) & bit) !== 0);
    else if ((could & bit) !== 0) conditions.push((edge, from) => by(edge, bit) || ((graph.able[from] as number) & bit) === 0);
  }
  const asked = new Set([...edges].flatMap((edge) => [...answers(edge)]).map((answer) => answer >>> 1));
  for (const choice of asked) conditions.push((edge) => answers(edge).includes(2 * choice));
  return conditions;
}

/** Edges of a shortest way from `start` whose last edge is wanted. */
function shortest(graph: PendingGraph, usable: ReadonlySet<number>, start: number, wanted: Condition): number[] {
  const cameBy = new Map<number, number>();
  const queue = [start];
  for (let k = 0; k < queue.length; k++) {
    const from = queue[k] as number;
    for (let edge = graph.first[from] as number; edge < (graph.first[from + 1] as number); edge++) {
      if (!usable.has(edge)) continue;
      if (wanted(edge, from)) return [...wayTo(graph, cameBy, start, from), edge];
      const to = graph.targets[edge] as number;
      if (to === start || cameBy.has(to)) continue;
      cameBy.set(to, edge);
      queue.push(to);
    }
  }
  throw new Error('a strongly connected component is not connected');
}

function wayTo(graph: PendingGraph, cameBy: ReadonlyMap<number, number>, start: number, node: number): number[] {
  const way: number[] = [];
  for (let at = node; at !== start; at = sourceOf(graph, way.at(-1) as number)) {
    const edge = cameBy.get(at);
    if (edge === undefined) throw new Error('no way back');
    way.push(edge);
  }
  return way.reverse();
}
