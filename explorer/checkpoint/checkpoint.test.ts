import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledSystem, compileSystem } from '../../compiler/index.ts';
import { lowerSystem } from '../../compiler/random/lower.ts';
import { propertyCount } from '../../compiler/random/properties.ts';
import { systemRecipes } from '../../compiler/random/recipe.ts';
import { type ExploreOptions, type ExploreResult, exploreAsync, shortestTrace } from '../index.ts';
import { Search } from '../search.ts';
import { compileToy, philosophers, twoPhaseCommit } from '../toys/index.ts';
import { conclude } from '../verdict.ts';
import type { Identity } from './header.ts';
import { identityOf, loadSearch, saveSearch } from './state.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-checkpoint-'));
const file = join(folder, 'search');
const about = { model: 'a model', mmucheck: '1' };

/** All that a result says, but how long it took and how much it needed. */
function told(result: ExploreResult): unknown {
  const { counts, outcomes, cuts, verdict, coverage, terminalStates, deadlockedStates } = result;
  const { elapsedMs: _, rate: __, memoryBytes: ___, bytesPerState: ____, ...numbers } = counts;
  const traces = outcomes.map(({ id }) => shortestTrace(result, id));
  return { numbers, outcomes, cuts, verdict, coverage, terminalStates, deadlockedStates, traces };
}

function finished(search: Search): ExploreResult {
  search.advance(Number.POSITIVE_INFINITY);
  return conclude(search);
}

/** Searched until there are so many states, saved, loaded over a system that is compiled anew, and so on; then to the end. */
function inPieces(compile: () => CompiledSystem, options: ExploreOptions, stops: readonly number[]): ExploreResult {
  for (const [index, states] of stops.entries()) {
    const piece = new Search(compile(), { ...options, limits: { states } });
    if (index > 0) loadSearch(file, piece, identityOf(piece, about));
    piece.advance(Number.POSITIVE_INFINITY);
    saveSearch(file, piece, identityOf(piece, about));
  }
  const search = new Search(compile(), options);
  loadSearch(file, search, identityOf(search, about));
  return finished(search);
}

describe('a search that goes on from a checkpoint', () => {
  const choices = {
    mode: fc.constantFrom('exact' as const, 'fingerprint' as const),
    batchParents: fc.integer({ min: 1, max: 5 }),
  };
  const stops = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 3 }).map((list) => list.sort((a, b) => a - b));

  it('ends as one that was not interrupted: random systems', () => {
    let stopped = 0;
    fc.assert(
      fc.property(
        systemRecipes(propertyCount),
        fc.record(choices),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }),
        (recipe, options, parts) => {
          const description = lowerSystem(recipe);
          const compile = () => compileSystem(description);
          const limits = { states: 3000 };
          const whole = finished(new Search(compile(), { ...options, limits }));
          if (!whole.cuts.every(({ kind }) => kind === 'bound')) return;
          const states = parts.map((part) => 1 + Math.floor(part * (whole.counts.states - 1))).sort((a, b) => a - b);
          if (whole.counts.states > 4) stopped++;
          expect(told(inPieces(compile, options, states))).toEqual(told(whole));
        },
      ),
      { seed: 4, numRuns: 50 },
    );
    expect(stopped).toBeGreaterThan(20);
  });

  it('ends as one that was not interrupted: toys', () => {
    for (const toy of [twoPhaseCommit(4), philosophers(4, true)]) {
      // A checkpoint is of no back end: each piece is searched by the other one.
      let pieces = 0;
      const compile = () => compileToy(toy, { backEnd: pieces++ % 2 === 0 ? 'javascript' : 'wasm' });
      fc.assert(
        fc.property(fc.record(choices), stops, (options, list) => {
          expect(told(inPieces(compile, options, list))).toEqual(told(finished(new Search(compile(), options))));
        }),
        { seed: 5, numRuns: 6 },
      );
    }
  });
});

describe('a checkpoint', () => {
  const system = () => compileToy(twoPhaseCommit(4));
  const identity: Identity = { ...about, mode: 'exact', reductions: '', words: system().words };
  const searchOf = (options: ExploreOptions = {}) => new Search(system(), options);
  function save(): Uint8Array {
    const search = searchOf({ limits: { states: 500 } });
    search.advance(Number.POSITIVE_INFINITY);
    saveSearch(file, search, identity);
    return readFileSync(file);
  }

  it('leaves nothing beside it', () => {
    save();
    expect(readdirSync(folder)).toEqual(['search']);
  });

  it.each([
    ['another model', { model: 'another' }, /is of another model, other bounds or other properties \(fingerprint a model/],
    ['another version', { mmucheck: '2' }, /made by mmucheck 1, and this is 2/],
    ['another mode', { mode: 'fingerprint' as const }, /in mode exact, and this one is in mode fingerprint/],
    ['other reductions', { reductions: 'renaming' }, /with no reductions, and this one is with renaming/],
    ['states of another width', { words: 99 }, /is of another model/],
  ])('of %s is refused', (_, other, message) => {
    save();
    expect(() => loadSearch(file, searchOf(), { ...identity, ...other })).toThrow(message);
  });

  it('that is truncated or changed anywhere is refused', () => {
    const bytes = save();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ change;
        writeFileSync(file, damaged);
        expect(() => loadSearch(file, searchOf(), identity)).toThrow(expect.objectContaining({ name: 'CheckpointRefused' }));
        writeFileSync(file, bytes);
        truncateSync(file, at);
        expect(() => loadSearch(file, searchOf(), identity)).toThrow(expect.objectContaining({ name: 'CheckpointRefused' }));
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it('is not written of a search that lost a batch', () => {
    const search = searchOf({ limits: { memoryBytes: 1 } });
    search.advance(Number.POSITIVE_INFINITY);
    expect(search.torn).toBe(true);
    expect(() => saveSearch(file, search, identity)).toThrow('lost half-way');
  });

  it('that cannot be written is told once, and the search goes on', async () => {
    const told: string[] = [];
    const keeping = {
      ...about,
      file: join(folder, 'missing', 'search'),
      everyMs: 1,
      resume: false,
      onTrouble: (text: string) => told.push(text),
    };
    const { exhausted } = await exploreAsync(compileToy(twoPhaseCommit(6)), {}, keeping);
    expect(exhausted).toBe(true);
    expect(told).toHaveLength(1);
  });
});
