/**
 * Where the states of a search with threads lie, and its round table and arenas with them.
 *
 * In: a search between two batches. Out: memory that all threads see, loops over it, what they are to be told. Never: a round.
 */
import type { CompiledSystem, NativeCode, Recipe, Twin } from '../../compiler/index.ts';
import type { Expansion } from '../expansion.ts';
import { ModuleFull, type ModuleSet, type Places, type Wave } from '../visited/moduleSet.ts';
import type { SlotSet } from '../visited/slotSet.ts';
import { type Allocate, sharedWords } from '../visited/store.ts';
import type { Common, News, RoundLoops } from './loops.ts';
import { arrayBytes, ModuleLoops } from './moduleLoops.ts';
import { OutsideLoops } from './outsideLoops.ts';
import type { RoundBuffers } from './records.ts';
import { type Segments, SharedExactTable, SharedFingerprintTable } from './tables.ts';

type Shape = Omit<Segments, 'segments'>;

/** How a worker's thread gets at it: plain data. */
export type GroundStart =
  /** It compiles the system itself; `renaming`: the main thread searches renamed states. */
  | {
      readonly kind: 'outside';
      readonly exact: boolean;
      readonly stored: Shape;
      readonly links: Shape;
      readonly recipe: Recipe;
      readonly renaming: boolean;
    }
  /** It takes the code of the main thread. Bytes from which on its system and the arrays of its loops lie in the memory. */
  | { readonly kind: 'module'; readonly exact: boolean; readonly twin: Twin; readonly system: number; readonly arrays: number };

export interface Ground {
  /** Memory for round tables and arenas. */
  readonly allocate: Allocate;
  /** Bytes taken so far for threads, if they are not only those of round tables and arenas. */
  readonly taken: number | null;
  startOf(worker: number): GroundStart;
  /** The loops of the main thread. */
  loops(expansion: Expansion, common: Common, buffers: RoundBuffers): RoundLoops;
  /** What has changed since it was asked last; null: nothing. */
  news(): News | null;
  growthBytes(more: number): number;
  /** Room for `more` states; `move` lets all threads take over the slots of the table. False: there is none, and never will be. */
  makeRoom(more: number, move: () => Generator<void, void>): Generator<void, boolean>;
  /** So many are in their places. */
  added(more: number): void;
  /** Whether threads can go on here. */
  readonly usable: boolean;
}

/** Arrays of the engine, in shared memory. */
export class OutsideGround implements Ground {
  readonly allocate = sharedWords;
  readonly taken = null;
  readonly usable = true;
  private told = { slots: null as Int32Array | null, stored: 0, links: 0, released: 0 };

  constructor(
    private readonly system: CompiledSystem,
    private readonly visited: SlotSet,
    private readonly compiled: { readonly recipe: Recipe; readonly renaming: boolean },
  ) {}

  startOf(): Extract<GroundStart, { kind: 'outside' }> {
    const { stored, links } = this.visited;
    const shape = ({ words, shift, mask }: Shape): Shape => ({ words, shift, mask });
    const { recipe, renaming } = this.compiled;
    return { kind: 'outside', exact: this.visited.exact, stored: shape(stored), links: shape(links), recipe, renaming };
  }

  loops(_: Expansion, common: Common, buffers: RoundBuffers): RoundLoops {
    return outsideLoops(0, this.system, common, buffers, this.startOf());
  }

  news(): News | null {
    const { told } = this;
    const { slots, stored, links } = this.visited;
    const news: News = {
      ...(slots === told.slots ? {} : { slots }),
      ...(stored.segments.length === told.stored ? {} : { stored: stored.segments.slice(told.stored) }),
      ...(links.segments.length === told.links ? {} : { links: links.segments.slice(told.links) }),
      ...(stored.released === told.released ? {} : { released: stored.released }),
    };
    this.told = { slots, stored: stored.segments.length, links: links.segments.length, released: stored.released };
    return Object.keys(news).length === 0 ? null : news;
  }

