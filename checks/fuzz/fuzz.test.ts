/**
 * Readers of strangers' texts: nothing that they are given makes them fail, hang, open a file or start a program.
 * `npm run fuzz` does the same with as many inputs as one likes.
 */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seedFailures } from './failures.ts';
import { FuzzFailure, type FuzzRequest, runFuzz } from './runFuzz.ts';
import { fuzzCorpus, small } from './texts.ts';

const request: FuzzRequest = { inputs: 3000, seed: 1, millisecondsMax: 30_000, memoryMax: 3e9 };
const corpus = fuzzCorpus();

describe('damaged patches', { timeout: 600_000 }, () => {
  it('are read, refused or judged', async () => {
    const report = await runFuzz(corpus, request).catch((error: unknown) => {
      if (error instanceof FuzzFailure) throw new Error(`${error.message}\n${JSON.stringify(error.text.slice(0, 5000))}`);
      throw error;
    });
    expect(report.inputs).toBe(request.inputs);
    // Most are still patches: damage that only ever makes them unreadable would find nothing.
    for (const part of [report.refused, report.patches, report.applied, report.functions, report.lowered]) expect(part).toBeGreaterThan(50);
  });

  it.skipIf(corpus.absent.length > 0)(
    `include real ones${corpus.absent.length > 0 ? ` (skipped: ${corpus.absent.join('; ')})` : ''}`,
    () => {
      expect(corpus.texts.length).toBeGreaterThan(30);
    },
  );

  it.each(seedFailures.map(([what, text]) => ({ what, text })))('that once did harm do none: $what', async ({ text }) => {
    await runFuzz({ texts: [{ text, tree: small }], absent: [] }, { ...request, inputs: 20 });
  });

  it('would be told by the guard if they opened a file', async () => {
    const spied = { texts: corpus.texts.slice(0, 1), absent: [] };
    const tree = {
      name: 'x',
      get files(): ReadonlyMap<string, string> {
        fs.existsSync('/');
        fs.readFileSync('/dev/null');
        return new Map();
      },
    };
    await expect(runFuzz({ ...spied, texts: spied.texts.map((each) => ({ ...each, tree })) }, { ...request, inputs: 40 })).rejects.toThrow(
      /readFileSync.* was called/,
    );
  });
});
