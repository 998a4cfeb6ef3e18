import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSystem } from '../../compiler/index.ts';
import { explore, exploreTuned } from '../explore.ts';
import { shortestTrace } from '../graph.ts';
import { Search } from '../search.ts';
import { buildWorkers, searchWith, smallPortions, told } from '../testing/workers.ts';
import { describeToy, filterLock, type Toy, twoPhaseCommit } from '../toys/index.ts';
import { conclude } from '../verdict.ts';
import { ModuleFull } from '../visited/moduleSet.ts';
import { Crew } from './crew.ts';
import { ModuleGround } from './ground.ts';
import { useWorkerFile, usualTuning, workerFile } from './tuning.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-workers-'));
let clean = () => {};
beforeAll(() => {
  clean = buildWorkers();
});
afterAll(() => {
  clean();
  rmSync(folder, { recursive: true });
});

const toy = twoPhaseCommit(5);
const compiled = (one: Toy = toy) => compileSystem(describeToy(one));

describe('limits of a search with workers', () => {
  it.each([1, 100, 3000, 7000])('%i states: it ends where one thread ends', async (states) => {
    const limits = { states };
    expect(await searchWith(compiled(), { workers: 2, limits }, { roundParents: 64 })).toEqual(told(explore(compiled(), { limits })));
  });

  it('depth', async () => {
    const limits = { depth: 9 };
    const cut = await searchWith(compiled(), { workers: 3, limits });
    expect(cut).toEqual(told(explore(compiled(), { limits })));
    expect(cut).toMatchObject({ verdict: 'incomplete', cuts: [{ kind: 'depth', limit: 9 }] });
  });

  it('memory: what was reached is told, and nothing crashes', async () => {
    // The largest machine here that is quickly searched; workers must fit beside it.
    const whole = explore(compiled(twoPhaseCommit(7)));
    const limits = { memoryBytes: 5 * 2 ** 20 };
    for (const mode of ['exact', 'fingerprint'] as const) {
      const found = await exploreTuned(compiled(twoPhaseCommit(7)), { mode, workers: 2, limits }, undefined, {
        ...smallPortions,
        records: 1,
      });
      expect([found.verdict, found.cuts.map(({ kind }) => kind)]).toEqual(['incomplete', ['memory']]);
      expect(found.counts.states).toBeGreaterThan(0);
      expect(found.counts.states).toBeLessThan(whole.counts.states);
      for (const state of [0, found.counts.states - 1]) expect(found.graph.wordsOf(state)).toEqual(whole.graph.wordsOf(state));
    }
  });

  it('time and a signal', async () => {
    const timed = await searchWith(compiled(), { workers: 2, limits: { timeMs: 0 } });
    expect(timed).toMatchObject({ verdict: 'incomplete', cuts: [{ kind: 'time' }] });
    const controller = new AbortController();
    let asked = 0;
    const onProgress = () => {
      if (++asked === 5) controller.abort();
    };
    const options = { workers: 2, signal: controller.signal, onProgress, progressEveryMs: 0.01 };
    const interrupted = await searchWith(compiled(), options);
    expect(interrupted).toMatchObject({ verdict: 'incomplete', cuts: [{ kind: 'interrupted', message: 'interrupted' }] });
  });

  it('a violation: the search ends soon, with the trace of one thread', async () => {
    const wrong = filterLock(3, false);
    const alone = explore(compiled(wrong), { stopAtViolation: true });
    const system = compiled(wrong);
    const found = await exploreTuned(system, { workers: 3, stopAtViolation: true }, undefined, smallPortions);
    expect(found.verdict).toBe('violated');
    const violated = alone.outcomes.find(({ status }) => status === 'violated')?.id ?? '';
    expect(shortestTrace(found, violated)).toEqual(shortestTrace(alone, violated));
    expect(found.counts.states).toBeLessThan(explore(compiled(wrong)).counts.states);
  });
});

describe('a checkpoint of a search with workers', () => {
  it.each([
    [2, 1, 'exact'],
    [1, 3, 'exact'],
    [3, 2, 'fingerprint'],
    [2, 1, 'fingerprint'],
  ] as const)('of %i is gone on with by %i, %s', async (before, after, mode) => {
    const file = join(folder, `${before}-${after}-${mode}`);
    const keeping = { file, model: 'toy', mmucheck: 'test', everyMs: 1, resume: true };
    const cut = await searchWith(compiled(), { mode, workers: before, limits: { depth: 8 } }, {}, keeping);
    expect(cut.verdict).toBe('incomplete');
    expect(await searchWith(compiled(), { mode, workers: after }, {}, keeping)).toEqual(told(explore(compiled(), { mode })));
  });
});

describe('a search in a module whose memory has an end', () => {
  it.each([
    ['exact', 8],
    ['fingerprint', 6],
  ] as const)('goes on with one thread outside, and says so: %s', async (mode, megabytes) => {
    const large = twoPhaseCommit(7);
    const system = compileSystem(describeToy(large), { backEnd: 'wasm' });
    const search = new Search(system, { mode });
    const { inModule } = search;
    if (inModule === null) throw new Error('not in a module');
    // Room for some, but not all of the states beside what threads need.
    const ground = new ModuleGround(system, inModule, 2, megabytes * 2 ** 20);
    const crew = new Crew(search, ground, 2, { ...smallPortions, records: 1 });
    search.crew = crew;
    try {
      while (!crew.ready) await setTimeout(1);
      while (!search.advance(100)) await setTimeout(0);
    } finally {
      await crew.stop();
    }
    search.settle();
    expect(ground.usable).toBe(false);
    const { remarks, ...found } = told(conclude(search));
    expect(remarks?.[0]).toMatch(/^the memory of the WebAssembly module ended/);
    expect(found).toEqual(told(explore(compiled(large), { mode })));
  });

  it('gets no threads where there is no room for them', async () => {
    const system = compileSystem(describeToy(toy), { backEnd: 'wasm' });
    const { inModule } = new Search(system, {});
    if (inModule === null) throw new Error('not in a module');
    expect(() => new ModuleGround(system, inModule, 2, 2 ** 16)).toThrow(ModuleFull);
  });
});

describe('workers that join a search that is under way', () => {
  it.each(['exact', 'fingerprint'] as const)('go on from where it is: %s', async (mode) => {
    const large = twoPhaseCommit(7);
    const found = await exploreTuned(compiled(large), { mode, workers: 2 }, undefined, {
      ...usualTuning,
      fromMs: 1,
      fromMsOutside: 1,
      waitForWorkers: true,
    });
    expect(told(found)).toEqual(told(explore(compiled(large), { mode })));
  });
});

describe('a worker that fails', () => {
  it('fails the search with what it says', async () => {
    await expect(searchWith(compiled(), { workers: 3 }, { inject: 'failure' })).rejects.toThrow(/^worker [12]: made to fail$/);
  });

  it.each([
    ['process.exit(3)', /^worker 1 has ended before its time/],
    ['throw new Error("no such thing")', /^worker 1 failed: no such thing/],
  ])('even by %s', async (text, message) => {
    const usual = workerFile();
    useWorkerFile(new URL(`data:text/javascript,${encodeURIComponent(text)}`));
    try {
      await expect(searchWith(compiled(), { workers: 2 })).rejects.toThrow(message);
    } finally {
      useWorkerFile(usual);
    }
  });
});
