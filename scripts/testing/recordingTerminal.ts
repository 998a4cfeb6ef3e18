/** A terminal for tests: keeps what is printed, never colours, never waits. */
import type { Terminal } from '../terminal.ts';

export interface RecordedTerminal extends Terminal {
  readonly printed: { out: string; err: string };
  readonly abort: AbortController;
}

export function recordingTerminal(input = ''): RecordedTerminal {
  const printed = { out: '', err: '' };
  const abort = new AbortController();
  return {
    printed,
    abort,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    style: (_style, text) => text,
    width: 100,
    progress: () => undefined,
    signal: abort.signal,
    readInput: async (limit) => Buffer.from(input).subarray(0, limit + 1),
  };
}
