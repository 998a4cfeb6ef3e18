/**
 * What checkpoints hold of a visited set, whichever it is: number of states, the first that is kept, the words from that one on; number
 * of links, 0, the links; and, of fingerprints, the fingerprints of all states in any order.
 *
 * In: rows of words. Out: words in order. Never: where a set had them; another set may be made of them.
 */
import { readNumber, type WordSink, type WordSource } from '../checkpoint/words.ts';

/** Words that are handed on at once, about. */
const chunkWords = 1 << 16;

/** `fill` writes rows [from, to) to the start of an array. */
export function saveRows(
  sink: WordSink,
  { width, first, count }: Rows,
  fill: (from: number, to: number, target: Int32Array) => void,
): void {
  sink.write(Int32Array.of(count, first));
  const atOnce = Math.max(1, Math.floor(chunkWords / Math.max(width, 1)));
  for (let from = first; from < count; from += atOnce) {
    const to = Math.min(from + atOnce, count);
    const chunk = new Int32Array((to - from) * width);
    fill(from, to, chunk);
    sink.write(chunk);
  }
}

export interface Rows {
  /** Words of a row. */
  readonly width: number;
  readonly first: number;
  readonly count: number;
}

/** `room` is told of the rows before `take` gets them. */
export function loadRows(
  source: WordSource,
  width: number,
  room: (rows: Rows) => void,
  take: (from: number, to: number, rows: Int32Array) => void,
): void {
  const count = readNumber(source);
  const first = readNumber(source);
  room({ width, first, count });
  const atOnce = Math.max(1, Math.floor(chunkWords / Math.max(width, 1)));
  for (let from = first; from < count; from += atOnce) {
    const to = Math.min(from + atOnce, count);
    const chunk = new Int32Array((to - from) * width);
    source.read(chunk);
    take(from, to, chunk);
  }
}

/** The slots of a table that are not empty, in arrays that are used again. */
export function* filledSlots(slots: Int32Array): Generator<Int32Array> {
  const chunk = new Int32Array(chunkWords);
  let length = 0;
  for (let s = 0; s < slots.length; s += 2) {
    if (slots[s + 1] === 0) continue;
    chunk[length++] = slots[s] as number;
    chunk[length++] = slots[s + 1] as number;
    if (length < chunkWords) continue;
    yield chunk;
    length = 0;
  }
  if (length > 0) yield chunk.subarray(0, length);
}

export function readSlots(source: WordSource, count: number, take: (low: number, high: number) => void): void {
  for (let from = 0; from < count; from += chunkWords / 2) {
    const chunk = new Int32Array(2 * Math.min(count - from, chunkWords / 2));
    source.read(chunk);
    for (let k = 0; k < chunk.length; k += 2) take(chunk[k] as number, chunk[k + 1] as number);
  }
}
