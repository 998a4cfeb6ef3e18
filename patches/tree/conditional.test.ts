import { describe, expect, it } from 'vitest';
import { resolveConditions } from './conditional.ts';

const kept = (text: string, defined: readonly [string, string][] = []) =>
  resolveConditions(text.split('\n'), new Map(defined))
    .map((line) => line.trim())
    .filter((line) => line !== '');

describe('conditional compilation', () => {
  const either = ['#ifdef CONFIG_A', 'a', '#else', 'b', '#endif'].join('\n');
  it('takes one branch', () => {
    expect(kept(either)).toEqual(['b']);
    expect(kept(either, [['CONFIG_A', '1']])).toEqual(['a']);
  });
  it('moves nothing', () => {
    const lines = either.split('\n');
    expect(resolveConditions(lines, new Map()).map((line) => line.length)).toEqual(lines.map((line) => line.length));
  });
  it('reads conditions as C does', () => {
    const holds = (condition: string) =>
      kept(`#if ${condition}\nyes\n#endif`, [
        ['X', '64'],
        ['E', ''],
        ['CONFIG_Y', '1'],
      ]).length === 1;
    expect(holds('X == 64')).toBe(true);
    expect(holds('X == 0x40 && !defined(Z)')).toBe(true);
    expect(holds('defined Z || X < 64')).toBe(false);
    expect(holds('IS_ENABLED(CONFIG_Y)')).toBe(true);
    expect(holds('IS_ENABLED(CONFIG_HYPERV)')).toBe(false);
    expect(holds('(Z + 1')).toBe(false);
  });
  it('nests, and takes the first branch that holds only', () => {
    const text = ['#if 0', '#if 1', 'a', '#endif', '#elif 1', 'b', '#elif 1', 'c', '#else', 'd', '#endif'].join('\n');
    expect(kept(text)).toEqual(['b']);
  });
  it('knows what the file defines, where it is compiled', () => {
    const text = [
      '#if 0',
      '#define A 1',
      '#endif',
      '#ifdef A',
      'a',
      '#endif',
      '#define B \\',
      ' 2',
      '#if B == 2',
      'b',
      '#endif',
      '#undef B',
      '#ifdef B',
      'c',
      '#endif',
    ];
    expect(kept(text.join('\n'))).toEqual(['#define B \\', '2', 'b', '#undef B']);
  });
  it('survives what is no C', () => {
    for (const text of ['#endif', '#else\nx', '#if\nx', '#if ((((\nx\n#endif', `#if ${'('.repeat(5000)}\nx`, '#if 1\n'.repeat(300)])
      expect(() => kept(text)).not.toThrow();
  });
});
