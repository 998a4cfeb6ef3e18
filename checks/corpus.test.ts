import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../compiler/packageRoot.ts';
import { corpusFiles, kept, replayCorpus } from './corpus.ts';

it('every kept trace still violates', async () => {
  const reports = await replayCorpus();
  expect(reports.map(({ file }) => file)).toEqual(corpusFiles());
  // Where this fails and the model was changed on purpose: npm run corpus
  expect(reports.filter(({ stillViolates }) => !stillViolates).map(({ file, firstDifference }) => [file, firstDifference])).toEqual([]);
}, 240_000);

it('kept traces are small, and hold no path of a machine and no text of a patch', () => {
  for (const file of corpusFiles()) {
    const text = readFileSync(join(packageRoot(), 'counterexamples', 'corpus', file), 'utf8');
    expect(text.length, file).toBeLessThan(150_000);
    const files = [...text.matchAll(/"file": ?"([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(new Set(files).size, file).toBeGreaterThan(3);
    for (const each of files) expect(each, file).toMatch(/^(model|properties)\/[\w./-]+\.ts$/);
    expect(text, file).not.toMatch(/"(\/|[A-Za-z]:\\)/);
  }
});

it('every reference interleaving is kept, and none twice', () => {
  const kinds = kept.flatMap(({ interleaving }) => (interleaving === null ? [] : [interleaving]));
  expect(kinds).toEqual(Array.from({ length: 10 }, (_, k) => `C${k + 1}`));
});
