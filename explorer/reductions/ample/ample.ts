/**
 * Ample sets: states of which it is enough to follow the steps of one process.
 *
 * In: a state and all its steps. Out: the process, or none. Never: an answer that rests on something that turned out wrong, unnoticed: see `settle`.
 *
 * A process's steps are enough if nothing that the others may do before it clashes with them: no two accesses that cannot change places, no
 * property that both touch. What the others may do is learned while the search goes on, from the very steps that it takes: as long as no
 * step leaves what was learned, no step of any run does, since the first one that did would be met by this search, too.
 */
import type { CompiledSystem } from '../../../compiler/index.ts';
import { Numbers } from '../../numbers.ts';
import { keepsStates, type VisitedSet } from '../../visited/batch.ts';
import { type AmpleError, Clashes, type Turned } from './clashes.ts';
import type { Ignored, LocalStates } from './locals.ts';
import { Watch } from './watch.ts';

const firstLook = 1000;

/** The states that the search has: `find` gives a number, or -1; those below `levelEnd` are of this level or older. */
export interface Found {
  find(buffer: Int32Array, from: number): number;
}

/** What `chooseAgain` gives beside a process: nothing more is to be followed, or everything. */
export const noMore = -2;

export class Ample {
  /** States of which one process's steps were enough, steps that were left out, and times that only the proviso stood against it. */
  reduced = 0;
  dropped = 0;
  provisoFailed = 0;
  /** States that were expanded again, as what was answered of them turned out wrong. */
  again = 0;
  /** An answer that was relied on turned out wrong, and the states are not there any more to be expanded again. */
  wrong = false;
  private readonly clashes: Clashes;
  private readonly watch: Watch;
  private readonly processes: number;
  private readonly essential: number;
  /** By state: the process, from 1, whose steps alone were followed; 0 if all were. */
  private followed = new Uint8Array(1024);
  /** States that are to be expanded again, and how many of them were. */
  private pending = new Numbers();
  private pendingDone = 0;
  /** By process: its local state in the state that is looked at. */
  private readonly at: Int32Array;
  /** The number of states at which to look again. */
  private settleAt = firstLook;

  constructor(
    readonly system: CompiledSystem,
    ignores: Ignored = () => false,
    private readonly inject: AmpleError | null = null,
  ) {
    const { processes } = system.program;
    this.processes = processes.length;
    this.essential = processes.reduce((mask, { essential }, p) => (essential ? mask | (1 << p) : mask), 0);
    this.clashes = new Clashes(system, ignores, inject);
    this.watch = new Watch(system, this.clashes.learned);
    this.at = this.watch.at;
  }

  /** A new search begins. What was learned is kept. */
  restart(): void {
    this.reduced = 0;
    this.dropped = 0;
    this.provisoFailed = 0;
    this.again = 0;
    this.wrong = false;
    this.followed = new Uint8Array(1024);
    this.pending = new Numbers();
    this.pendingDone = 0;
    this.settleAt = firstLook;
  }

  /** Learns from the state at `base` and the `made` successors at `out`, as `expand` left them. */
  learn(base: number, out: number, made: number): void {
    const { watch } = this;
    if (this.inject === 'learning' && this.clashes.learned.version > 0) return;
    watch.locate(base);
    watch.steps(base, out, made);
  }

  /** Looks which code was run. False: none. */
  lookAtCoverage(): boolean {
    this.clashes.learned.lookAtCoverage();
    return this.system.coverage.some((count) => count > 0);
  }

  /**
   * The process whose steps alone are followed from state `id` at `base`, or -1. `levelEnd`: the first state that is of a later level.
   * Its `made` successors at `out` are as `expand` left them.
   */
  choose(id: number, base: number, out: number, made: number, levelEnd: number, found: Found): number {
    this.learn(base, out, made);
    const process = this.pick(id, out, made, this.moversOf(made), levelEnd, found);
    if (process >= 0) this.follow(id, process, made);
    return process;
  }

  /** Whether states are to be expanded again, before the next level. */
  get hasPending(): boolean {
    return this.pendingDone < this.pending.count;
  }

  /** The next state that is to be expanded again. */
  nextPending(): number {
    this.again++;
    return this.pending.at(this.pendingDone++);
  }

  /** The process of which steps alone were followed from state `id` so far. */
  followedFrom(id: number): number {
    return (this.followed[id] as number) - 1;
  }

  /** As `choose`, of a state that was expanded before: `noMore` if what was followed then is still enough, -1 if all must be. */
  chooseAgain(id: number, base: number, out: number, made: number, levelEnd: number, found: Found): number {
    this.watch.locate(base);
    const movers = this.moversOf(made);
    const before = this.followedFrom(id);
    if (this.isEnough(before, movers)) return noMore;
    this.follow(id, -1, made);
    const process = this.pick(id, out, made, movers, levelEnd, found);
    if (process >= 0) this.follow(id, process, made);
    return process;
  }

