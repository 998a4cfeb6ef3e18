/**
 * Strongly connected components of a part of a graph (R. Tarjan, "Depth-first search and linear graph algorithms", 1972).
 *
 * In: nodes, edges that are switched on. Out: components, each a list of nodes. Never: recursion; graphs are deeper than a stack.
 */
import type { PendingGraph } from './pendingGraph.ts';

export class Components {
  private readonly order: Int32Array;
  private readonly low: Int32Array;
  private readonly part: Int32Array;
  private readonly cursor: Int32Array;
  private readonly onStack: Uint8Array;
  private parts = 0;

  constructor(
    private readonly graph: Pick<PendingGraph, 'states' | 'first' | 'targets'>,
    /** By edge: 1 if it does not count. */
    private readonly off: Uint8Array,
  ) {
    const n = graph.states.length;
    this.order = new Int32Array(n);
    this.low = new Int32Array(n);
    this.part = new Int32Array(n);
    this.cursor = new Int32Array(n);
    this.onStack = new Uint8Array(n);
  }

  /** Components of the part of the graph that these nodes are, trivial ones without an edge to themselves left out. */
  of(nodes: Int32Array): Int32Array[] {
    const part = ++this.parts;
    for (const node of nodes) {
      this.part[node] = part;
      this.order[node] = 0;
    }
    const found: Int32Array[] = [];
    let next = 1;
    for (const root of nodes) if (this.order[root] === 0) next = this.visit(root, part, next, found);
    return found;
  }

  private visit(root: number, part: number, start: number, found: Int32Array[]): number {
    const { order, low, cursor, onStack, off } = this;
    const { first, targets } = this.graph;
    const path = [root];
    const stack: number[] = [];
    let next = start;
    const enter = (node: number): void => {
      order[node] = next;
      low[node] = next++;
      cursor[node] = first[node] as number;
      onStack[node] = 1;
      stack.push(node);
    };
    enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const edge = cursor[node] as number;
      if (edge < (first[node + 1] as number)) {
        cursor[node] = edge + 1;
        const to = targets[edge] as number;
        if (off[edge] === 1 || this.part[to] !== part) continue;
        if (order[to] === 0) {
          enter(to);
          path.push(to);
        } else if (onStack[to] === 1) low[node] = Math.min(low[node] as number, order[to] as number);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low[above] = Math.min(low[above] as number, low[node] as number);
      if (low[node] !== order[node]) continue;
      const component = stack.splice(stack.lastIndexOf(node));
      for (const each of component) onStack[each] = 0;
      if (component.length > 1 || this.hasLoop(node)) found.push(Int32Array.from(component));
    }
    return next;
  }

  private hasLoop(node: number): boolean {
    const { first, targets } = this.graph;
    for (let edge = first[node] as number; edge < (first[node + 1] as number); edge++) {
      if (targets[edge] === node && this.off[edge] === 0) return true;
    }
    return false;
  }
}
