/**
 * Spin on an exported system, where Spin is installed.
 *
 * In: a Promela model with its C. Out: what Spin found. Never: a download; the folder it works in is gone afterwards.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PromelaModel } from '../../compiler/index.ts';

/** Names of the files, as the texts include each other. */
export const fileNames = { model: 'mmucheck.pml', header: 'mmucheck_state.h', steps: 'mmucheck_steps.c' } as const;

export interface SpinOpinion {
  /** Without the one before the prologue. */
  readonly states: number;
  /** States without any step. */
  readonly terminal: number;
  /** Ids of violated properties, `fault:KIND` and `deadlock` among them, sorted. A `bound` fault is in `bounds` instead. */
  readonly violated: readonly string[];
  /** Ids of interesting states that were met, sorted. */
  readonly reached: readonly string[];
  /** Whether a bound of the model was exceeded. */
  readonly bounded: boolean;
  /** Whether Spin searched everything. */
  readonly complete: boolean;
  readonly seconds: number;
  readonly megabytes: number;
  /** Bytes of one state in Spin. */
  readonly vector: number;
}

export interface SpinOptions {
  /** For the C compiler, e.g. `-DCOLLAPSE`. */
  readonly compile?: readonly string[];
  /** For the verifier, e.g. `-w24`. */
  readonly run?: readonly string[];
  /** Megabytes that the verifier may take. Default 4096. */
  readonly megabytes?: number;
}

/** Whether `spin` and a C compiler are on PATH. */
export function spinInstalled(): boolean {
  return onPath('spin', '-V') && onPath('cc', '--version');
}

/**
 * Searches everything, whatever is violated. Throws if Spin or the C compiler refuses the model, or if the verifier crashes.
 */
export function askSpin(model: PromelaModel, { compile = [], run = [], megabytes = 4096 }: SpinOptions = {}): SpinOpinion {
  const folder = mkdtempSync(join(tmpdir(), 'mmucheck-spin-'));
  try {
    for (const part of ['model', 'header', 'steps'] as const) writeFileSync(join(folder, fileNames[part]), model[part]);
    const told = execFileSync('spin', ['-a', fileNames.model], { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
    if (/error/i.test(told)) throw new Error(`spin refuses the model: ${told.slice(0, 500)}`);
    const flags = ['-O2', '-w', '-DSAFETY', '-DNOREDUCE', '-DVECTORSZ=16384', `-DMEMLIM=${megabytes}`, ...compile];
    execFileSync('cc', [...flags, '-o', 'pan', 'pan.c'], { cwd: folder, stdio: 'pipe' });
    const { stdout, signal } = spawnSync('./pan', ['-c0', '-m10000000', ...run], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (signal !== null) throw new Error(`the verifier ended by ${signal}: ${stdout.slice(-500)}`);
    return readOpinion(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From what the verifier prints. Throws if it does not say how many states it stored. */
export function readOpinion(text: string): SpinOpinion {
  const number = (pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`not what Spin prints (no ${pattern.source}): ${text.slice(-500)}`);
    return Number(found);
  };
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  const faults = all(/^mmucheck: fault (\w+)/gm);
  const deadlock = /^mmucheck: deadlock$/m.test(text) ? ['deadlock'] : [];
  return {
    states: number(/^\s*(\d+) states, stored/m) - 1,
    terminal: number(/^mmucheck: terminal (\d+)/m),
    violated: [
      ...all(/^mmucheck: violated (\S+)/gm),
      ...faults.filter((kind) => kind !== 'bound').map((kind) => `fault:${kind}`),
      ...deadlock,
    ].sort(),
    reached: all(/^mmucheck: reached (\S+)/gm).sort(),
    bounded: faults.includes('bound'),
    complete: !/Search not completed|max search depth too small|out of memory|MEMLIM/i.test(text),
    seconds: number(/elapsed time ([\d.]+) seconds/),
    megabytes: number(/^\s*([\d.]+)\s+total actual memory usage/m),
    vector: number(/^State-vector (\d+) byte/m),
  };
}

function onPath(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}
