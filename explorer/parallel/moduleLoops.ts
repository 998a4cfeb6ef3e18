/**
 * The loops of a round in the module in which the system runs.
 *
 * In: a system in the memory that all threads share. Out: as `RoundLoops`. Never: a copy of a state outside of that memory.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import type { Expansion } from '../expansion.ts';
import { meetings } from '../findings.ts';
import { control, shapeOf } from '../visited/kernelText.ts';
import type { Wave } from '../visited/moduleSet.ts';
import type { Common, News, RoundLoops } from './loops.ts';
import { numberMask, type RoundBuffers } from './records.ts';
import { roundControl, roundText } from './roundText.ts';

type Kernel = Readonly<
  Record<'set' | 'setRound' | 'expandFrom' | 'sift' | 'add' | 'place' | 'move' | 'checkRecords', (...args: readonly number[]) => number>
>;

/** Arrays of the loops: columns of the batch, and CB. */
const columns = ['BO', 'BP', 'BL', 'BH', 'BI', 'BF'] as const;
const controlWords = 16;

/** Words of slots that are taken over at a time. */
const movedWords = 1 << 13;

/** Bytes that the loops of a thread take beside the system. */
export function arrayBytes(system: Pick<CompiledSystem, 'buffer' | 'words'>): number {
  return columns.length * columnBytes(system) + 4 * controlWords;
}
function columnBytes({ buffer, words }: Pick<CompiledSystem, 'buffer' | 'words'>): number {
  return 64 * Math.ceil((Math.floor(buffer.length / words) - 1) / 16);
}

export interface ModuleHands {
  readonly worker: number;
  readonly exact: boolean;
  /** First byte of the arrays. */
  readonly arrays: number;
}

export class ModuleLoops implements RoundLoops {
  private readonly kernel: Kernel;
  private readonly cells: Int32Array;
  private readonly words: number;
  private missing = 0;
  private wave: Wave = [0, 0];

  constructor(
    system: CompiledSystem,
    { worker, exact, arrays }: ModuleHands,
    private readonly common: Common,
    private buffers: RoundBuffers,
    facts: Expansion['facts'],
  ) {
    const { native } = system;
    if (native === undefined) throw new RangeError('a system that is not in a module');
    const each = columnBytes(system);
    const places = new Map<string, number>([['Z', 0]]);
    columns.forEach((name, k) => void places.set(name, arrays + k * each));
    const cells = arrays + columns.length * each;
    places.set('CB', cells);
    this.words = system.words;
    this.cells = native.memory().subarray(cells / 4, cells / 4 + controlWords);
    const { layout, keyBits, inject } = common;
    const shape = shapeOf(system, exact, { ...facts, toMeet: meetings(system) });
    const round = { layout, worker, keyBits, noMinimum: inject === 'noMinimum' };
    this.kernel = native.link(roundText({ ...shape, ...round }), places) as Kernel;
    this.setBuffers(buffers);
  }

  learn({ places, wave }: News): void {
    if (places !== undefined) this.kernel.set(...places);
    if (wave !== undefined) this.wave = wave;
  }

  setBuffers(buffers: RoundBuffers): void {
    const { arenas, table } = buffers;
    const [first = 0, second = 0] = arenas.map(({ byteOffset }) => byteOffset / 4);
    this.kernel.setRound(first, second - first, table.byteOffset / 4, table.length - 1, numberMask(buffers, this.common.layout));
    this.buffers = buffers;
  }

  expand(expansion: Expansion, first: number, end: number): number {
    const { cells } = this;
    cells[control.count] = 0;
    cells[control.out] = this.words;
    let parent = first;
    do {
      parent = this.kernel.expandFrom(parent, end);
      expansion.transitions += cells[control.transitions] as number;
      if (cells[control.notable] !== 0) expansion.tell(parent - 1, 0, cells[control.made] as number, null);
    } while (cells[control.notable] !== 0 && parent < end);
    return parent;
  }

  sift(): void {
    this.missing = this.kernel.sift(this.cells[control.count] as number);
  }

  add(records: number, first: number): number {
    return this.kernel.add(this.missing, records, first);
  }

  place(owner: number, from: number, to: number, first: number): void {
    this.kernel.place(this.wordOf(owner, from), this.wordOf(owner, to), first);
  }

  check(owner: number, from: number, to: number, tell: (id: number, violated: number, met: number) => void): number {
    const { cells, kernel } = this;
    const { stride, id } = this.common.layout;
    const arena = this.buffers.arenas[owner] as Int32Array;
    const [start, end] = [this.wordOf(owner, 0), this.wordOf(owner, to)];
    cells[control.reached] = 0;
    for (let at = this.wordOf(owner, from); ; at += stride) {
      at = kernel.checkRecords(at, end);
      if (at === end) return cells[control.reached] as number;
      tell(arena[at - start + id] as number, cells[roundControl.violated] as number, cells[roundControl.met] as number);
    }
  }

  move(part: number): boolean {
    const [first, end] = this.wave;
    const from = first + part * movedWords;
    if (from >= end) return false;
    this.kernel.move(from, Math.min(from + movedWords, end));
    return true;
  }

  /** The first word of a record. */
  private wordOf(owner: number, record: number): number {
    return (this.buffers.arenas[owner] as Int32Array).byteOffset / 4 + record * this.common.layout.stride;
  }
}
