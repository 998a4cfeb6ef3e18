/**
 * The part of the state graph in which something is owed: its states, the steps between them, and who could step.
 *
 * In: an exhausted exact search, a property. Out: a graph in flat arrays. Never: a step that leaves the part; for fairness
 * the question whether a process *could* step counts all its steps.
 */
import { type CompiledSystem, readElement } from '../../compiler/index.ts';
import { essentialProcesses } from '../essential.ts';
import { Numbers } from '../numbers.ts';
import type { StateSet } from '../visited/batch.ts';

export interface PendingGraph {
  /** Ids of the search, ascending; nodes are numbered like this. */
  readonly states: Int32Array;
  /** Edges of node n are first[n] .. first[n + 1] - 1. */
  readonly first: Int32Array;
  readonly targets: Int32Array;
  readonly labels: Int32Array;
  /** By node: bit set of the essential processes that have a step, and of those whose step acquires a lock. Daemons may stop for ever. */
  readonly able: Int32Array;
  readonly acquiring: Int32Array;
}

/** `property`: index of one whose predicate tells that something is owed. */
export function pendingGraph(system: CompiledSystem, visited: StateSet, property: number): PendingGraph {
  const states = pendingStates(system, visited, property);
  const nodeOf = new Int32Array(visited.states).fill(-1);
  states.forEach((state, node) => {
    nodeOf[state] = node;
  });
  const acquires = acquirePoints(system);
  const essential = essentialProcesses(system);
  const first = new Int32Array(states.length + 1);
  const able = new Int32Array(states.length);
  const acquiring = new Int32Array(states.length);
  const targets = new Numbers();
  const labels = new Numbers();
  const { buffer, words } = system;
  states.forEach((state, node) => {
    visited.copyTo(state, buffer, 0);
    const made = system.expand(0, words);
    let movers = 0;
    for (let k = 0; k < made; k++) {
      const label = system.labels[k] as number;
      movers |= 1 << (label & 0xff);
      if (system.status[k] !== 0) continue;
      const target = nodeOf[visited.find(buffer, words + k * words)] as number;
      if (target === undefined || target < 0) continue;
      targets.push(target);
      labels.push(label);
    }
    able[node] = movers & essential;
    acquiring[node] = movers & essential & atAcquire(system, acquires);
    first[node + 1] = targets.count;
  });
  return { states, first, targets: targets.toArray(), labels: labels.toArray(), able, acquiring };
}

function pendingStates(system: CompiledSystem, visited: StateSet, property: number): Int32Array {
  const found = new Numbers();
  for (let state = 0; state < visited.states; state++) {
    visited.copyTo(state, system.buffer, 0);
    system.check(0);
    if (((system.reachedMask() >>> property) & 1) === 1) found.push(state);
  }
  return found.toArray();
}

/** By process and resume point: whether what stands there acquires a lock. */
export function acquirePoints({ program }: CompiledSystem): readonly (readonly boolean[])[] {
  return program.processes.map(({ resumes }) =>
    resumes.map(({ spec, node }) => {
      const op = program.specs[spec]?.nodes[node]?.op;
      return op?.kind === 'leaf' && op.stmt.kind === 'acquire';
    }),
  );
}

/** Processes of the state at the start of the buffer that stand at an acquire. */
export function atAcquire({ buffer, layout }: CompiledSystem, acquires: readonly (readonly boolean[])[]): number {
  let mask = 0;
  acquires.forEach((points, process) => {
    const column = layout.programCounters[process];
    if (column !== undefined && points[readElement(buffer, 0, column, 0)] === true) mask |= 1 << process;
  });
  return mask;
}
