/**
 * All that one process may ever touch from each of its local states, while somebody else does nothing and holds some locks.
 *
 * In: local states, the steps between them, what each step touches, as these are learned. Out: a set for each local state. Never: a look at all of
 * them because one was learned: what is new goes back along the steps that lead to it.
 */
import type { Held } from '../../../compiler/index.ts';

/** What is known of a process when something is asked of it. */
export interface Steps {
  /** Local states are numbered from 0. */
  readonly count: () => number;
  /** What the next step touches; or, of a process that is kept where it is while others hold `held`, that alone. */
  readonly begins: (local: number, held: Held) => { readonly atoms: bigint; readonly shutOut: boolean };
  readonly to: (local: number) => Iterable<number>;
  readonly from: (local: number) => Iterable<number>;
}

export class Reach {
  /** By local state: the version at which its set changed last. */
  readonly changed: number[] = [];
  private readonly sets: bigint[] = [];
  private readonly shutOut: boolean[] = [];
  /** By local state: a number that was made of its set, and the set that it was made of. */
  private readonly made: number[] = [];
  private readonly madeOf: bigint[] = [];

  constructor(
    readonly held: Held,
    private readonly steps: Steps,
    private readonly make: (set: bigint) => number,
  ) {}

  /** `local` is known. */
  set(local: number): bigint {
    return this.sets[local] as bigint;
  }

  /** What `make` says of it. */
  number(local: number): number {
    const set = this.set(local);
    if (this.madeOf[local] !== set) {
      this.made[local] = this.make(set);
      this.madeOf[local] = set;
    }
    return this.made[local] as number;
  }

  /** Takes in local states that are new. */
  grow(version: number): void {
    const { steps, sets } = this;
    const first = sets.length;
    const count = steps.count();
    for (let local = first; local < count; local++) {
      const { atoms, shutOut } = steps.begins(local, this.held);
      sets.push(atoms);
      this.shutOut.push(shutOut);
      this.changed.push(version);
    }
    for (let local = first; local < count; local++) {
      for (const to of steps.to(local)) this.add(local, sets[to] as bigint, version);
      this.spread(local, version);
    }
  }

  /** A step from `from` to `to` was learned. */
  edge(from: number, to: number, version: number): void {
    this.grow(version);
    if (this.add(from, this.set(to), version)) this.spread(from, version);
  }

  /** More is known of what the next step from `local` touches. */
  more(local: number, version: number): void {
    this.grow(version);
    if (this.add(local, this.steps.begins(local, this.held).atoms, version)) this.spread(local, version);
  }

  private add(local: number, atoms: bigint, version: number): boolean {
    if (this.shutOut[local] === true) return false;
    const before = this.set(local);
    const after = before | atoms;
    if (after === before) return false;
    this.sets[local] = after;
    this.changed[local] = version;
    return true;
  }

  private spread(local: number, version: number): void {
    const work = [local];
    for (let to = work.pop(); to !== undefined; to = work.pop()) {
      for (const from of this.steps.from(to)) if (from < this.sets.length && this.add(from, this.set(to), version)) work.push(from);
    }
  }
}
