/**
 * One search of Spin, measured.
 *
 * In: a subject, a way, limits. Out: figures; what is not said is null. Never: a verifier that goes on after its limit.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figures } from './figures.ts';
import { type Ran, runCommand } from './runCommand.ts';
import type { SharedSubject } from './subjects.ts';
import type { SpinWay } from './ways.ts';

export interface SpinLimits {
  /** Seconds of the verifier. */
  readonly seconds: number;
  readonly megabytes: number;
}

/** The verifier's end is awaited by a shell, which alone can tell what processor time it took. */
const timed = 'trap : INT; ./pan "$@"; echo "mmucheck: status $?"; times';

/** Throws if Spin or the C compiler refuse the model. */
export async function searchWithSpin(
  { promela, defines }: SharedSubject,
  { name, compile, run, cores, counts, merge }: SpinWay,
  { seconds, megabytes }: SpinLimits,
): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mmucheck-spin-'));
  try {
    const files = promela(merge);
    for (const file of files) writeFileSync(join(folder, file.name), file.text);
    const start = performance.now();
    succeeded('spin', await runCommand('spin', [...defines, '-a', files[0]?.name ?? ''], { cwd: folder }));
    const flags = ['-O2', '-w', '-DSAFETY', '-DVECTORSZ=16384', `-DMEMLIM=${megabytes}`, ...compile];
    succeeded('cc', await runCommand('cc', [...flags, '-o', 'pan', 'pan.c', '-lrt'], { cwd: folder }));
    const verifier = ['-c0', '-m1000000', '-w24', ...run];
    const ran = await runCommand('sh', ['-c', timed, 'sh', ...verifier], { cwd: folder, limit: seconds });
    const verdictSeconds = (performance.now() - start) / 1000;
    return { way: name, verdictSeconds, cores, whole: counts, merged: merge, bytesPerState: null, ...readVerifier(ran, seconds, cores) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a verifier and the shell around it print. */
export function readVerifier(
  { stdout, late }: Pick<Ran, 'stdout' | 'late'>,
  limit: number,
  cores: number,
): Pick<Figures, 'states' | 'searchSeconds' | 'cpuSeconds' | 'megabytes' | 'violated' | 'complete' | 'notes'> {
  const number = (pattern: RegExp) => {
    const found = pattern.exec(stdout)?.[1];
    return found === undefined ? null : Number(found);
  };
  const status = number(/^mmucheck: status (\d+)/m);
  const states = number(/^\s*([\d.]+(?:e\+\d+)?) states, stored/m);
  const memory = /out of memory|reached -DMEMLIM|MEMLIM bound/i.test(stdout);
  const deep = /max search depth too small/i.test(stdout);
  const cut = late || memory || deep || states === null || /Search not completed/i.test(stdout);
  const faults = [...stdout.matchAll(/^mmucheck: (?:violated (\S+)|fault (\w+))/gm)].flatMap(([, id, kind]) =>
    id !== undefined ? [id] : kind === undefined || kind === 'bound' ? [] : [`fault:${kind}`],
  );
  return {
    // One is the state before the prologue, or before the processes are started.
    states: states === null ? null : states - 1,
    searchSeconds: number(/elapsed time ([\d.e+]+) seconds/),
    // With more cores the shell is told of the first process only.
    cpuSeconds: cores === 1 ? processorSeconds(stdout) : null,
    megabytes: number(/^\s*([\d.]+)\s+total actual memory usage/m) ?? number(/^\s*([\d.]+)\s+total shared memory usage/m),
    violated: [...new Set(faults)].sort(),
    complete: !cut,
    notes: [
      ...(late ? [`limit of ${limit} s reached`] : []),
      ...(memory ? ['limit of memory reached'] : []),
      ...(deep ? ['limit of depth reached'] : []),
      ...(states === null && !late && !memory ? [`the verifier failed (status ${status ?? 'unknown'})`] : []),
    ],
  };
}

/** Of the shell's children, user and system: the second line of what `times` prints. */
function processorSeconds(text: string): number | null {
  const lines = [...text.matchAll(/^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/gm)];
  const last = lines.at(-1);
  if (lines.length < 2 || last === undefined) return null;
  const [userMinutes = 0, user = 0, kernelMinutes = 0, kernel = 0] = last.slice(1).map(Number);
  return 60 * (userMinutes + kernelMinutes) + user + kernel;
}

function succeeded(command: string, { status, stdout, stderr }: Ran): void {
  if (status === 0 && !(command === 'spin' && /error/i.test(stdout))) return;
  throw new Error(`${command} refuses the model: ${(stderr + stdout).slice(0, 500)}`);
}
