/**
 * What a verb may know about where it prints: the only place that decides on colour, width and progress.
 *
 * In: the process. Out: `Terminal`. Never: a verdict.
 */
import picocolors from 'picocolors';

export type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

export interface Terminal {
  /** Results; one call per complete text, newlines included. */
  out(text: string): void;
  /** Everything that is not the result: progress, warnings, errors. */
  err(text: string): void;
  /** Colours on stdout, if it is a terminal and NO_COLOR is not set; otherwise the text as it is. */
  style(style: Style, text: string): string;
  /** Columns that a table may use. */
  readonly width: number;
  /** Shows one line that the next one replaces; `null` removes it. Does nothing unless stderr is a terminal. */
  progress(line: string | null): void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Standard input, whole, at most `limit` bytes; longer input gives limit + 1 bytes, so that the reader can refuse it. */
  readInput(limit: number): Promise<Uint8Array>;
}

/** The terminal of this process. The first Ctrl-C aborts `signal`; the second ends the process at once. */
export function processTerminal(): Terminal {
  const abort = new AbortController();
  process.on('SIGINT', () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  });
  // A reader that has seen enough (`| head`) changes nothing about the verdict and its exit code.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const colours = picocolors.createColors(wantsColour(process.env, process.stdout.isTTY === true));
  let shown = false;
  const clear = () => {
    if (shown) process.stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    out: (text) => {
      clear();
      process.stdout.write(text);
    },
    err: (text) => {
      clear();
      process.stderr.write(text);
    },
    style: (style, text) => colours[style](text),
    // A terminal that does not know its size says 0.
    width: process.stdout.isTTY === true && process.stdout.columns > 0 ? process.stdout.columns : 120,
    progress: (line) => {
      if (process.stderr.isTTY !== true) return;
      clear();
      if (line === null) return;
      process.stderr.write(line.slice(0, Math.max(20, process.stderr.columns - 1)));
      shown = true;
    },
    signal: abort.signal,
    readInput: async (limit) => {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > limit) break;
      }
      return Buffer.concat(chunks).subarray(0, limit + 1);
    },
  };
}

/** https://no-color.org: any non-empty value switches colours off, whatever the terminal can do. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
