/**
 * Systems number faults as they meet them: what a worker's number is in the system of the main thread.
 *
 * In: steps that faulted in a worker. Out: the number by which the main thread's system knows the fault. Never: a step that counts.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { copyCounters, counterWords, restoreCounters } from './counters.ts';

export class FaultNumbers {
  private readonly known: Map<number, number>[];
  private readonly counters: Int32Array;

  constructor(
    private readonly system: CompiledSystem,
    workers: number,
  ) {
    this.known = Array.from({ length: workers }, () => new Map<number, number>());
    this.counters = new Int32Array(counterWords(system));
  }

  /** `status` of worker 0, the main thread, stays as it is. `load` puts the parent at the start of the buffer. */
  numberOf(worker: number, status: number, load: () => void, label: number): number {
    if (worker === 0 || status === 0) return status;
    const known = this.known[worker]?.get(status);
    if (known !== undefined) return known;
    const { system, counters } = this;
    copyCounters(system, counters);
    load();
    const number = system.step(0, label, system.words);
    restoreCounters(system, counters);
    if (number <= 0) throw new Error(`a step (label ${label}) that ended in a fault in worker ${worker} does not in the main thread`);
    this.known[worker]?.set(status, number);
    return number;
  }
}
