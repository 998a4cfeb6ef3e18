/**
 * Spin on the same work, where it is installed.
 *
 * In: the Promela text, a size. Out: Spin's states and states per second, or null. Never: a download.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './measure.ts';

export interface SpinFigures {
  readonly states: number;
  readonly statesPerSecond: number;
}

/** Null if `spin` or a C compiler is not on PATH. Throws if Spin finds an error or prints what it never printed before. */
export function measureSpin(promela: string, define: string, runs: number): SpinFigures | null {
  if (!onPath('spin', ['-V']) || !onPath('cc', ['--version'])) return null;
  const folder = mkdtempSync(join(tmpdir(), 'mmucheck-spin-'));
  try {
    execFileSync('spin', [`-D${define}`, '-a', promela], { cwd: folder, stdio: 'pipe' });
    execFileSync('cc', ['-O2', '-DSAFETY', '-DNOREDUCE', '-o', 'pan', 'pan.c'], { cwd: folder, stdio: 'pipe' });
    const figures = Array.from({ length: runs }, () => readSpin(run(folder)));
    const states = figures[0]?.states ?? 0;
    return { states, statesPerSecond: median(figures.map((one) => one.statesPerSecond)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(folder: string): string {
  return execFileSync('./pan', ['-m1000000', '-w24'], { cwd: folder, stdio: 'pipe', encoding: 'utf8', maxBuffer: 1 << 24 });
}

/** From what `pan` prints. Its time is by the clock, to 0.01 s. */
export function readSpin(text: string): SpinFigures {
  const states = /^\s*(\d+) states, stored/m.exec(text)?.[1];
  const seconds = /elapsed time ([\d.]+) seconds/.exec(text)?.[1];
  if (states === undefined || seconds === undefined || !/errors: 0/.test(text))
    throw new Error(`not what Spin prints: ${text.slice(0, 500)}`);
  return { states: Number(states), statesPerSecond: Number(states) / Math.max(Number(seconds), 0.01) };
}

function onPath(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
