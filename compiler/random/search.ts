/**
 * A naive breadth-first search for tests, and what a whole state space says.
 *
 * In: a compiled system. Out: sets that can be compared between systems. Never: speed, more than test support.
 */

import type { Fault } from '../faults.ts';
import { decodeMachine } from '../machine/packing.ts';
import type { CompiledSystem } from '../system.ts';

/** What a run over all reachable states found. */
export interface Findings {
  readonly states: number;
  /** False: the limit came first, and nothing below is complete. */
  readonly complete: boolean;
  /** Ids of violated properties. */
  readonly violated: ReadonlySet<string>;
  /** Machine fields of states without a step, as JSON; those in which a false `assume` stops somebody do not count. */
  readonly terminal: ReadonlySet<string>;
  /** Some essential process can neither go on nor is at rest, in a state without a step. */
  readonly deadlock: boolean;
  /** Kind and statement of the faults in which paths end. */
  readonly faults: ReadonlySet<string>;
  readonly monitorsRan: boolean;
}

export function faultText(fault: Fault | undefined): string {
  return fault === undefined ? 'unknown' : `${fault.kind} at ${fault.statement}`;
}

/** `visit` is called for each state, which then lies at word 0 of the buffer. */
export function explore(system: CompiledSystem, limit: number, visit: (state: Int32Array) => void = () => {}): Findings {
  const { words } = system;
  const seen = new Set<string>();
  const queue: Int32Array[] = [];
  const violated = new Set<string>();
  const terminal = new Set<string>();
  const faults = new Set<string>();
  let deadlock = false;
  const see = (state: Int32Array) => {
    const key = state.join();
    if (seen.has(key)) return;
    seen.add(key);
    queue.push(state);
  };
  const violate = (mask: number) => {
    for (const [k, id] of system.propertyIds.entries()) if ((mask & (1 << k)) !== 0) violated.add(id);
  };
  for (const state of system.initialStates()) see(state);
  let at = 0;
  for (; at < queue.length && seen.size <= limit; at++) {
    const state = queue[at] ?? new Int32Array(words);
    system.buffer.set(state, 0);
    visit(state);
    system.buffer.set(state, 0);
    violate(system.check(0));
    const count = system.expand(0, words);
    for (let k = 0; k < count; k++) {
      violate(system.violations[k] ?? 0);
      const status = system.status[k] ?? 0;
      if (status === 0) see(system.buffer.slice(words + k * words, words + (k + 1) * words));
      else faults.add(faultText(system.faults[status - 1]));
    }
    if (count > 0) continue;
    const ends = system.program.processes.map((process, index) => ({
      essential: process.essential,
      status: system.processStatus(0, index),
    }));
    if (ends.some(({ status }) => status === 'runnable')) continue;
    terminal.add(JSON.stringify(decodeMachine(system.layout, system.buffer, 0)));
    deadlock ||= ends.some(({ essential, status }) => essential && status === 'blocked');
  }
  return {
    states: seen.size,
    complete: at === queue.length,
    violated,
    terminal,
    deadlock,
    faults,
    monitorsRan: system.monitorCounts.some((count) => count > 0),
  };
}
