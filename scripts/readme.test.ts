import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../checks/index.ts';
import { verbs } from './verbs/index.ts';

const text = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
const scripts = (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;

describe('the README', () => {
  it('uses verbs and npm scripts that exist', () => {
    const used = [...text.matchAll(/npm run (?:-s )?mmucheck -- (\w+)/g)].map(([, verb]) => verb);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !verbs.some((verb) => verb.name === name))).toEqual([]);
    const run = [...text.matchAll(/npm run (?:-s )?(\w+)/g)].map(([, script]) => script ?? '');
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('names the test command that CI runs', () => {
    expect(text).toMatch(/^ {4}npm test$/m);
    expect(readFileSync(join(packageRoot(), '.ci', 'run'), 'utf8')).toMatch(/^stage 'tests' npm test$/m);
  });
});
