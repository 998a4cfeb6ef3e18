/**
 * Which assertions a run has come to.
 *
 * In: a program and its execution counts. Out: property ids. Never: a guess; where a node has no counter,
 * the counters before it on every way are asked.
 */
import type { Program, Spec } from '../compiler/program/types.ts';

/** Ids of the properties of which some assertion was executed. */
export function assertionsReached(program: Program, coverage: Uint32Array): Set<string> {
  const reached = new Set<string>();
  const edgeBlocks = new Map<string, number>();
  for (const [block, { spec, node, edge }] of program.blocks.entries()) if (edge !== null) edgeBlocks.set(`${spec} ${node} ${edge}`, block);
  for (const spec of program.specs) {
    for (const { op, index } of spec.nodes) {
      if (op.kind !== 'leaf' || op.stmt.kind !== 'assert' || op.stmt.property === null || reached.has(op.stmt.property)) continue;
      if (wasExecuted(spec, index, edgeBlocks, coverage)) reached.add(op.stmt.property);
    }
  }
  return reached;
}

function wasExecuted(spec: Spec, node: number, edgeBlocks: ReadonlyMap<string, number>, coverage: Uint32Array): boolean {
  const seen = new Set<number>([node]);
  const work = [node];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const block = spec.nodes[at]?.block ?? null;
    if (block !== null) {
      if ((coverage[block] ?? 0) > 0) return true;
      continue;
    }
    for (const before of spec.nodes) {
      for (const [edge, target] of before.next.entries()) {
        if (target !== at) continue;
        const counter = edgeBlocks.get(`${spec.index} ${before.index} ${edge}`);
        if (counter !== undefined) {
          if ((coverage[counter] ?? 0) > 0) return true;
        } else if (!seen.has(before.index)) {
          seen.add(before.index);
          work.push(before.index);
        }
      }
    }
  }
  return false;
}
