/**
 * What happens to one state that is expanded: its steps, and what they say of it.
 *
 * In: a state at the start of the system's buffer. Out: successors in a batch; what is remarkable, told as it is met.
 * Never: a look at the visited states: so threads can do this for different parents at the same time.
 */
import type { CompiledSystem } from '../compiler/index.ts';
import { lockBits, waitCycle } from './deadlock.ts';
import type { Batch } from './visited/batch.ts';

/** Is told what is met, in the order of parents. All are rare beside steps. */
export interface ExpansionSink {
  /** A step violates properties (a bit set) or ends the path (status `ended`, if not 0). */
  bad(parent: number, label: number, ended: number, violations: number): void;
  terminal(parent: number): void;
  /** No essential process has a step, and one of them is neither done nor idle. The parent is at the start of the buffer. */
  stuck(parent: number): void;
  /** These processes (a bit set) wait for each other. */
  cycle(parent: number, processes: number): void;
}

/** Bit sets of all processes and of the essential ones; word and mask of locks, in turn, of which a bit is set if one is held. */
export interface ExpansionFacts {
  readonly processes: number;
  readonly essentials: number;
  readonly lockBits: readonly number[];
}

/** Of the `made` successors at `out` of state `parent`, at the start of the buffer: the process whose steps alone are followed, or -1. */
export type FollowedAlone = (parent: number, out: number, made: number) => number;

export class Expansion {
  transitions = 0;
  quiescent = 0;

  private readonly isEssential: Uint8Array;
  private readonly essentials: readonly number[];
  private readonly lockBits: Int32Array;
  private readonly allProcesses: number;

  /** At most 32 processes. */
  constructor(
    private readonly system: CompiledSystem,
    private readonly sink: ExpansionSink,
    private readonly followedAlone: FollowedAlone | null = null,
  ) {
    const { processes } = system.description;
    this.isEssential = Uint8Array.from({ length: 256 }, (_, process) => (processes[process]?.kind === 'essential' ? 1 : 0));
    this.essentials = processes.flatMap((process, index) => (process.kind === 'essential' ? [index] : []));
    this.lockBits = lockBits(system.layout);
    this.allProcesses = -1 >>> (32 - processes.length);
  }

  /** Expands the state at the start of the buffer, whose id is `parent`, to word `out` and after. Returns the number of its steps. */
  expand(parent: number, out: number, batch: Batch): number {
    const made = this.system.expand(0, out);
    this.transitions += made;
    this.tell(parent, out, made, batch);
    return made;
  }

  /** What is to be told of a parent that is expanded already. `batch` null: its successors are where they belong. */
  tell(parent: number, out: number, made: number, batch: Batch | null): void {
    const { lockBits } = this;
    const { buffer } = this.system;
    const only = this.followedAlone === null ? -1 : this.followedAlone(parent, out, made);
    if (this.collect(parent, out, made, only, batch) === 0 && this.essentials.length > 0) this.withoutEssentialStep(parent);
    for (let i = 0; i < lockBits.length; i += 2) {
      if (((buffer[lockBits[i] as number] as number) & (lockBits[i + 1] as number)) === 0) continue;
      this.lookForCycle(parent, made);
      break;
    }
  }

  /** Of what processes `tell` may have something to say: for loops that expand without it. */
  get facts(): ExpansionFacts {
    const essentials = this.essentials.reduce((mask, process) => mask | (1 << process), 0);
    return { processes: this.allProcesses, essentials, lockBits: [...this.lockBits] };
  }

  /** Puts what `expand` made into the batch, or what process `only` did of it; what is to be told is told of all. Returns 1 if an essential process made a step, else 0. */
  private collect(parent: number, out: number, made: number, only: number, batch: Batch | null): number {
    const { isEssential, system } = this;
    const { labels, status, violations, words } = system;
    if (made === 0) this.sink.terminal(parent);
    let essential = 0;
    for (let k = 0; k < made; k++) {
      const label = labels[k] as number;
      essential |= isEssential[label & 0xff] as number;
      const ended = status[k] as number;
      if (ended !== 0 || violations[k] !== 0) {
        this.sink.bad(parent, label, ended, violations[k] as number);
        if (ended !== 0) continue;
      }
      if (only < 0 || (label & 0xff) === only) batch?.add(out + k * words, parent, label);
    }
    return essential;
  }

  private withoutEssentialStep(parent: number): void {
    const { system } = this;
    for (const process of this.essentials) {
      const status = system.processStatus(0, process);
      if (status === 'done' || status === 'idle') continue;
      this.sink.stuck(parent);
      return;
    }
    if (system.isQuiescent(0)) this.quiescent++;
  }

  private lookForCycle(parent: number, made: number): void {
    const { labels } = this.system;
    let blocked = this.allProcesses;
    for (let k = 0; k < made; k++) blocked &= ~(1 << ((labels[k] as number) & 0xff));
    if ((blocked & (blocked - 1)) === 0) return;
    const cycle = waitCycle(this.system, 0, blocked);
    if (cycle !== 0) this.sink.cycle(parent, cycle);
  }
}
