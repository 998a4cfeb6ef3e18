/**
 * Searches with workers, for tests: the thread built from the sources, small portions, random delays.
 *
 * In: compiled systems. Out: everything that a search says, as plain data to compare. Never: a time.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CompiledSystem } from '../../compiler/index.ts';
import { packageRoot } from '../../compiler/packageRoot.ts';
import type { Keeping } from '../checkpoint/keeper.ts';
import { exploreTuned } from '../explore.ts';
import { type Tuning, useWorkerFile, usualTuning } from '../parallel/tuning.ts';
import type { ExploreOptions, ExploreResult } from '../result.ts';

/** Node 20 runs no TypeScript in threads. To be called before all tests; what it returns, after all. */
export function buildWorkers(): () => void {
  const root = packageRoot();
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'workers-'));
  const compiler = join(root, 'node_modules', '.bin', 'tsc');
  const built = spawnSync(compiler, ['-p', 'tsconfig.build.json', '--outDir', folder], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the build failed: ${built.stdout}${built.stderr}`);
  useWorkerFile(pathToFileURL(join(folder, 'explorer', 'parallel', 'thread.js')));
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Rounds of a few parents, from the first level on. */
export const smallPortions: Tuning = {
  ...usualTuning,
  fromMs: 0,
  fromMsOutside: 0,
  minParents: 1,
  chunkParents: 4,
  roundParents: 256,
  records: 1,
  waitForWorkers: true,
};

export async function searchWith(
  system: CompiledSystem,
  options: ExploreOptions,
  tuning: Partial<Tuning> = {},
  keeping?: Keeping,
): Promise<ReturnType<typeof told>> {
  return told(await exploreTuned(system, options, keeping, { ...smallPortions, ...tuning }));
}

/** All that must not depend on the number of workers. Its states, links and words are one hash. */
export function told(result: ExploreResult) {
  const { graph, counts, coverage, terminalStates, deadlockedStates, saved, ...rest } = result;
  const { elapsedMs: _, rate: __, memoryBytes: ___, bytesPerState: ____, ...numbers } = counts;
  const links = new Int32Array(3 * graph.count);
  const hash = createHash('sha256');
  for (let id = 0; id < graph.count; id++) {
    links.set([graph.parentOf(id), graph.labelOf(id), graph.depthOf(id)], 3 * id);
    if (result.mode === 'exact') hash.update(graph.wordsOf(id));
  }
  return {
    ...rest,
    saved,
    numbers,
    states: hash.update(links).digest('hex'),
    initial: graph.initial.map((state) => [...state]),
    terminal: [...terminalStates],
    deadlocked: [...deadlockedStates],
    coverage: [...coverage],
  };
}
