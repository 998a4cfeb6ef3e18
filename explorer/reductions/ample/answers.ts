/**
 * Answers to a question about two numbers, each asked once.
 *
 * In: a question. Out: yes or no. Never: an allocation for what was asked before.
 */
const no = 1;
const yes = 2;
/** Was no until somebody asked again. */
const turned = 3;

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
    return (row[b] as number) >= yes;
  }

  /**
   * Asks again what was answered with no, and gives the first numbers for which some answer is another one now. (What was yes stays so.) Until
   * the next time `hasTurned` knows which. `changed`: by the first number, when what is asked of each second one became what it is; null: it was the
   * first one that changed. What did not change after `since` is not asked.
   */
  askAgain(changed: (a: number) => readonly number[] | null, since: number): number[] {
    const found: number[] = [];
    for (const [a, row] of this.rows.entries()) {
      if (row === undefined) continue;
      const changedAt = changed(a);
      let some = false;
      for (let b = 0; b < row.length; b++) {
        if (row[b] === turned) row[b] = yes;
        if (row[b] !== no || (changedAt !== null && (changedAt[b] as number) <= since) || !this.ask(a, b)) continue;
        row[b] = turned;
        some = true;
      }
      if (some) found.push(a);
    }
    return found;
  }

  hasTurned(a: number, b: number): boolean {
    return this.rows[a]?.[b] === turned;
  }
}
