/**
 * Answers to a question about two numbers, each asked once.
 *
 * In: a question. Out: yes or no. Never: an allocation for what was asked before.
 */
const no = 1;
const yes = 2;

export class Answers {
  /** By the first number: 0 where it was not asked yet. */
  private readonly rows: Uint8Array[] = [];

  constructor(private readonly ask: (a: number, b: number) => boolean) {}

  get(a: number, b: number): boolean {
    let row = this.rows[a];
    if (row === undefined || row.length <= b) {
      const longer = new Uint8Array(Math.max(64, 2 * b));
      if (row !== undefined) longer.set(row);
      this.rows[a] = longer;
      row = longer;
    }
    if (row[b] === 0) row[b] = this.ask(a, b) ? yes : no;
    return row[b] === yes;
  }

  /** Asks again what was answered with no. True: some answer is another one now. (What was yes stays so.) */
  askAgain(): boolean {
    let changed = false;
    for (const [a, row] of this.rows.entries()) {
      if (row === undefined) continue;
      for (let b = 0; b < row.length; b++) {
        if (row[b] !== no || !this.ask(a, b)) continue;
        row[b] = yes;
        changed = true;
      }
    }
    return changed;
  }
}
