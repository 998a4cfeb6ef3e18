/** A growing column of 32-bit integers. */
export class Numbers {
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
}
