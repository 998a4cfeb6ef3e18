import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FairComponent, fairComponents, sourceOf } from './fairness.ts';
import { lassoIn } from './lasso.ts';
import type { PendingGraph } from './pendingGraph.ts';

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly process: number;
  readonly answers: readonly number[];
}
interface Sketch {
  readonly edges: readonly Edge[];
  /** By node: who could step although no edge here shows it, and who stands at a lock. */
  readonly extra: readonly number[];
  readonly atLock: readonly number[];
}

const processes = 2;
const nodes = 4;
const sketches: fc.Arbitrary<Sketch> = fc.record({
  edges: fc.uniqueArray(
    fc.record({
      from: fc.nat(nodes - 1),
      to: fc.nat(nodes - 1),
      process: fc.nat(processes - 1),
      answers: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        fc.constant([0]),
        fc.constant([1]),
        fc.constant([1, 3]),
        fc.constant([2]),
      ),
    }),
    { maxLength: 9, selector: ({ from, to, process }) => `${from} ${to} ${process}` },
  ),
  extra: fc.array(fc.nat(3), { minLength: nodes, maxLength: nodes }),
  atLock: fc.array(fc.nat(3), { minLength: nodes, maxLength: nodes }),
});

function graphOf({ edges, extra, atLock }: Sketch): { graph: PendingGraph; sorted: Edge[] } {
  const sorted = [...edges].sort((a, b) => a.from - b.from);
  const able = Int32Array.from({ length: nodes }, (_, n) =>
    sorted.reduce((mask, edge) => (edge.from === n ? mask | (1 << edge.process) : mask), extra[n] ?? 0),
  );
  return {
    sorted,
    graph: {
      states: Int32Array.from({ length: nodes }, (_, n) => 10 * n),
      first: Int32Array.from({ length: nodes + 1 }, (_, n) => sorted.filter(({ from }) => from < n).length),
      targets: Int32Array.from(sorted, ({ to }) => to),
      labels: Int32Array.from(sorted, ({ process }, k) => process | (k << 8)),
      able,
      acquiring: able.map((mask, n) => mask & (atLock[n] ?? 0)),
    },
  };
}

/** Whether a run that uses exactly these edges for ever is fair to everybody. */
function isFair(used: readonly number[], { graph, sorted }: ReturnType<typeof graphOf>): boolean {
  const edges = used.map((k) => sorted[k]).filter((edge) => edge !== undefined);
  const within = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  const answers = new Set(edges.flatMap((edge) => edge.answers));
  if (edges.length === 0 || !within.every((a) => within.every((b) => connected(edges, a, b)))) return false;
  for (let process = 0; process < processes; process++) {
    const bit = 1 << process;
    const steps = edges.some((edge) => edge.process === process);
    const acquires = edges.some((edge) => edge.process === process && ((graph.acquiring[edge.from] ?? 0) & bit) !== 0);
    if (within.every((n) => ((graph.able[n] ?? 0) & bit) !== 0) && !steps) return false;
    if (within.some((n) => ((graph.acquiring[n] ?? 0) & bit) !== 0) && !acquires) return false;
  }
  return [...answers].every((answer) => answer % 2 === 0 || answers.has(answer - 1));
}

function connected(edges: readonly Edge[], from: number, to: number): boolean {
  const seen = new Set(edges.filter((edge) => edge.from === from).map((edge) => edge.to));
  for (const at of seen) for (const edge of edges) if (edge.from === at) seen.add(edge.to);
  return seen.has(to);
}

function someSubsetIsFair(made: ReturnType<typeof graphOf>): boolean {
  const count = made.sorted.length;
  for (let mask = 1; mask < 1 << count; mask++) {
    const used = made.sorted.flatMap((_, k) => ((mask >>> k) & 1 ? [k] : []));
    if (isFair(used, made)) return true;
  }
  return false;
}

describe('fair components', () => {
  it('exist exactly where some set of edges is a fair loop, and their lassos are fair', () => {
    let found = 0;
    fc.assert(
      fc.property(sketches, (sketch) => {
        const made = graphOf(sketch);
        const answers = (edge: number) => made.sorted[edge]?.answers ?? [];
        const components: FairComponent[] = fairComponents(made.graph, answers);
        expect(components.length > 0).toBe(someSubsetIsFair(made));
        for (const component of components) {
          found++;
          const { state, loop } = lassoIn(made.graph, component, answers);
          const used = loop.map((label) => label >>> 8);
          let at = state / 10;
          for (const edge of used) {
            expect(sourceOf(made.graph, edge)).toBe(at);
            at = made.graph.targets[edge] ?? -1;
          }
          expect(at).toBe(state / 10);
          expect(isFair(used, made)).toBe(true);
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(found).toBeGreaterThan(500);
  });

  it('need no recursion on a graph as deep as it is large', () => {
    const deep = 200_000;
    const graph: PendingGraph = {
      states: Int32Array.from({ length: deep }, (_, n) => n),
      first: Int32Array.from({ length: deep + 1 }, (_, n) => n),
      targets: Int32Array.from({ length: deep }, (_, n) => (n + 1) % deep),
      labels: new Int32Array(deep),
      able: new Int32Array(deep).fill(1),
      acquiring: new Int32Array(deep),
    };
    const [component] = fairComponents(graph, () => []);
    expect(component?.nodes.length).toBe(deep);
  });
});
