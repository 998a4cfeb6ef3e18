import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../checks/index.ts';
import { generatedDocs, leftOvers } from './docs.ts';

function committed(path: string): string {
  try {
    return readFileSync(join(packageRoot(), path), 'utf8');
  } catch {
    return '';
  }
}

describe('generated documentation', () => {
  it('is up to date (if it is not: npm run docs)', () => {
    const stale = [...generatedDocs()].filter(([path, text]) => committed(path) !== text).map(([path]) => path);
    expect(stale, 'not what would be generated: run npm run docs, and commit what it writes').toEqual([]);
  });

  it('has no page that nothing generates (if it has: npm run docs)', () => {
    expect(leftOvers()).toEqual([]);
  });
});