  private moversOf(made: number): number {
    const { labels } = this.system;
    let movers = 0;
    for (let k = 0; k < made; k++) movers |= 1 << ((labels[k] as number) & 0xff);
    return movers;
  }

  /** `at` holds the local states. */
  private pick(id: number, out: number, made: number, movers: number, levelEnd: number, found: Found): number {
    const { labels, status, buffer, words } = this.system;
    if ((movers & (movers - 1)) === 0) return -1;
    // Whether daemons lead out of a state is told from all that they can reach.
    if ((movers & this.essential) === 0 && this.essential !== 0 && this.inject !== 'daemons') return -1;
    for (let p = this.processes - 1; p >= 0; p--) {
      if (((movers >>> p) & 1) === 0 || !this.isEnough(p, movers)) continue;
      let fresh = this.inject === 'proviso';
      for (let k = 0; k < made && !fresh; k++) {
        if (((labels[k] as number) & 0xff) !== p || status[k] !== 0) continue;
        const to = found.find(buffer, out + k * words);
        fresh = to < 0 || to >= this.followed.length || (to !== id && (to >= levelEnd || this.followed[to] === 0));
      }
      if (fresh) return p;
      this.provisoFailed++;
    }
    return -1;
  }

  /** Notes that from state `id` only the steps of `process` are followed, or (-1) that all are after all. */
  private follow(id: number, process: number, made: number): void {
    if (id >= this.followed.length) {
      const longer = new Uint8Array(2 * id);
      longer.set(this.followed);
      this.followed = longer;
    }
    const one = process < 0 ? this.followedFrom(id) : process;
    const { labels } = this.system;
    let others = 0;
    for (let k = 0; k < made; k++) if (((labels[k] as number) & 0xff) !== one) others++;
    this.followed[id] = process + 1;
    this.reduced += process < 0 ? -1 : 1;
    this.dropped += process < 0 ? -others : others;
  }

  /**
   * To be called at the end of each level: looks from time to time, and at the end of the search (`last`), whether what was answered is still so.
   * States of which it is not are pending then.
   */
  levelDone(visited: VisitedSet, last: boolean): void {
    if (!last && visited.states < this.settleAt) return;
    if (visited.states >= this.settleAt) this.settleAt = 2 * visited.states;
    const turned = this.clashes.askAgain();
    if (turned === null || this.inject === 'again') return;
    if (keepsStates(visited)) this.lookAgain(visited, turned);
    else this.wrong = true;
  }

  /** Finds the states whose answers turned. Uses the system's buffer. */
  private lookAgain(visited: VisitedSet, turned: Turned): void {
    const { followed, clashes, at, watch, system } = this;
    const { locals } = clashes.learned;
    this.pending = new Numbers();
    this.pendingDone = 0;
    const end = Math.min(visited.states, followed.length);
    for (let id = 0; id < end; id++) {
      const p = (followed[id] as number) - 1;
      if (p < 0 || (turned.freeing.size === 0 && turned.clashing[p]?.size === 0)) continue;
      visited.copyTo(id, system.buffer, 0);
      const here = (locals[p] as LocalStates).at(0);
      if (turned.clashing[p]?.has(here) !== true && !turned.freeing.has(clashes.holding(p, here))) continue;
      watch.locate(0);
      if (clashes.turnedAt(p, at, turned)) this.pending.push(id);
    }
  }

  /** Who may go on while `p` does not: whoever can step, and whom he may free. None of them may clash with p's steps. */
  private isEnough(p: number, movers: number): boolean {
    const { at, processes, clashes } = this;
    const here = at[p] as number;
    let going = movers & ~(1 << p);
    for (let w = 0; w < processes; w++) if (((going >>> w) & 1) === 1 && clashes.ask(p, here, w, at[w] as number)) return false;
    let blocked = ~going & ~(1 << p) & ((1 << processes) - 1);
    if (blocked === 0) return true;
    const holding = clashes.holding(p, here);
    for (let again = true; again; ) {
      again = false;
      for (let q = 0; q < processes; q++) {
        if (((blocked >>> q) & 1) === 0) continue;
        for (let w = 0; w < processes; w++) {
          if (((going >>> w) & 1) === 0 || !clashes.askFrees(holding, q, at[q] as number, w, at[w] as number)) continue;
          if (clashes.ask(p, here, q, at[q] as number)) return false;
          going |= 1 << q;
          blocked &= ~(1 << q);
          again = true;
          break;
        }
      }
    }
    return true;
  }
}
