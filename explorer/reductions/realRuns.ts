/**
 * From the states of a renamed search back to runs of the system as it is.
 *
 * In: what the search stored. Out: for each state a real one, and the label of a real step that leads to it from its parent's.
 * Never: a state that was not reached step by step on the system as it is.
 *
 * Where processes have changed places, the label of a canonical step is not that of the real one. So each state of a path goes with the
 * permutation that leads from the real state to the canonical one, and the real step is the one whose end that permutation takes to
 * what was stored.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import type { StateGraph, TraceEnd } from '../result.ts';
import { RenamingLost } from './lost.ts';
import type { Permutation, Renaming } from './renaming.ts';

interface Real {
  readonly words: Int32Array;
  /** From the real state to the canonical one. */
  readonly to: Permutation;
  readonly label: number;
}

export class RealRuns {
  readonly #known = new Map<number, Real>();
  readonly #scratch: Int32Array;

  constructor(
    private readonly system: CompiledSystem,
    private readonly renaming: Renaming,
    private readonly stored: StateGraph,
    private readonly initial: readonly Int32Array[],
  ) {
    this.#scratch = new Int32Array(system.words);
  }

  /** Throws RenamingLost if no run leads there. */
  of(state: number): Real {
    const path: number[] = [];
    for (let at = state; at >= 0 && !this.#known.has(at); at = this.stored.parentOf(at)) path.push(at);
    for (const next of path.reverse()) this.#known.set(next, this.#after(next));
    return this.#known.get(state) as Real;
  }

  /** The end of a trace, with the real label of its last step. Uses the system's buffer. */
  end({ state, label }: TraceEnd): TraceEnd {
    const real = this.of(state);
    if (label === null) return { state, label };
    if (!this.renaming.permutes) {
      this.system.buffer.set(real.words, 0);
      if (!this.system.enabled(0).includes(label)) throw new RenamingLost('a trace of renamed states is no run of the system');
      return { state, label };
    }
    const { words } = this.system;
    const wanted = this.#outcomes(this.stored.wordsOf(state)).find((one) => one.label === label);
    const found = this.#outcomes(real.words).find(
      (one) =>
        wanted !== undefined &&
        this.#endAlike(one.ended, wanted.ended) &&
        one.violations === wanted.violations &&
        this.renaming.processUnder(real.to, one.label & 0xff) === (label & 0xff) &&
        (one.ended !== 0 || this.#isSame(one.after, real.to, wanted.after, words)),
    );
    if (found === undefined) throw new RenamingLost('a trace of renamed states is no run of the system');
    return { state, label: found.label };
  }

  /** Number of the process that `process` of the canonical state is in the real one. */
  process(state: number, process: number): number {
    const { to } = this.of(state);
    return this.system.description.processes.findIndex((_, real) => this.renaming.processUnder(to, real) === process);
  }

  #after(state: number): Real {
    const parent = this.stored.parentOf(state);
    const label = this.stored.labelOf(state);
    const wanted = this.stored.wordsOf(state);
    if (parent < 0) {
      const words = (this.initial[label] as Int32Array).slice();
      const to = this.#match(words, this.renaming.identity(), wanted);
      if (to === null) throw new RenamingLost('a trace of renamed states begins nowhere');
      return { words, to, label };
    }
    const before = this.#known.get(parent) as Real;
    const { system } = this;
    system.buffer.set(before.words, 0);
    for (const real of this.renaming.permutes ? system.enabled(0) : [label]) {
      if (this.renaming.processUnder(before.to, real & 0xff) !== (label & 0xff)) continue;
      if (system.step(0, real, system.words) !== 0) continue;
      const words = system.buffer.slice(system.words, 2 * system.words);
      const to = this.#match(words, before.to, wanted);
      if (to !== null) return { words, to, label: real };
    }
    throw new RenamingLost('a trace of renamed states is no run of the system');
  }

  /** What takes `words` to the canonical state `wanted`, beginning with `to`; null: they are not of one class. */
  #match(words: Int32Array, to: Permutation, wanted: Int32Array): Permutation | null {
    const scratch = this.#scratch;
    scratch.set(words);
    this.renaming.apply(scratch, to);
    this.renaming.rename(scratch, 0);
    return scratch.some((word, i) => word !== wanted[i]) ? null : this.renaming.after(to);
  }

  /** Like processes fault in the same statement. */
  #endAlike(a: number, b: number): boolean {
    const [one, other] = [this.system.faults[a - 1], this.system.faults[b - 1]];
    return a === b || (one !== undefined && other !== undefined && one.kind === other.kind && one.statement === other.statement);
  }

  #isSame(words: Int32Array, to: Permutation, canonical: Int32Array, length: number): boolean {
    const other = canonical.slice(0, length);
    this.renaming.rename(other, 0);
    return this.#match(words, to, other) !== null;
  }

  #outcomes(
    state: Int32Array,
  ): { readonly label: number; readonly ended: number; readonly violations: number; readonly after: Int32Array }[] {
    const { system } = this;
    const { buffer, words, labels, status, violations } = system;
    buffer.set(state, 0);
    const made = system.expand(0, words);
    return Array.from({ length: made }, (_, k) => ({
      label: labels[k] as number,
      ended: status[k] as number,
      violations: violations[k] as number,
      after: buffer.slice((k + 1) * words, (k + 2) * words),
    }));
  }
}
