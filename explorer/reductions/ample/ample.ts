/**
 * Ample sets: states of which it is enough to follow the steps of one process.
 *
 * In: a state and all its steps. Out: the process, or none. Never: an answer that rests on something that turned out wrong, unnoticed: see `settle`.
 *
 * A process's steps are enough if nothing that the others may do before it clashes with them: no two accesses that cannot change places, no
 * property that both touch. What the others may do is learned while the search goes on, from the very steps that it takes: as long as no
 * step leaves what was learned, no step of any run does, since the first one that did would be met by this search, too.
 */
import { type CompiledSystem, type Held, isLockAtom } from '../../../compiler/index.ts';
import { Answers } from './answers.ts';
import { Learned } from './learned.ts';
import type { Ignored, LocalStates } from './locals.ts';
import { Sight } from './sight.ts';

/** What tests leave out on purpose, to see that something notices. */
export type AmpleError = 'visibility' | 'proviso' | 'locks' | 'observers' | 'hooks' | 'learning';

const firstLook = 1000;
const observes = /^(try|contended|announce)/;

/** The states that the search has: `find` gives a number, or -1; those below `levelEnd` are of this level or older. */
export interface Found {
  find(buffer: Int32Array, from: number): number;
}

export class Ample {
  readonly learned: Learned;
  /** States of which one process's steps were enough, steps that were left out, and times that only the proviso stood against it. */
  reduced = 0;
  dropped = 0;
  provisoFailed = 0;
  /** An answer that was relied on turned out wrong. */
  wrong = false;
  private readonly sight: Sight;
  private readonly processes: number;
  private readonly essential: number;
  /** By process that steps and process that goes on meanwhile: whether they clash, by local states. */
  private readonly clashes: readonly (readonly Answers[])[];
  /** By what the stepping process holds, by process that is blocked and process that may free it. */
  private readonly frees = new Map<number, Answers[][]>();
  private readonly heldIds: Map<string, number> = new Map();
  /** By process and local state: the number of the set of locks that it holds. */
  private readonly heldAt: number[][];
  private readonly at: Int32Array;
  private settledAt = -1;
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
    this.learned = new Learned(system, ignores, inject === 'hooks');
    this.sight = new Sight(system, this.learned.futures);
    this.clashes = processes.map((_, p) => processes.map((__, w) => new Answers((a, b) => this.clash(p, a, w, b))));
    this.heldAt = processes.map(() => []);
    this.at = new Int32Array(this.processes);
  }

  /** A new search begins. What was learned is kept. */
  restart(): void {
    this.reduced = 0;
    this.dropped = 0;
    this.provisoFailed = 0;
    this.wrong = false;
    this.settleAt = firstLook;
  }

  /** Learns from the state at `base` and the `made` successors at `out`, as `expand` left them. */
  learn(base: number, out: number, made: number): void {
    const { learned, at, processes, system } = this;
    const { labels, status, words } = system;
    if (this.inject === 'learning' && learned.version > 0) return;
    for (let p = 0; p < processes; p++) at[p] = (learned.locals[p] as LocalStates).at(base);
    for (let k = 0; k < made; k++) {
      if (status[k] !== 0) continue;
      const to = out + k * words;
      for (let p = 0; p < processes; p++) {
        const locals = learned.locals[p] as LocalStates;
        // Others change it, too: a free makes references dangle.
        if (p === ((labels[k] as number) & 0xff) || locals.differ(base, to)) learned.edge(p, at[p] as number, locals.at(to));
      }
    }
  }

  /**
   * The process whose steps alone are followed from the state at `base`, or -1. `levelEnd`: the first state that is of a later level.
   * Its `made` successors at `out` are as `expand` left them.
   */
  choose(base: number, out: number, made: number, levelEnd: number, found: Found): number {
    const { labels, status, buffer, words } = this.system;
    this.learn(base, out, made);
    let movers = 0;
    for (let k = 0; k < made; k++) movers |= 1 << ((labels[k] as number) & 0xff);
    if ((movers & (movers - 1)) === 0) return -1;
    // Whether daemons lead out of a state is told from all that they can reach.
    if ((movers & this.essential) === 0 && this.essential !== 0) return -1;
    for (let p = this.processes - 1; p >= 0; p--) {
      if (((movers >>> p) & 1) === 0 || !this.isEnough(p, movers)) continue;
      let own = 0;
      let fresh = this.inject === 'proviso';
      for (let k = 0; k < made; k++) {
        if (((labels[k] as number) & 0xff) !== p) continue;
        own++;
        if (fresh || status[k] !== 0) continue;
        const id = found.find(buffer, out + k * words);
        fresh = id < 0 || id >= levelEnd;
      }
      if (!fresh) {
        this.provisoFailed++;
        continue;
      }
      this.reduced++;
      this.dropped += made - own;
      return p;
    }
    return -1;
  }

  /**
   * To be called at the end of each level: looks from time to time whether what was answered is still so.
   */
  levelDone(states: number): void {
    if (states < this.settleAt) return;
    this.settleAt = 2 * states;
    this.settle();
  }

  /**
   * Looks whether what was answered is still so after all that was learned since. Where something is not, `wrong` is set: the search
   * must run again, with what is known now.
   */
  settle(): void {
    this.learned.lookAtCoverage();
    if (this.settledAt === this.learned.version) return;
    this.settledAt = this.learned.version;
    if (this.inject === 'learning') return;
    let wrong = false;
    for (const row of this.clashes) for (const answers of row) wrong = answers.askAgain() || wrong;
    for (const row of this.frees.values()) for (const answers of row.flat()) wrong = answers.askAgain() || wrong;
    this.wrong ||= wrong;
  }

  /** Who may go on while `p` does not: whoever can step, and whom he may free. None of them may clash with p's steps. */
  private isEnough(p: number, movers: number): boolean {
    const { at, processes } = this;
    const clashes = this.clashes[p] as readonly Answers[];
    const here = at[p] as number;
    let going = movers & ~(1 << p);
    for (let w = 0; w < processes; w++) if (((going >>> w) & 1) === 1 && (clashes[w] as Answers).get(here, at[w] as number)) return false;
    let blocked = ~going & ~(1 << p) & ((1 << processes) - 1);
    if (blocked === 0) return true;
    const frees = this.freesWith(p, here);
    for (let again = true; again; ) {
      again = false;
      for (let q = 0; q < processes; q++) {
        if (((blocked >>> q) & 1) === 0) continue;
        for (let w = 0; w < processes; w++) {
          if (((going >>> w) & 1) === 0 || !((frees[q] as Answers[])[w] as Answers).get(at[q] as number, at[w] as number)) continue;
          if ((clashes[q] as Answers).get(here, at[q] as number)) return false;
          going |= 1 << q;
          blocked &= ~(1 << q);
          again = true;
          break;
        }
      }
    }
    return true;
  }

  private clash(p: number, a: number, w: number, b: number): boolean {
    const { atoms } = this.learned.futures;
    const held = this.heldIn(p, a);
    const step = this.learned.step(p, a);
    const may = this.learned.future(w, b, held);
    return (atoms.dependentOn(this.counted(step)) & this.counted(may)) !== 0n || this.touched(p, step, held, w, may) !== 0;
  }

  /** All of it, unless a test has some atoms forgotten. */
  private counted(set: bigint): bigint {
    const { inject } = this;
    if (inject !== 'locks' && inject !== 'observers') return set;
    return this.learned.futures.atoms.those(set, (atom) => !isLockAtom(atom) || (inject === 'observers' && !observes.test(atom.operation)));
  }

  private touched(p: number, step: bigint, held: Held, w: number, may: bigint): number {
    if (this.inject === 'visibility') return 0;
    return this.sight.ofStep(step, held, this.isEssential(p)) & this.sight.ofFuture(may, this.isEssential(w));
  }

  private freesWith(p: number, local: number): Answers[][] {
    let id = this.heldAt[p]?.[local];
    const held = this.heldIn(p, local);
    if (id === undefined) {
      const key = held.map(({ lock, mode }) => `${lock} ${mode}`).join();
      id = this.heldIds.get(key) ?? this.heldIds.size;
      this.heldIds.set(key, id);
      (this.heldAt[p] as number[])[local] = id;
    }
    let found = this.frees.get(id);
    if (found === undefined) {
      const { learned } = this;
      found = this.clashes.map((row, q) =>
        row.map(
          (_, w) => new Answers((a, b) => (learned.futures.atoms.dependentOn(learned.guard(q, a)) & learned.future(w, b, held)) !== 0n),
        ),
      );
      this.frees.set(id, found);
    }
    return found;
  }

  private heldIn(process: number, local: number): Held {
    return this.learned.locals[process]?.all[local]?.point.held ?? [];
  }

  private isEssential(process: number): boolean {
    return ((this.essential >>> process) & 1) === 1;
  }
}
