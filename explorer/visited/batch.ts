/**
 * Successors on their way into the visited set.
 *
 * In: what `expand` made of some parents. Out: columns that are filled and emptied together.
 * Never: the states themselves, which stay in the system's buffer.
 */
import type { Saved } from '../checkpoint/words.ts';

export class Batch {
  count = 0;
  /** Offset of the state in the system's buffer, in words. */
  readonly offsets: Int32Array;
  /** Id of the state that it is a step from, or -1. */
  readonly parents: Int32Array;
  readonly labels: Int32Array;
  readonly hashes: Int32Array;
  /** Second half of the fingerprint. */
  readonly hashesHigh: Int32Array;
  /** Filled by the visited set: numbers (in this batch) of the states that were new. Their ids are consecutive. */
  readonly fresh: Int32Array;

  /** `columns`: where the columns lie, in the order of above, if not in arrays of their own. */
  constructor(
    readonly capacity: number,
    columns: readonly Int32Array[] = Array.from({ length: 6 }, () => new Int32Array(capacity)),
  ) {
    const [offsets, parents, labels, hashes, hashesHigh, fresh] = columns as [Int32Array, Int32Array, Int32Array, ...Int32Array[]];
    this.offsets = offsets;
    this.parents = parents;
    this.labels = labels;
    this.hashes = hashes as Int32Array;
    this.hashesHigh = hashesHigh as Int32Array;
    this.fresh = fresh as Int32Array;
  }

  add(offset: number, parent: number, label: number): void {
    const n = this.count++;
    this.offsets[n] = offset;
    this.parents[n] = parent;
    this.labels[n] = label;
  }
}

/** A set of states that knows whence each came. */
export interface VisitedSet extends Saved {
  readonly states: number;
  readonly bytes: number;
  /** Whether all states are kept whole, so that it is a `StateSet`. */
  readonly exact: boolean;
  /** Bytes that the next growth of the table takes beside `bytes`, if `more` states force one; else 0. */
  growthBytes(more: number): number;
  /** Inserts what is not there yet, in order; fills `batch.fresh`. Returns the number of new states. */
  insert(buffer: Int32Array, batch: Batch): number;
  /** Words of a state that was not expanded yet (all of them where the set is exact). */
  copyTo(id: number, target: Int32Array, to: number): void;
  /** Says that states below `id` were expanded. */
  expandedBelow(id: number): void;
  parentOf(id: number): number;
  labelOf(id: number): number;
  /** Drops what only `insert` needs. */
  seal(): void;
}

export interface StateSet extends VisitedSet {
  /** Id of the state at `from`, or -1. */
  find(buffer: Int32Array, from: number): number;
}

export function keepsStates(set: VisitedSet): set is StateSet {
  return set.exact;
}
