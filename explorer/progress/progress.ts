/**
 * Progress properties: is there a fair run in which something is owed for ever?
 *
 * In: an exhausted exact search. Out: a lasso, or the answer that there is none. Never: an answer from fingerprints, from which
 * the graph cannot be told, or from a search that was cut.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { keepsStates, type VisitedSet } from '../visited/batch.ts';
import { fairAnswersOf } from './fairChoices.ts';
import { fairComponents } from './fairness.ts';
import { type Lasso, lassoIn } from './lasso.ts';
import { pendingGraph } from './pendingGraph.ts';

/** Why progress cannot be judged here; null if it can. */
export function whyNotJudged({ program }: CompiledSystem, visited: VisitedSet): string | null {
  if (!keepsStates(visited)) return 'progress is judged on whole states only: not with fingerprints';
  const reached = new Set(program.processes.map(({ entry }) => entry.spec));
  for (const spec of reached) {
    for (const { op } of program.specs[spec]?.nodes ?? []) {
      // Whether a run vanishes before or behind a step that leads there would decide what is fair.
      if (op.kind === 'leaf' && op.stmt.kind === 'assume') return 'progress is not judged where a process can assume() something';
      if (op.kind === 'call' || op.kind === 'wait' || op.kind === 'monitor') reached.add(op.spec);
    }
  }
  return null;
}

/**
 * Null: none. A state in which something is owed and no essential process can step is a lasso without a loop. The lasso begins
 * as early as any. Counters of the system are advanced.
 */
export function findLasso(system: CompiledSystem, visited: VisitedSet, property: number): Lasso | null {
  if (!keepsStates(visited)) throw new RangeError('a visited set without states');
  const graph = pendingGraph(system, visited, property);
  const stopped = graph.able.indexOf(0);
  const answers = fairAnswersOf(system, visited, graph);
  const components = fairComponents(graph, answers);
  const earliest = components.map((component) => component.nodes.reduce((least, node) => Math.min(least, node)));
  const first = earliest.reduce((least, node) => Math.min(least, node), Number.POSITIVE_INFINITY);
  if (stopped >= 0 && stopped < first) return { state: graph.states[stopped] as number, loop: [] };
  const component = components[earliest.indexOf(first)];
  return component === undefined ? null : lassoIn(graph, component, answers);
}
