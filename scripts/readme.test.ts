import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../checks/index.ts';
import { runCommandLine } from './commandLine.ts';
import { recordingTerminal } from './testing/recordingTerminal.ts';
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

  it('shows what compare really prints', async () => {
    const [, block = ''] = text.match(/^ {4}\$ npm run -s mmucheck -- (compare [\s\S]*?)\n\n\S/m) ?? [];
    const [line = '', ...shown] = block.split('\n').map((each) => each.trim());
    const terminal = recordingTerminal();
    await runCommandLine(line.split(' '), terminal);
    const printed = terminal.printed.out.split('\n').map((each) => each.trim());
    // Line numbers move with the model.
    const plain = (each: string) => each.replace(/\.ts:\d+:/, '.ts:');
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((each) => each !== '...' && !printed.some((other) => plain(other) === plain(each)))).toEqual([]);
  });

  it('names the test command that CI runs', () => {
    expect(text).toMatch(/^ {4}npm test$/m);
    expect(readFileSync(join(packageRoot(), '.ci', 'run'), 'utf8')).toMatch(/^stage 'tests' npm test$/m);
  });
});