  growthBytes(more: number): number {
    const { stored, links } = this.visited;
    return this.visited.growthBytes(more) + 4 * more * (stored.words + links.words);
  }

  *makeRoom(more: number, move: () => Generator<void, void>): Generator<void, boolean> {
    while (this.visited.mustGrow(more)) {
      this.visited.enlarge();
      yield* move();
    }
    this.visited.makeRoom(more);
    return true;
  }

  added(more: number): void {
    this.visited.added(more);
  }
}

/** The loops of any thread over arrays of the engine; it is yet to learn of all of them. */
export function outsideLoops(
  worker: number,
  system: CompiledSystem,
  common: Common,
  buffers: RoundBuffers,
  start: Extract<GroundStart, { kind: 'outside' }>,
): RoundLoops {
  const [stored, links] = [start.stored, start.links].map((shape): Segments => ({ ...shape, segments: [] })) as [Segments, Segments];
  const none = new Int32Array(2);
  const table = start.exact ? new SharedExactTable(stored, links, none) : new SharedFingerprintTable(stored, links, none);
  return new OutsideLoops(worker, system, common, table, buffers);
}

/** The memory of a module, in which the search is already: nothing is copied. Throws ModuleFull where there is no room for threads. */
export class ModuleGround implements Ground {
  taken = 0;
  usable = true;
  private readonly native: NativeCode;
  private readonly starts: number;
  private readonly systemBytes: number;
  private readonly arrays: number;
  private wave: Wave | null = null;
  private told: { readonly places: Places | null; readonly wave: Wave | null } = { places: null, wave: null };

  constructor(
    private readonly system: CompiledSystem,
    private readonly visited: ModuleSet,
    workers: number,
    private readonly limit: number,
  ) {
    const { native } = system;
    if (native === undefined) throw new RangeError('a system that is not in a module');
    this.native = native;
    // The system of each worker takes as much as that of the main thread.
    this.systemBytes = native.free;
    this.arrays = arrayBytes(system);
    this.starts = this.room((workers - 1) * this.systemBytes + workers * this.arrays);
  }

  startOf(worker: number): Extract<GroundStart, { kind: 'module' }> {
    const { starts, systemBytes, arrays, native, visited } = this;
    const own = starts + worker * arrays + Math.max(0, worker - 1) * systemBytes;
    return { kind: 'module', exact: visited.exact, twin: native.twin, system: own + arrays, arrays: own };
  }

  loops(expansion: Expansion, common: Common, buffers: RoundBuffers): RoundLoops {
    const { exact, arrays } = this.startOf(0);
    return new ModuleLoops(this.system, { worker: 0, exact, arrays }, common, buffers, expansion.facts);
  }

  readonly allocate: Allocate = (words) => {
    const from = this.room(4 * words);
    return this.native.memory().subarray(from / 4, from / 4 + words);
  };

  private room(bytes: number): number {
    const from = this.visited.room(bytes, this.limit);
    this.taken += 64 * Math.ceil(bytes / 64);
    return from;
  }

  news(): News | null {
    const { told, wave } = this;
    const { places } = this.visited;
    if (wave === told.wave && places.every((place, k) => place === told.places?.[k])) return null;
    this.told = { places, wave };
    return { places, ...(wave === null ? {} : { wave }) };
  }

  growthBytes(more: number): number {
    return this.visited.growthBytes(more);
  }

  *makeRoom(more: number, move: () => Generator<void, void>): Generator<void, boolean> {
    const { visited } = this;
    let before = 0;
    try {
      visited.makeRoom(more, (slots) => {
        before = slots;
      });
    } catch (error) {
      if (!(error instanceof ModuleFull)) throw error;
      this.usable = false;
    }
    if (before > 0) {
      for (const wave of visited.waves(before)) {
        this.wave = wave;
        yield* move();
      }
    }
    return this.usable;
  }

  added(more: number): void {
    this.visited.added(more);
  }
}
