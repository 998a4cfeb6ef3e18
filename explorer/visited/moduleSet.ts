/**
 * A visited set that lies in the memory of the module in which the system runs, and whose inner loops run there, too.
 *
 * In: batches, or ranges of parents. Out: ids, the same as `ExactSet` and `FingerprintSet` give. Never: a hole in the memory that it takes.
 *
 * From `NativeCode.free` on: small arrays that do not grow; the table; then records of (words, parent, label) by id, or, for fingerprints, links
 * by id and behind them the words of the states from `first` on, which wait to be expanded. What grows moves what is behind it. So a large table lies
 * as far behind the records as it can: what nobody touches in between takes no memory. What threads need (`room`) is before the records.
 */
import type { CompiledSystem, NativeCode } from '../../compiler/index.ts';
import type { WordSink, WordSource } from '../checkpoint/words.ts';
import { Batch, type StateSet } from './batch.ts';
import { control, kernelText, type Searched, type StateFacts, shapeOf } from './kernelText.ts';
import { filledSlots, loadRows, type Rows, readSlots, saveRows } from './saved.ts';
import { initialSize, isFull, type Size, sizeAfter, statesMost } from './size.ts';

/** Slots behind the last home. At two thirds full clusters of some hundred slots are the longest to be met in a lifetime. */
const tail = 1024;
const initialStates = 1024;
/** Records grow by an eighth, and by no more than this. */
const stepWords = 1 << 24;

/** How much of the memory each part takes. */
interface Shares {
  readonly size: Size;
  /** Records or links that there is room for. */
  readonly links: number;
  /** The first state that is kept, and how many from it on there is room for. Not used where the set is exact. */
  readonly first: number;
  readonly waiting: number;
}

type Kernel = Readonly<
  Record<'set' | 'expandFrom' | 'insert' | 'sift' | 'checkFresh' | 'grow' | 'put' | 'hash' | 'find', (...args: readonly number[]) => number>
>;

/** The table, its shift and quarters, states, links: what the loops' `set` is given. */
export type Places = readonly [table: number, shift: number, quarters: number, states: number, links: number];

/** Words of a part of the table: the first, and the one behind the last. */
export type Wave = readonly [from: number, end: number];
/** So few are not worth waking threads. */
const loneSlots = 1 << 15;

/** Slots from which on a table lies apart. */
const apartFrom = 1 << 18;

/** Where a table begins so that there is room for as many states as can be, from word `from` to below `end`. */
function farTable({ stride, from, end }: { readonly stride: number; readonly from: number; readonly end: number }): number {
  let best = { states: 0, table: 0 };
  for (let size = initialSize; 2 * (size.count + tail) < end - from; size = sizeAfter(size.count)) {
    const table = Math.floor(end) - 2 * (size.count + tail);
    const states = Math.min(statesMost(size), (table - from) / stride);
    if (states > best.states) best = { states, table };
  }
  return 16 * Math.floor(best.table / 16);
}

/** Good hashes never fill so many; going on would be wrong. */
function tooMany(): Error {
  return new Error(`${tail} slots in a row are full`);
}

/** The memory of the module has come to its end. */
export class ModuleFull extends Error {
  override readonly name = 'ModuleFull';
}

export class ModuleSet implements StateSet {
  readonly words: number;
  readonly batch: Batch;
  states = 0;
  /** What `checkFresh` found: numbers among the new states, properties that these violate, and that they meet. */
  readonly notableFresh: Int32Array;
  readonly violated: Int32Array;
  readonly met: Int32Array;
  private readonly native: NativeCode;
  private readonly kernel: Kernel;
  private readonly control: Int32Array;
  private readonly stride: number;
  private readonly buffer: Int32Array;
  /** First word of the table, of records if they do not follow it, and of a state for `find`. */
  private table: number;
  private records: number | null = null;
  private readonly aside: number;
  private shares: Shares = { size: initialSize, links: initialStates, first: 0, waiting: initialStates };
  /** All memory. */
  private z: Int32Array;
  private expandedTo = 0;

  /** Null: the system does not run in a module, or its memory has no room even for an empty table. */
  static of(system: CompiledSystem, exact: boolean, facts: StateFacts, apartWithin: number): ModuleSet | null {
    const { native } = system;
    return native === undefined ? null : new ModuleSet(system, native, exact, facts, apartWithin);
  }

