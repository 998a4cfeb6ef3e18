/**
 * Watches steps: from which local state of each process they lead to which.
 *
 * In: states and successors in the system's buffer. Out: local states of all processes; steps between them that were not seen before are told to
 * `Learned`. Never: a search in a table where a look at the last answer will do.
 */
import { type CompiledSystem, Futures, isLockAtom, type Stack } from '../../../compiler/index.ts';
import type { Learned } from './learned.ts';
import type { LocalStates } from './locals.ts';

const no = 1;
const yes = 2;

export class Watch {
  /** By process: its local state in the state that was located last; -1 before the first. */
  readonly at: Int32Array;
  private readonly locals: readonly LocalStates[];
  /** By process and local state: the local state, from 1, to which its last step led. */
  private readonly lastTo: Int32Array[];
  /** By process: words of the state, and in the same order the bits of them that are others' references. */
  private readonly othersWords: readonly Int32Array[];
  private readonly othersBits: readonly Int32Array[];

  /** What steps may touch by their text, whatever was run so far. */
  private readonly texts: Futures;
  /** By process and local state: whether the next step may free a row by its text; 0: not looked at yet. */
  private readonly frees: Uint8Array[];
  /** The same by what is on the stack, whatever is known there. */
  private readonly freesAt = new Map<string, boolean>();

  constructor(
    private readonly system: CompiledSystem,
    private readonly learned: Learned,
  ) {
    const { locals } = learned;
    this.locals = locals;
    this.at = new Int32Array(locals.length).fill(-1);
    this.lastTo = locals.map(() => new Int32Array(64));
    this.texts = new Futures(system.description, system.program);
    this.frees = locals.map(() => new Uint8Array(64));
    const bits = locals.map((_, p) => {
      const found = new Int32Array(system.words);
      for (const [q, { words, dangling }] of locals.entries())
        if (q !== p) for (const [i, word] of words.entries()) found[word] = (found[word] as number) | (dangling[i] as number);
      return found;
    });
    this.othersWords = bits.map((found) => Int32Array.from(found.keys()).filter((word) => found[word] !== 0));
    this.othersBits = bits.map((found) => found.filter((mask) => mask !== 0));
  }

  /** Sets `at` to the local states of the state at `base`. */
  locate(base: number): void {
    const { at, locals } = this;
    for (let p = 0; p < at.length; p++) {
      const own = locals[p] as LocalStates;
      const before = at[p] as number;
      if (before < 0 || !own.isAt(before, base)) at[p] = own.at(base);
    }
  }

  /** Learns from the state at `base`, which was located, and its `made` successors at `out`, as `expand` left them. */
  steps(base: number, out: number, made: number): void {
    const { labels, status, words } = this.system;
    for (let k = 0; k < made; k++) {
      if (status[k] !== 0) continue;
      const to = out + k * words;
      const p = (labels[k] as number) & 0xff;
      this.step(p, to);
      if (!this.mayFree(p, this.at[p] as number) || !this.othersChange(p, base, to)) continue;
      for (let q = 0; q < this.at.length; q++) {
        if (q !== p && !(this.locals[q] as LocalStates).isAt(this.at[q] as number, to)) this.step(q, to);
      }
    }
  }

  /** The process is in another local state at `to`, or in the same one. */
  private step(process: number, to: number): void {
    const own = this.locals[process] as LocalStates;
    const from = this.at[process] as number;
    let lastTo = this.lastTo[process] as Int32Array;
    const last = lastTo[from] ?? 0;
    if (last > 0 && own.isAt(last - 1, to)) return;
    const target = own.at(to);
    this.learned.edge(process, from, target);
    if (from >= lastTo.length) {
      const longer = new Int32Array(2 * from);
      longer.set(lastTo);
      this.lastTo[process] = longer;
      lastTo = longer;
    }
    lastTo[from] = target + 1;
  }

  private mayFree(process: number, local: number): boolean {
    let own = this.frees[process] as Uint8Array;
    if (local >= own.length) {
      const longer = new Uint8Array(2 * local);
      longer.set(own);
      this.frees[process] = longer;
      own = longer;
    }
    if (own[local] === 0) own[local] = this.looksFreeing(process, local) ? yes : no;
    return own[local] === yes;
  }

  private looksFreeing(process: number, local: number): boolean {
    const stack = this.locals[process]?.all[local]?.stack ?? null;
    if (stack === null) return false;
    let key = '';
    for (let at: Stack | null = stack; at !== null; at = at.caller) key += `${at.spec}.${at.node} `;
    let found = this.freesAt.get(key);
    if (found === undefined) {
      const touched = this.texts.atoms.of(this.texts.step(stack));
      found = touched.some((atom) => !isLockAtom(atom) && atom.write && atom.field.endsWith('.$life'));
      this.freesAt.set(key, found);
    }
    return found;
  }

  /** A free makes references of others dangle; nothing else changes them. */
  private othersChange(process: number, base: number, to: number): boolean {
    const { buffer } = this.system;
    const words = this.othersWords[process] as Int32Array;
    const bits = this.othersBits[process] as Int32Array;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as number;
      if ((((buffer[base + word] as number) ^ (buffer[to + word] as number)) & (bits[i] as number)) !== 0) return true;
    }
    return false;
  }
}
