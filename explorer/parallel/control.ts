/**
 * The words by which threads agree what is done now, and who is at it.
 *
 * In: shared words. Out: commands, a gate, waiting. Never: a state.
 *
 * The main thread opens a gate for each phase of a round, and works itself. A worker that comes while the gate is open joins in; one that
 * wakes up too late finds it closed and sleeps on: nobody waits for a thread that has not begun. When the work has been handed
 * out, the main thread closes the gate and waits for those who joined. Everything that was written before a change of these words is seen by who
 * reads the change.
 */
export const word = {
  /** Counts phases; workers sleep until it changes. */
  phase: 0,
  /** What is to be done in this phase. */
  task: 1,
  /** How many workers have joined, and `closed`. */
  gate: 2,
  /** How many of them wait for larger buffers. */
  paused: 3,
  /** Counts how often larger buffers were given. */
  enlarged: 4,
  /** Next chunk to be taken. */
  cursor: 5,
  chunks: 6,
  /** Parents of the round: from `first` to below `end`. */
  first: 7,
  end: 8,
  /** Workers that have the system. */
  ready: 9,
  /** 1 + the number of a worker that has failed. */
  failed: 10,
  /** Counts phases, too, but not when a gate is opened again: who comes back in the same one has something to go on with. */
  session: 11,
} as const;

export const task = { expand: 1, move: 2, place: 3 } as const;

/** Words of each worker lie behind the common ones. */
const commonWords = 16;
const ownWords = 16;
export const own = { records: 0, events: 1, transitions: 2, quiescent: 3, reached: 4 } as const;

export function controlWords(workers: number): number {
  return commonWords + workers * ownWords;
}

export function ownWord(worker: number, which: keyof typeof own): number {
  return commonWords + worker * ownWords + own[which];
}

const closed = 1 << 30;
/** Times that a word is read before a thread sleeps: some ten microseconds, since waking up takes longer. */
const spins = 2000;

export function openGate(control: Int32Array, what: number): void {
  Atomics.store(control, word.task, what);
  Atomics.add(control, word.session, 1);
  Atomics.store(control, word.gate, 0);
  Atomics.add(control, word.phase, 1);
  Atomics.notify(control, word.phase);
}

export function closeGate(control: Int32Array): void {
  Atomics.or(control, word.gate, closed);
}

/** Whether the gate was open; who joins must leave. */
export function join(control: Int32Array): boolean {
  let seen = Atomics.load(control, word.gate);
  while ((seen & closed) === 0) {
    const before = Atomics.compareExchange(control, word.gate, seen, seen + 1);
    if (before === seen) return true;
    seen = before;
  }
  return false;
}

export function leave(control: Int32Array): void {
  Atomics.sub(control, word.gate, 1);
  Atomics.notify(control, word.gate);
}

/** Waits for larger buffers. Whoever pauses stays joined. */
export function pause(control: Int32Array): void {
  const before = Atomics.load(control, word.enlarged);
  Atomics.add(control, word.paused, 1);
  Atomics.notify(control, word.gate);
  while (Atomics.load(control, word.enlarged) === before) Atomics.wait(control, word.enlarged, before);
}

/** Lets those who paused go on. */
export function resumePaused(control: Int32Array): void {
  Atomics.store(control, word.paused, 0);
  Atomics.add(control, word.enlarged, 1);
  Atomics.notify(control, word.enlarged);
}

/** Whether everybody who joined has left or pauses; waits for that up to `timeoutMs`. */
export function othersAreDone(control: Int32Array, timeoutMs: number): boolean {
  const end = performance.now() + timeoutMs;
  for (let round = 0; ; round++) {
    const gate = Atomics.load(control, word.gate);
    if ((gate & ~closed) === Atomics.load(control, word.paused)) return true;
    if (round < spins) continue;
    const left = end - performance.now();
    if (left <= 0) return false;
    // Whoever pauses wakes this up without a change of the word, so it is looked at again soon.
    Atomics.wait(control, word.gate, gate, Math.min(left, 1));
  }
}

/** Sleeps until the phase is another one than `seen`; returns it. */
export function nextPhase(control: Int32Array, seen: number): number {
  for (let round = 0; round < spins; round++) {
    const now = Atomics.load(control, word.phase);
    if (now !== seen) return now;
  }
  Atomics.wait(control, word.phase, seen);
  return Atomics.load(control, word.phase);
}

/** Lets workers in again, those who have joined staying so. */
export function reopenGate(control: Int32Array): void {
  Atomics.and(control, word.gate, ~closed);
  Atomics.add(control, word.phase, 1);
  Atomics.notify(control, word.phase);
}
