/**
 * What a thread does over and over in a round, in one of two ways: over arrays of the engine (`outsideLoops.ts`), or in the module in which the
 * system runs (`moduleLoops.ts`). Both give the same candidates with the same keys.
 *
 * In: parents, records. Out: candidates in the own arena; winners at their ids. Never: a decision which of them wins.
 */
import type { Expansion } from '../expansion.ts';
import type { Places, Wave } from '../visited/moduleSet.ts';
import type { RecordLayout, RoundBuffers } from './records.ts';

/** Errors that tests make on purpose. */
export type Inject = 'noMinimum' | 'byArrival' | 'failure';

/** What all threads have in common. */
export interface Common {
  readonly control: Int32Array;
  /** By chunk: who took it, and which records of his are its. */
  readonly chunks: Int32Array;
  readonly layout: RecordLayout;
  readonly chunkParents: number;
  /** A key is the number of the parent in the round times 2^keyBits, and the number in a batch, in which all successors of a parent are. */
  readonly keyBits: number;
  readonly inject?: Inject | undefined;
}

/** What changed since threads were told last. */
export interface News {
  /** The table, which may be a larger one that is to be filled from the one before. */
  readonly slots?: Int32Array;
  /** Segments of states and links: new ones behind those that are known. */
  readonly stored?: readonly Int32Array[];
  readonly links?: readonly Int32Array[];
  /** Segments of states below this one are of no more use. */
  readonly released?: number;
  /** In a module: where everything lies. */
  readonly places?: Places;
  /** In a module: slots that are to be spread over a larger table. */
  readonly wave?: Wave;
}

export interface RoundLoops {
  learn(news: News): void;
  setBuffers(buffers: RoundBuffers): void;
  /** Expands parents from `parent` on, below `end`, as far as there is room for their successors: the batch. Returns the next one. */
  expand(expansion: Expansion, parent: number, end: number): number;
  /** Finds which states of the batch the table of all states does not have. */
  sift(): void;
  /** Writes records of these from number `records` on, as far as nobody else has one with as small a key by now. Returns how many there are then. `first`: first parent of the round. */
  add(records: number, first: number): number;
  /** Puts the winners among records `from` to below `to` of a worker's arena at their ids. */
  place(owner: number, from: number, to: number, first: number): void;
  /** Checks them; tells what they violate and meet. Returns a bit set of the properties whose scope some state was in. */
  check(owner: number, from: number, to: number, tell: (id: number, violated: number, met: number) => void): number;
  /** Takes over the `part`-th part of the slots that are to be moved. False: there are no more. */
  move(part: number): boolean;
}
