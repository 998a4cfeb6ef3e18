import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../checks/index.ts';
import { exitCodeHelp, exitCodeOf, exitCodes } from './exitCodes.ts';

const list = Object.values(exitCodes).map(({ code, meaning }) => [code, meaning]);

describe('exit codes', () => {
  it('are those of docs/exit-codes.md', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'exit-codes.md'), 'utf8');
    const rows = [...page.matchAll(/^\| *(\d+) \| *(.*?) *\|$/gm)].map(([, code, meaning]) => [Number(code), meaning]);
    expect(rows).toEqual(list);
  });
  it('are those of --help', () => {
    const rows = [...exitCodeHelp().matchAll(/^ +(\d+) {2}(.*)$/gm)].map(([, code, meaning]) => [Number(code), meaning]);
    expect(rows).toEqual(list);
  });
  it('combine: the first of 70, 65, 1, 3, 2, 0', () => {
    expect(exitCodeOf([])).toBe(0);
    expect(exitCodeOf(['asExpected', 'incomplete'])).toBe(2);
    expect(exitCodeOf(['incomplete', 'notModelled', 'asExpected'])).toBe(3);
    expect(exitCodeOf(['notModelled', 'violated'])).toBe(1);
    expect(exitCodeOf(['violated', 'unreadable'])).toBe(65);
    expect(exitCodeOf(['unreadable', 'internal'])).toBe(70);
  });
});
