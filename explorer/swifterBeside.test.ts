import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSystem } from '../compiler/index.ts';
import { useTranslatorFile } from '../compiler/wasm/index.ts';
import { workerFile } from './parallel/tuning.ts';
import { Search } from './search.ts';
import { returnCounters, SwifterBeside } from './swifter.ts';
import { buildWorkers, told } from './testing/workers.ts';
import { describeToy, twoPhaseCommit } from './toys/index.ts';
import { conclude } from './verdict.ts';

let clean = (): void => {};
beforeAll(() => {
  clean = buildWorkers();
}, 120_000);
afterAll(() => clean());

const description = describeToy(twoPhaseCommit(5));
const unfound = new URL('no-such-thread.js', import.meta.url);
const built = () => new URL('../../compiler/wasm/thread.js', workerFile());

function finished(search: Search, system = search.system) {
  search.advance(Number.POSITIVE_INFINITY);
  const result = conclude(search);
  returnCounters(search, system);
  return { ...told(result), monitorCounts: [...system.monitorCounts] };
}

/** A search after its first batches. */
function begun(): Search {
  const search = new Search(compileSystem(description), { batchParents: 2 });
  while (search.visited.states < 200) search.advance(0.01);
  return search;
}

describe('a module that is made in a thread', () => {
  it('takes a search over when it is there, and changes nothing', async () => {
    useTranslatorFile(built());
    const search = begun();
    const beside = new SwifterBeside(100);
    expect(beside.swifter(search)).toBe(search);
    let next = search;
    for (; next === search; next = beside.swifter(search)) await setTimeout(5);
    expect([search.system.backEnd, next.system.backEnd]).toEqual(['javascript', 'wasm']);
    beside.stop();
    const plain = new Search(compileSystem(description), { batchParents: 2 });
    expect(finished(next, search.system)).toEqual(finished(plain));
  });

  it('is not begun for a small search, and not waited for where threads cannot help', () => {
    useTranslatorFile(unfound);
    const search = begun();
    const small = new SwifterBeside();
    expect(small.swifter(search)).toBe(search);
    const beside = new SwifterBeside(100);
    // As it is done without a thread: only a large search goes over.
    expect(beside.swifter(search)).toBe(search);
    beside.stop();
  });

  it('leaves a search where it is that ends before', () => {
    useTranslatorFile(built());
    const search = begun();
    const beside = new SwifterBeside(100);
    beside.swifter(search);
    finished(search);
    expect(beside.swifter(search)).toBe(search);
    beside.stop();
  });
});
