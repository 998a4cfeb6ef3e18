import { readNumber, type Saved, type WordSink, type WordSource } from './checkpoint/words.ts';

/** A growing column of 32-bit integers. */
export class Numbers implements Saved {
  private values = new Int32Array(256);
  count = 0;

  push(value: number): void {
    if (this.count === this.values.length) {
      const wider = new Int32Array(2 * this.count);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.count++] = value;
  }

  at(index: number): number {
    return this.values[index] as number;
  }

  toArray(): Int32Array {
    return this.values.slice(0, this.count);
  }

  save(sink: WordSink): void {
    sink.write(Int32Array.of(this.count));
    sink.write(this.values.subarray(0, this.count));
  }

  load(source: WordSource): void {
    this.count = readNumber(source);
    this.values = new Int32Array(Math.max(256, this.count));
    source.read(this.values.subarray(0, this.count));
  }
}