  constructor(
    system: Searched,
    native: NativeCode,
    readonly exact: boolean,
    facts: StateFacts,
    /** Bytes of addresses in which a large table may lie apart from the records, at least twice of what may be taken; null: it follows them. */
    private apartWithin: number | null = null,
  ) {
    const { words, buffer } = system;
    const shape = shapeOf(system, exact, facts);
    this.native = native;
    this.buffer = buffer;
    this.words = words;
    this.stride = shape.linkStride;
    const capacity = Math.floor(buffer.length / words) - 1;
    const clusterMax = tail;
    const arrays = new Map<string, number>([['Z', 0]]);
    let at = native.free;
    const take = (name: string, length: number): number => {
      const from = at;
      arrays.set(name, from);
      at += 64 * Math.ceil(length / 16);
      return from;
    };
    const starts = ['BO', 'BP', 'BL', 'BH', 'BI', 'BF', 'BN', 'BV', 'BR'].map((name) => take(name, capacity));
    const controlAt = take('CB', 16);
    take('GL', clusterMax);
    take('GH', clusterMax);
    this.aside = take('aside', words) / 4;
    this.table = at / 4;
    if (!native.grow(4 * this.endOf(this.shares))) throw new ModuleFull('no memory for a table');
    this.z = native.memory();
    const column = (start: number | undefined): Int32Array => this.z.subarray((start ?? 0) / 4, (start ?? 0) / 4 + capacity);
    const [o, p, l, h, i, f, n, v, r] = starts.map(column) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, ...Int32Array[]];
    this.batch = new Batch(capacity, [o, p, l, h, i, f as Int32Array]);
    [this.notableFresh, this.violated, this.met] = [n, v, r] as [Int32Array, Int32Array, Int32Array];
    this.control = this.z.subarray(controlAt / 4, controlAt / 4 + 16);
    this.kernel = native.link(kernelText({ ...shape, clusterMax }), arrays) as Kernel;
    this.tell();
  }

  get bytes(): number {
    return this.bytesOf(this.shares);
  }

  growthBytes(more: number): number {
    return this.bytesOf(this.sharesFor(more)) - this.bytes;
  }

  /** The batch may be any, and the buffer that of another system. Throws ModuleFull where the memory ends; then nothing was done. */
  insert(buffer: Int32Array, batch: Batch): number {
    this.makeRoom(batch.count);
    this.take(buffer, batch);
    const made = this.kernel.insert(batch.count, this.states);
    this.added(made);
    if (batch !== this.batch) batch.fresh.set(this.batch.fresh.subarray(0, made));
    return made;
  }

  /**
   * Room for `more` further states. Throws ModuleFull where the memory ends; then nothing was done. `spread` is given the size of the table before, where it
   * has grown: its slots are to be spread over the larger one.
   */
  makeRoom(more: number, spread: (before: number) => void = (before) => this.spread(before + tail)): void {
    const { shares } = this;
    const next = this.sharesFor(more);
    if (next === shares) return;
    if (next.size.count >= apartFrom) this.goApart();
    this.move(next);
    if (next.size.count > shares.size.count) spread(shares.size.count);
  }

  /**
   * Lets threads spread the slots of a table that had `before` of them: gives parts (first word, end) whose slots all go to places behind their end, so that
   * they can be taken in any order, the next part when this one is done. The beginning of the table is spread here.
   */
  *waves(before: number): Generator<Wave, void> {
    const { table, z } = this;
    const ratio = this.shares.size.count / before;
    let end = before + tail;
    while (end > loneSlots) {
      // Homes are rounded down, once in each table.
      let from = Math.ceil((end + 2) / ratio) + 1;
      // Behind an empty slot nothing is at home before it.
      while (from < end && z[table + 2 * from - 1] !== 0) from++;
      if (from >= end) break;
      yield [table + 2 * from, table + 2 * end];
      end = from;
    }
    this.spread(end);
  }

  private spread(slots: number): void {
    if (this.kernel.grow(slots) < 0) throw tooMany();
  }

  /** So many new states are in their places: for those who put them there themselves. */
  added(more: number): void {
    this.states += more;
    // The loops do not look for the end of the table; the last slot is the first that nothing may be in.
    if (this.z[this.tableEnd(this.shares) - 1] !== 0) throw tooMany();
  }

  /**
   * Zeroed memory that stays where it is, for threads that share this set. From the first time on the table lies so far behind the records that
   * neither moves when the other grows; all of it ends before `limit` bytes. Returns the first byte. Throws ModuleFull.
   */
  room(bytes: number, limit: number): number {
    const { shares } = this;
    const [was, end] = [this.recordsFrom(shares), this.endOf(shares)];
    const from = this.records ?? this.table;
    const records = from + 16 * Math.ceil(bytes / 64);
    const shape = { stride: this.stride + (this.exact ? 0 : this.words / 2), from: records, end: Math.min(limit, this.native.most) / 4 };
    const table = this.records === null ? farTable(shape) : this.table;
    const length = 2 * (shares.size.count + tail);
    if (records + end - was > table || table < end || !this.native.grow(4 * (table + length)))
      throw new ModuleFull('no memory for threads');
    this.z = this.native.memory();
    if (table !== this.table) this.z.copyWithin(table, this.table, this.table + length);
    this.z.copyWithin(records, was, end);
    this.z.fill(0, from, records);
    this.table = table;
    this.records = records;
    this.tell();
    return 4 * from;
  }

  /** Puts the table far behind the records, so that these are not moved whenever it grows. Where there is no address space for that, all stays as it is. */
  private goApart(): void {
    const { apartWithin } = this;
    if (apartWithin === null || this.records !== null) return;
    this.apartWithin = null;
    try {
      this.room(0, apartWithin);
    } catch (error) {
      if (!(error instanceof ModuleFull)) throw error;
    }
  }

  /** What the loops of threads have to know: where things lie. */
  get places(): Places {
    const { count, mask } = this.shares.size;
    return [this.table, 32 - Math.log2(mask + 1), count === mask + 1 ? 4 : 3, this.stateAt(0), this.linkAt(0)];
  }

  private take(buffer: Int32Array, batch: Batch): void {
    const { batch: own } = this;
    if (buffer !== this.buffer) throw new RangeError('states outside of the memory of the module');
    if (batch === own) return;
    for (const column of ['offsets', 'parents', 'labels'] as const) own[column].set(batch[column].subarray(0, batch.count));
    own.count = batch.count;
  }

  /**
   * Expands parents from `parent` on and below `end` while there is room; their successors are added to `batch`. Returns the next parent, and stops
   * behind one about which there is more to say (`notable`); its words are at 0 of the system's buffer, its steps are what `expand` left.
   */
  expand(parent: number, end: number): number {
    const { control: cells, batch } = this;
    if (batch.count === 0) cells[control.out] = this.words;
    cells[control.count] = batch.count;
    const next = this.kernel.expandFrom(parent, end);
    batch.count = cells[control.count] as number;
    return next;
  }

  get notable(): boolean {
    return this.control[control.notable] !== 0;
  }
  /** Steps of the last parent of `expand`. */
  get made(): number {
    return this.control[control.made] as number;
  }
  /** Steps of all parents of the last `expand`. */
  get transitions(): number {
    return this.control[control.transitions] as number;
  }
  /** Checks the states that `insert` has just called new. Returns how many entries of `notableFresh`, `violated` and `met` there are. */
  check(made: number): number {
    return this.kernel.checkFresh(made);
  }
  /** Bits of properties in whose scope some state was that `check` has seen. */
  get reachedMask(): number {
    return this.control[control.reached] as number;
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    const { z, words } = this;
    const from = this.stateAt(id);
    for (let i = 0; i < words; i++) target[to + i] = z[from + i] as number;
  }

  expandedBelow(id: number): void {
    this.expandedTo = id;
  }

  parentOf(id: number): number {
    return this.z[this.linkAt(id)] as number;
  }

  labelOf(id: number): number {
    return this.z[this.linkAt(id) + 1] as number;
  }

  /** Id of the state at `from`, or -1. Only where the set is exact. */
  find(buffer: Int32Array, from: number): number {
    if (buffer === this.buffer) return this.kernel.find(from);
    for (let i = 0; i < this.words; i++) this.z[this.aside + i] = buffer[from + i] as number;
    return this.kernel.find(this.aside - this.buffer.byteOffset / 4);
  }

  /** Memory of a module is never given back. */
  seal(): void {}

  /** The table, a pair of words a slot; of an empty one the second is 0. */
  get slots(): Int32Array {
    return this.z.subarray(this.table, this.tableEnd(this.shares));
  }

  /** States below it may be gone. */
  get firstKept(): number {
    return this.exact ? 0 : this.shares.first;
  }

  /** Leaves in `batch.fresh` which states of a batch are not there, for a set that goes on behind this one. Returns how many. */
  sift(buffer: Int32Array, batch: Batch): number {
    this.take(buffer, batch);
    return this.kernel.sift(batch.count);
  }

  save(sink: WordSink): void {
    const { words, exact, stride, states, firstKept } = this;
    saveRows(sink, { width: words, first: firstKept, count: states }, (from, to, target) => {
      this.copyRows(this.stateAt(from), exact ? stride : words, target, words, to - from);
    });
    saveRows(sink, { width: 2, first: 0, count: states }, (from, to, target) => {
      this.copyRows(this.linkAt(from), stride, target, 2, to - from);
    });
    if (!exact) for (const slots of filledSlots(this.slots)) sink.write(slots);
  }

  load(source: WordSource): void {
    const { words, exact, stride, kernel } = this;
    const first = this.buffer.byteOffset / 4;
    loadRows(
      source,
      words,
      (rows) => this.beginAt(rows),
      (from, to, rows) => this.putRows(rows, words, to - from, this.stateAt(from), exact ? stride : words),
    );
    loadRows(
      source,
      2,
      () => {},
      (from, to, rows) => this.putRows(rows, 2, to - from, this.linkAt(from), stride),
    );
    if (exact) for (let id = 0; id < this.states; id++) kernel.put(kernel.hash(this.stateAt(id) - first), id + 1);
    else readSlots(source, this.states, (low, high) => kernel.put(low, high));
  }

  /** Makes an empty set of this one, with room for so many states. */
  private beginAt({ first, count }: Rows): void {
    const { size } = this.shares;
    this.z.fill(0, this.table, this.table + 2 * (size.count + tail));
    this.states = 0;
    this.shares = { ...this.shares, first };
    this.expandedTo = first;
    this.makeRoom(count);
    this.states = count;
  }

  private putRows(rows: Int32Array, width: number, count: number, to: number, stride: number): void {
    const { z } = this;
    for (let row = 0; row < count; row++) for (let i = 0; i < width; i++) z[to + row * stride + i] = rows[row * width + i] as number;
  }

  private copyRows(from: number, stride: number, target: Int32Array, width: number, count: number): void {
    const { z } = this;
    for (let row = 0; row < count; row++) for (let i = 0; i < width; i++) target[row * width + i] = z[from + row * stride + i] as number;
  }

  /** What is enough for `more` further states: the shares as they are, or larger ones. */
  private sharesFor(more: number): Shares {
    const { shares, states, exact } = this;
    let { size, links, first, waiting } = shares;
    while (isFull(states + more, size)) size = sizeAfter(size.count);
    if (states + more > links)
      links = Math.max(states + more, Math.min(Math.ceil(links * 1.125), links + Math.floor(stepWords / this.stride)));
    if (!exact && states + more - first > waiting) {
      first = this.expandedTo;
      if (states + more - first > waiting / 2) waiting = Math.max(states + more - first, Math.ceil(waiting * 1.5));
    }
    return size === shares.size && links === shares.links && first === shares.first && waiting === shares.waiting
      ? shares
      : { size, links, first, waiting };
  }

  private move(next: Shares): void {
    const { shares: old, stride, words, exact, states } = this;
    const [end, tableEnd] = [this.endOf(next), this.tableEnd(next)];
    if ((this.records !== null && end > this.table) || !this.native.grow(4 * Math.max(end, tableEnd)))
      throw new ModuleFull('the memory of the module ends here');
    this.z = this.native.memory();
    const { z } = this;
    // What lies last goes first, and never onto what is still to be moved.
    if (!exact) {
      const from = this.stateAt(next.first);
      z.copyWithin(this.waitingFrom(next), from, from + (states - next.first) * words);
    }
    const [was, is] = [this.recordsFrom(old), this.recordsFrom(next)];
    if (is !== was) z.copyWithin(is, was, was + states * stride);
    // Far from the records, nobody was there yet.
    if (this.records === null) z.fill(0, was, is);
    this.shares = next;
    this.tell();
  }

  /** Tells the kernel where things lie. */
  private tell(): void {
    this.kernel.set(...this.places);
  }

  private tableEnd({ size }: Shares): number {
    return this.table + 2 * (size.count + tail);
  }

  private recordsFrom(shares: Shares): number {
    return this.records ?? this.tableEnd(shares);
  }

  private bytesOf(shares: Shares): number {
    return 4 * (this.tableEnd(shares) - this.table + this.endOf(shares) - this.recordsFrom(shares));
  }

  private waitingFrom(shares: Shares): number {
    return this.recordsFrom(shares) + shares.links * this.stride;
  }

  /** The word behind all states and links. */
  private endOf(shares: Shares): number {
    return this.waitingFrom(shares) + (this.exact ? 0 : shares.waiting * this.words);
  }

  private stateAt(id: number): number {
    const { shares } = this;
    return this.exact ? this.recordsFrom(shares) + id * this.stride : this.waitingFrom(shares) + (id - shares.first) * this.words;
  }

  private linkAt(id: number): number {
    return this.recordsFrom(this.shares) + id * this.stride + (this.exact ? this.words : 0);
  }
}
