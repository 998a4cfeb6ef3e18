/**
 * Deadlocks: cycles of waiting, and states that no essential process leaves whatever daemons do.
 *
 * In: a compiled system and states that were expanded. Out: which of them are deadlocked.
 * Never: a claim that rests on a step that was cut by a model bound or not taken.
 */

import type { CompiledSystem } from '../compiler/index.ts';
import type { Saved, WordSink, WordSource } from './checkpoint/words.ts';
import { Numbers } from './numbers.ts';
import { Batch } from './visited/batch.ts';
import { ExactSet } from './visited/exact.ts';

/** Which bits of which words are set exactly if some lock is held: (word, mask) after (word, mask). */
export function lockBits(layout: CompiledSystem['layout']): Int32Array {
  const masks = new Map<number, number>();
  for (const { field, main, readers } of layout.fields.values()) {
    if (field.type.kind !== 'lock') continue;
    for (const column of readers === null ? [main] : [main, readers]) {
      for (let k = 0; k < column.count; k++) {
        const inOneWord = column.perWord >= column.count;
        const word = inOneWord ? column.word : column.word + Math.floor(k / column.perWord);
        const shift = inOneWord ? column.shift + k * column.bits : (k % column.perWord) * column.bits;
        const ones = column.bits === 32 ? -1 : (1 << column.bits) - 1;
        masks.set(word, (masks.get(word) ?? 0) | (ones << shift));
      }
    }
  }
  return Int32Array.from([...masks].flat());
}

/**
 * The processes that wait for each other in the state at `base`, as a bit set; 0 if none do.
 * `candidates`: bit set of the processes that have no step here. A process waits for every holder, so a set
 * in which each waits for one of the set never moves again.
 */
export function waitCycle(system: CompiledSystem, base: number, candidates: number): number {
  const waits: number[] = [];
  let waiting = 0;
  for (let rest = candidates; rest !== 0; rest &= rest - 1) {
    const process = 31 - Math.clz32(rest & -rest);
    const holders = system.waitsFor(base, process);
    waits[process] = holders;
    if (holders !== 0) waiting |= 1 << process;
  }
  for (;;) {
    let kept = 0;
    for (let rest = waiting; rest !== 0; rest &= rest - 1) {
      const process = 31 - Math.clz32(rest & -rest);
      if (((waits[process] as number) & waiting) !== 0) kept |= 1 << process;
    }
    if (kept === waiting) return kept;
    waiting = kept;
  }
}

/**
 * States in which no essential process has a step and one of them is neither done nor idle. Whether such a
 * state is dead is decided when the search is over, by looking which of them daemons can lead out.
 */
export class StuckStates implements Saved {
  private readonly known: ExactSet;
  private readonly ids = new Numbers();
  private readonly batch = new Batch(1);

  constructor(private readonly words: number) {
    this.known = new ExactSet(words);
  }

  get bytes(): number {
    return this.known.bytes;
  }

  /** The state at `base` of `buffer`, number `id` of the search. */
  add(buffer: Int32Array, base: number, id: number): void {
    this.batch.count = 0;
    this.batch.add(base, -1, 0);
    if (this.known.insert(buffer, this.batch) === 1) this.ids.push(id);
  }

  save(sink: WordSink): void {
    this.known.save(sink);
    this.ids.save(sink);
  }

  load(source: WordSource): void {
    this.known.load(source);
    this.ids.load(source);
  }

  /** The essential processes that are neither done nor idle in state `id` of the search. */
  processesAt(system: CompiledSystem, id: number): number[] {
    for (let state = 0; state < this.ids.count; state++) {
      if (this.ids.at(state) !== id) continue;
      this.known.copyTo(state, system.buffer, 0);
      return processesNotAtRest(system);
    }
    return [];
  }

  /**
   * Ids of those that are dead, ascending. A state is let off if daemons lead from it to a state that is not
   * of this set (an essential process can step there, or the search did not get so far) or over a model bound.
   */
  dead(system: CompiledSystem, isBoundFault: (fault: number) => boolean): number[] {
    const count = this.ids.count;
    const alive = new Uint8Array(count);
    const from = new Numbers();
    const to = new Numbers();
    const { buffer, status } = system;
    for (let state = 0; state < count; state++) {
      this.known.copyTo(state, buffer, 0);
      const made = system.expand(0, this.words);
      for (let k = 0; k < made && alive[state] === 0; k++) {
        const ended = status[k] as number;
        if (ended !== 0) {
          if (isBoundFault(ended - 1)) alive[state] = 1;
          continue;
        }
        const successor = this.known.find(buffer, (k + 1) * this.words);
        if (successor < 0) alive[state] = 1;
        else if (successor !== state) {
          from.push(state);
          to.push(successor);
        }
      }
    }
    spreadBackwards(alive, from, to);
    const dead: number[] = [];
    for (let state = 0; state < count; state++) if (alive[state] === 0) dead.push(this.ids.at(state));
    return dead;
  }
}

function processesNotAtRest(system: CompiledSystem): number[] {
  return system.description.processes.flatMap(({ kind }, process) => {
    if (kind !== 'essential') return [];
    const status = system.processStatus(0, process);
    return status === 'done' || status === 'idle' ? [] : [process];
  });
}

/** Marks everything from which an edge leads to something marked. */
function spreadBackwards(marked: Uint8Array, from: Numbers, to: Numbers): void {
  // Edges by target: `start[t]` .. `start[t + 1]` of `sources`.
  const start = new Int32Array(marked.length + 1);
  for (let e = 0; e < to.count; e++) start[to.at(e) + 1] = (start[to.at(e) + 1] as number) + 1;
  for (let t = 0; t < marked.length; t++) start[t + 1] = (start[t + 1] as number) + (start[t] as number);
  const next = start.slice();
  const sources = new Int32Array(from.count);
  for (let e = 0; e < from.count; e++) {
    const slot = next[to.at(e)] as number;
    next[to.at(e)] = slot + 1;
    sources[slot] = from.at(e);
  }
  const work: number[] = [];
  for (let t = 0; t < marked.length; t++) if (marked[t] === 1) work.push(t);
  for (let target = work.pop(); target !== undefined; target = work.pop()) {
    for (let e = start[target] as number; e < (start[target + 1] as number); e++) {
      const source = sources[e] as number;
      if (marked[source] === 1) continue;
      marked[source] = 1;
      work.push(source);
    }
  }
}
