/**
 * What was executed, by statement.
 *
 * In: a program and its block counters after a run. Out: counts per statement id, added over specialisations.
 * Never: a guess; a node without a counter of its own has exactly one way to be reached.
 */
import type { Position } from '../ir/types.ts';
import type { Program, ProgramNode, Spec } from './types.ts';

export interface StatementCount {
  readonly id: string;
  readonly procedure: string;
  readonly pos: Position;
  /** Times that it was begun. */
  executed: number;
  /** For conditions: times that it was true, and false. */
  taken: [number, number] | null;
}

/** By statement id. A statement that some specialisation has folded away counts as executed where its neighbours are. */
export function statementCounts(program: Program, coverage: ArrayLike<number>): Map<string, StatementCount> {
  const found = new Map<string, StatementCount>();
  for (const spec of program.specs) countSpec(spec, coverage, found);
  return found;
}

/**
 * Counters that do not depend on how often predicates were really asked: generated code looks answers up that it remembers. Of blocks that a
 * predicate may run it is left whether they were run; all others are counted in full.
 */
export function settledCoverage(program: Program, coverage: Uint32Array): Uint32Array {
  const asked = new Set(program.predicates.filter((spec) => spec !== null));
  for (const spec of asked) {
    for (const { op } of program.specs[spec]?.nodes ?? []) {
      if (op.kind === 'call' || op.kind === 'monitor' || op.kind === 'wait') asked.add(op.spec);
    }
  }
  return coverage.map((count, block) => (asked.has(program.blocks[block]?.spec ?? -1) ? Math.min(count, 1) : count));
}

function countSpec(spec: Spec, coverage: ArrayLike<number>, found: Map<string, StatementCount>): void {
  const counts = nodeCounts(spec, coverage);
  for (const node of spec.nodes) {
    const decided = node.op.kind === 'goto' ? node.op.decided : null;
    const stmt = decided !== null ? decided.stmt : 'stmt' in node.op ? node.op.stmt : null;
    if (stmt === null) continue;
    const before = found.get(stmt.id) ?? { id: stmt.id, procedure: spec.procedure.name, pos: stmt.pos, executed: 0, taken: null };
    before.executed += counts[node.index] ?? 0;
    if (node.op.kind === 'branch') {
      const [yes, no] = before.taken ?? [0, 0];
      before.taken = [yes + (counts[node.next[0] ?? -1] ?? 0), no + (counts[node.next[1] ?? -1] ?? 0)];
    }
    if (decided !== null) {
      const [yes, no] = before.taken ?? [0, 0];
      const count = counts[node.index] ?? 0;
      before.taken = decided.value ? [yes + count, no] : [yes, no + count];
    }
    found.set(stmt.id, before);
  }
}

function nodeCounts(spec: Spec, coverage: ArrayLike<number>): number[] {
  const counts: (number | null)[] = spec.nodes.map((node) => (node.block === null ? null : (coverage[node.block] ?? 0)));
  const work = spec.nodes.filter((node) => node.block !== null);
  const spread = (node: ProgramNode): void => {
    for (const next of node.next) {
      const target = spec.nodes[next];
      if (target === undefined || counts[next] !== null) continue;
      counts[next] = counts[node.index] ?? 0;
      work.push(target);
    }
  };
  for (let node = work.pop(); node !== undefined; node = work.pop()) spread(node);
  return counts.map((count) => count ?? 0);
}
