/**
 * Whether one process's next step clashes with anything that another may do before it, by the local states of both.
 *
 * In: what is learned. Out: answers, each asked once, and asked again when more is known. Never: an answer that turned out wrong, unnoticed: see
 * `askAgain`.
 */
import { type CompiledSystem, type Held, isLockAtom } from '../../../compiler/index.ts';
import { Answers } from './answers.ts';
import { Learned } from './learned.ts';
import type { Ignored } from './locals.ts';
import type { Reach } from './reach.ts';
import { Sight } from './sight.ts';

/** What tests leave out on purpose, to see that something notices. */
export type AmpleError = 'visibility' | 'proviso' | 'daemons' | 'locks' | 'observers' | 'hooks' | 'learning' | 'again';

const observes = /^(try|contended|announce)/;

/** What one step touches, and what cannot change places with that. */
interface StepFacts {
  readonly atoms: bigint;
  readonly dependents: bigint;
  readonly seen: number;
  /** Number of atoms when `dependents` were looked up. */
  readonly of: number;
}
/** While somebody holds some locks: what the others may do, by process; whether one (the second) may free another (the first), by their local states. */
interface Holding {
  readonly held: Held;
  readonly reaches: readonly Reach[];
  readonly frees: readonly (readonly Answers[])[];
}

/** What turned out wrong when all was asked again. */
export interface Turned {
  /** By process: its local states of which some answer turned. */
  readonly clashing: readonly ReadonlySet<number>[];
  /** Holdings of which some answer turned. */
  readonly freeing: ReadonlySet<number>;
}

export class Clashes {
  readonly learned: Learned;
  private readonly sight: Sight;
  private readonly essential: readonly boolean[];
  /** By process that steps and process that goes on meanwhile. */
  private readonly clashes: readonly (readonly Answers[])[];
  private readonly holdings: Holding[] = [];
  private readonly holdingsByLocks = new Map<string, number>();
  /** By process and local state: the number of its holding. */
  private readonly holdingAt: number[][];
  private readonly facts: (StepFacts | undefined)[][];
  private settledAt = -1;

  constructor(
    system: CompiledSystem,
    ignores: Ignored,
    private readonly inject: AmpleError | null,
  ) {
    const { processes } = system.program;
    this.essential = processes.map(({ essential }) => essential);
    const seen = (future: bigint, process: number) =>
      inject === 'visibility' ? 0 : this.sight.ofFuture(future, this.essential[process] === true);
    this.learned = new Learned(system, ignores, seen, inject === 'hooks');
    this.sight = new Sight(system, this.learned.futures);
    this.clashes = processes.map((_, p) => processes.map((__, w) => new Answers((a, b) => this.clash(p, a, w, b))));
    this.holdingAt = processes.map(() => []);
    this.facts = processes.map(() => []);
  }

  /** Whether the next step of `p` from local state `a` clashes with what `w` may do from `b` on. */
  ask(p: number, a: number, w: number, b: number): boolean {
    return ((this.clashes[p] as readonly Answers[])[w] as Answers).get(a, b);
  }

  /** The number of the set of locks that the process holds. */
  holding(p: number, a: number): number {
    const own = this.holdingAt[p] as number[];
    own[a] ??= this.holdingOf(p, a);
    return own[a];
  }

  /** Whether what `w` may do from `b` on lets `q` go on, which cannot step from `a`, while somebody has a holding. */
  askFrees(holding: number, q: number, a: number, w: number, b: number): boolean {
    return (((this.holdings[holding] as Holding).frees[q] as readonly Answers[])[w] as Answers).get(a, b);
  }

  /** Asks again what may be another answer by what was learned since the last time. Null: everything is as it was. */
  askAgain(): Turned | null {
    const { learned, settledAt: since } = this;
    learned.lookAtCoverage();
    if (since === learned.version || this.inject === 'learning') return null;
    this.settledAt = learned.version;
    const clashing = this.clashes.map((row, p) => {
      const changed = (w: number) => (a: number) => {
        if (learned.stepAt(p, a) > since) return null;
        return this.reachOf(this.holding(p, a), w).changed;
      };
      return new Set(row.flatMap((answers, w) => answers.askAgain(changed(w), since)));
    });
    const freeing = new Set<number>();
    for (const [number, { frees }] of this.holdings.entries())
      for (const [q, row] of frees.entries())
        for (const [w, answers] of row.entries()) {
          const changed = (a: number) => (learned.stepAt(q, a) > since ? null : this.reachOf(number, w).changed);
          if (answers.askAgain(changed, since).length > 0) freeing.add(number);
        }
    return freeing.size === 0 && clashing.every(({ size }) => size === 0) ? null : { clashing, freeing };
  }

  /** Whether an answer turned on which it may rest that `p` alone steps; `at`: local states by process. */
  turnedAt(p: number, at: Int32Array, { clashing, freeing }: Turned): boolean {
    const here = at[p] as number;
    if (clashing[p]?.has(here) === true && this.clashes[p]?.some((answers, w) => answers.hasTurned(here, at[w] as number)) === true)
      return true;
    const holding = this.holding(p, here);
    if (!freeing.has(holding)) return false;
    const { frees } = this.holdings[holding] as Holding;
    return frees.some((row, q) => row.some((answers, w) => answers.hasTurned(at[q] as number, at[w] as number)));
  }

  private clash(p: number, a: number, w: number, b: number): boolean {
    const { dependents, seen } = this.factsOf(p, a);
    const reach = this.reachOf(this.holding(p, a), w);
    return (dependents & this.counted(reach.set(b))) !== 0n || (seen & reach.number(b)) !== 0;
  }

  private factsOf(p: number, a: number): StepFacts {
    const own = this.facts[p] as (StepFacts | undefined)[];
    const { learned, inject } = this;
    const { all } = learned.futures.atoms;
    const known = own[a];
    const atoms = learned.step(p, a);
    if (known !== undefined && known.atoms === atoms && known.of === all.length) return known;
    const held = learned.locals[p]?.all[a]?.point.held ?? [];
    const dependents = learned.futures.atoms.dependentOn(this.counted(atoms));
    const seen = inject === 'visibility' ? 0 : this.sight.ofStep(atoms, held, this.essential[p] === true);
    const found = { atoms, dependents, seen, of: all.length };
    own[a] = found;
    return found;
  }

  /** All of it, unless a test has some atoms forgotten. */
  private counted(set: bigint): bigint {
    const { inject } = this;
    if (inject !== 'locks' && inject !== 'observers') return set;
    return this.learned.futures.atoms.those(set, (atom) => !isLockAtom(atom) || (inject === 'observers' && !observes.test(atom.operation)));
  }

  private reachOf(holding: number, w: number): Reach {
    const reach = (this.holdings[holding] as Holding).reaches[w] as Reach;
    reach.grow(this.learned.version);
    return reach;
  }

  private holdingOf(p: number, a: number): number {
    const { learned, clashes } = this;
    const held = learned.locals[p]?.all[a]?.point.held ?? [];
    const key = held.map(({ lock, mode }) => `${lock} ${mode}`).join();
    const known = this.holdingsByLocks.get(key);
    if (known !== undefined) return known;
    const number = this.holdings.length;
    this.holdingsByLocks.set(key, number);
    const { atoms } = learned.futures;
    this.holdings.push({
      held,
      reaches: clashes.map((_, w) => learned.reach(w, held)),
      frees: clashes.map((row, q) =>
        row.map((_, w) => new Answers((a, b) => (atoms.dependentOn(learned.guard(q, a)) & this.reachOf(number, w).set(b)) !== 0n)),
      ),
    });
    return number;
  }
}
