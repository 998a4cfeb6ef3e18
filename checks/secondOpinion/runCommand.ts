/**
 * A command in a process group of its own, under a limit of time.
 *
 * In: a command line. Out: what it printed and how long it took. Never: a process that is left behind.
 */
import { spawn } from 'node:child_process';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** By the clock. */
  readonly seconds: number;
  /** 0: it ended well. Null: a signal ended it. */
  readonly status: number | null;
  /** The limit was reached: it was asked to end, and made to if it did not. */
  readonly late: boolean;
}
export interface RunOptions {
  readonly cwd?: string;
  /** Seconds. */
  readonly limit?: number;
}

/** Seconds between asking (SIGINT: Spin's verifier then says how far it has got) and making it end. */
const grace = 5;
/** Characters of each stream that are kept. */
const textMax = 1 << 24;

/** Throws if the command cannot be started. */
export function runCommand(command: string, args: readonly string[], { cwd, limit }: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
    let late = false;
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (texts[name].length < textMax) texts[name] += text;
      });
    }
    const timers = [[limit, 'SIGINT'] as const, [limit === undefined ? undefined : limit + grace, 'SIGKILL'] as const].flatMap(
      ([after, signal]) => {
        if (after === undefined) return [];
        return setTimeout(() => {
          late = true;
          signalGroup(child.pid, signal);
        }, after * 1000);
      },
    );
    child.on('error', reject);
    // What the command itself started may hold the streams open: its own end is what counts.
    child.on('exit', (status) => {
      for (const timer of timers) clearTimeout(timer);
      const seconds = (performance.now() - start) / 1000;
      signalGroup(child.pid, 'SIGKILL');
      child.on('close', () => resolve({ ...texts, seconds, status, late }));
    });
  });
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}
