/**
 * What a worker meets in a round, written down in order, to be told in the order of parents.
 *
 * In: events. Out: five words each. Never: an event lost: there must be room before work begins.
 */
import type { ExpansionSink } from '../expansion.ts';

export const eventWords = 5;
/** Word 0: id of the parent, or of the state that was checked. Word 1: one of these. */
export const eventKind = { bad: 0, terminal: 1, stuck: 2, cycle: 3, checked: 4 } as const;

export class EventLog implements ExpansionSink {
  count = 0;

  constructor(public words: Int32Array) {}

  bad(parent: number, label: number, ended: number, violations: number): void {
    this.note(parent, eventKind.bad, label, ended, violations);
  }

  terminal(parent: number): void {
    this.note(parent, eventKind.terminal, 0, 0, 0);
  }

  stuck(parent: number): void {
    this.note(parent, eventKind.stuck, 0, 0, 0);
  }

  cycle(parent: number, processes: number): void {
    this.note(parent, eventKind.cycle, processes, 0, 0);
  }

  /** Bit sets of state properties that a new state violates, and of those that are met in it. */
  checked(state: number, violated: number, met: number): void {
    this.note(state, eventKind.checked, violated, met, 0);
  }

  private note(at: number, kind: number, a: number, b: number, c: number): void {
    const from = eventWords * this.count++;
    const { words } = this;
    words[from] = at;
    words[from + 1] = kind;
    words[from + 2] = a;
    words[from + 3] = b;
    words[from + 4] = c;
  }
}

/** One event, as `tell` gets it. */
export interface Told {
  readonly worker: number;
  readonly at: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Tells the events of all logs in ascending order of word 0, which each log has them in; one number is in one log only. */
export function inOrder(logs: readonly Int32Array[], counts: readonly number[], tell: (event: Told) => void): void {
  const next = counts.map(() => 0);
  for (;;) {
    let worker = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let w = 0; w < counts.length; w++) {
      const k = next[w] as number;
      if (k === counts[w]) continue;
      const at = (logs[w] as Int32Array)[eventWords * k] as number;
      if (at < least) {
        least = at;
        worker = w;
      }
    }
    if (worker < 0) return;
    const from = eventWords * (next[worker] as number);
    next[worker] = (next[worker] as number) + 1;
    const [, kind = 0, a = 0, b = 0, c = 0] = (logs[worker] as Int32Array).subarray(from, from + eventWords);
    tell({ worker, at: least, kind, a, b, c });
  }
}
