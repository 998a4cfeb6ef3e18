/**
 * Fair components: where a run can stay for ever although nobody is treated unfairly.
 *
 * In: the pending graph, fair choices of edges. Out: components in which all conditions can be met at once. Never: a lasso.
 *
 * Conditions, as emptiness of a Streett automaton is decided (E. Emerson and C.-L. Lei, "Modalities for model checking", 1987): a
 * process, no daemon, that could always step does so infinitely often (weak fairness); a process that could acquire a lock infinitely often does so
 * infinitely often (strong fairness, as queued locks give); a fair choice that is asked infinitely often is answered
 * "no" infinitely often. Where a strong condition fails, the states (or edges) that bring it up are taken out, and what is left is
 * decomposed again.
 */
import { Components } from './components.ts';
import type { PendingGraph } from './pendingGraph.ts';

/** Answers that the step of an edge gives to fair choices: numbers of the choices, 2 k for "no" and 2 k + 1 for "yes" of choice k. */
export type FairAnswers = (edge: number) => readonly number[];

export interface FairComponent {
  readonly nodes: Int32Array;
  /** Edges inside that a run may use. */
  readonly edges: Int32Array;
}

export function fairComponents(graph: PendingGraph, answers: FairAnswers): FairComponent[] {
  const off = new Uint8Array(graph.targets.length);
  const components = new Components(graph, off);
  const inside = new Int32Array(graph.states.length);
  let stamp = 0;
  const found: FairComponent[] = [];
  const work = components.of(Int32Array.from(graph.states, (_, node) => node));
  for (let nodes = work.pop(); nodes !== undefined; nodes = work.pop()) {
    stamp++;
    for (const node of nodes) inside[node] = stamp;
    const edges = edgesInside(graph, nodes, off, (node) => inside[node] === stamp);
    const { steps, takes, always, sometimes } = sums(graph, nodes, edges);
    if ((always & ~steps) !== 0) continue;
    const denied = sometimes & ~takes;
    if (denied !== 0) {
      work.push(...components.of(nodes.filter((node) => ((graph.acquiring[node] as number) & denied) === 0)));
      continue;
    }
    const bad = unfairEdges(edges, answers);
    if (bad.length > 0) {
      for (const edge of bad) off[edge] = 1;
      work.push(...components.of(nodes));
      continue;
    }
    found.push({ nodes, edges });
  }
  return found;
}

function edgesInside(graph: PendingGraph, nodes: Int32Array, off: Uint8Array, isInside: (node: number) => boolean): Int32Array {
  const edges: number[] = [];
  for (const node of nodes) {
    for (let edge = graph.first[node] as number; edge < (graph.first[node + 1] as number); edge++) {
      if (off[edge] === 0 && isInside(graph.targets[edge] as number)) edges.push(edge);
    }
  }
  return Int32Array.from(edges);
}

/** Of the processes: who steps inside, who acquires, who could always step, who could sometimes acquire. */
function sums(
  graph: PendingGraph,
  nodes: Int32Array,
  edges: Int32Array,
): { steps: number; takes: number; always: number; sometimes: number } {
  let [steps, takes, always, sometimes] = [0, 0, -1, 0];
  for (const node of nodes) {
    always &= graph.able[node] as number;
    sometimes |= graph.acquiring[node] as number;
  }
  for (const edge of edges) {
    const process = 1 << ((graph.labels[edge] as number) & 0xff);
    steps |= process;
    takes |= process & (graph.acquiring[sourceOf(graph, edge)] as number);
  }
  return { steps, takes, always, sometimes };
}

/** The node that an edge leaves. */
export function sourceOf({ first }: Pick<PendingGraph, 'first'>, edge: number): number {
  let low = 0;
  let high = first.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((first[middle] as number) <= edge) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Edges that answer "yes" to a fair choice to which no edge here answers "no". */
function unfairEdges(edges: Int32Array, answers: FairAnswers): number[] {
  const given = new Set<number>();
  for (const edge of edges) for (const answer of answers(edge)) given.add(answer);
  const always = new Set([...given].filter((answer) => answer % 2 === 1 && !given.has(answer - 1)));
  return always.size === 0 ? [] : [...edges].filter((edge) => answers(edge).some((answer) => always.has(answer)));
}
