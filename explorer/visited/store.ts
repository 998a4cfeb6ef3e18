/**
 * Records of a fixed number of words, by number from 0, in segments that never move.
 *
 * In: words. Out: words. Never: an allocation per record; a copy when it grows.
 */
import { readNumber, type Saved, type WordSink, type WordSource } from '../checkpoint/words.ts';

/** Gives zeroed words. Throws RangeError where the machine has no memory left. */
export type Allocate = (words: number) => Int32Array;
export const ordinaryWords: Allocate = (words) => new Int32Array(words);
/** Words that threads can see. */
export const sharedWords: Allocate = (words) => new Int32Array(new SharedArrayBuffer(4 * words));

/** Bytes of a full segment, about. */
const segmentBytes = 1 << 19;

export class RecordStore implements Saved {
  /** Words of a record. */
  readonly words: number;
  /** Record r is in segment `r >>> shift`, from word `(r & mask) * words`. For loops that cannot afford a call. */
  readonly shift: number;
  readonly mask: number;
  /** Released segments are empty arrays. */
  readonly segments: Int32Array[] = [];
  count = 0;
  /** Segments below this one are released. */
  released = 0;

  constructor(
    words: number,
    private readonly allocate: Allocate = ordinaryWords,
  ) {
    this.words = words;
    const records = Math.max(1, Math.floor(segmentBytes / 4 / Math.max(words, 1)));
    this.shift = 31 - Math.clz32(records);
    this.mask = (1 << this.shift) - 1;
  }

  /** Makes room for `more` further records. Throws RangeError where the machine has no memory left. */
  reserve(more: number): void {
    while (this.segments.length << this.shift < this.count + more) {
      this.segments.push(this.allocate((this.mask + 1) * this.words));
    }
  }

  /** Copies the words at `from` of `source` to a new record; there must be room. Returns its number. */
  push(source: Int32Array, from: number): number {
    const id = this.count++;
    const segment = this.segments[id >>> this.shift] as Int32Array;
    const base = (id & this.mask) * this.words;
    for (let i = 0; i < this.words; i++) segment[base + i] = source[from + i] as number;
    return id;
  }

  copyTo(id: number, target: Int32Array, to: number): void {
    const segment = this.segments[id >>> this.shift] as Int32Array;
    const base = (id & this.mask) * this.words;
    for (let i = 0; i < this.words; i++) target[to + i] = segment[base + i] as number;
  }

  equals(id: number, source: Int32Array, from: number): boolean {
    const segment = this.segments[id >>> this.shift] as Int32Array;
    const base = (id & this.mask) * this.words;
    for (let i = 0; i < this.words; i++) if (segment[base + i] !== source[from + i]) return false;
    return true;
  }

  /** Word `word` of record `id`. */
  at(id: number, word: number): number {
    return (this.segments[id >>> this.shift] as Int32Array)[(id & this.mask) * this.words + word] as number;
  }

  /** Gives back the segments that hold only records below `id`; these must not be read again. */
  releaseBelow(id: number): void {
    for (; this.released < id >>> this.shift; this.released++) this.segments[this.released] = new Int32Array(0);
  }

  /** Records below it may be gone. */
  get firstKept(): number {
    return Math.min(this.released << this.shift, this.count);
  }

  save(sink: WordSink): void {
    sink.write(Int32Array.of(this.count, this.firstKept));
    for (const piece of this.pieces(this.firstKept)) sink.write(piece);
  }

  load(source: WordSource): void {
    this.count = readNumber(source);
    const first = readNumber(source);
    this.released = first >>> this.shift;
    this.segments.length = 0;
    for (let n = 0; n < this.released; n++) this.segments.push(new Int32Array(0));
    this.reserve(0);
    for (const piece of this.pieces(first)) source.read(piece);
  }

  /** The records from `first` on, in order, where they lie. */
  private *pieces(first: number): Generator<Int32Array> {
    for (let from = first; from < this.count; ) {
      const index = from >>> this.shift;
      const to = Math.min((index + 1) << this.shift, this.count);
      const base = index << this.shift;
      yield (this.segments[index] as Int32Array).subarray((from - base) * this.words, (to - base) * this.words);
      from = to;
    }
  }

  get bytes(): number {
    return (this.segments.length - this.released) * (this.mask + 1) * this.words * 4;
  }
}
