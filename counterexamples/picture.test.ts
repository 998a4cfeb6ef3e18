import { expect, it } from 'vitest';
import { comparePictures } from './picture.ts';

/** `  label: value`, two blanks a level. */
function lines(...texts: string[]) {
  return texts.map((text) => {
    const [, blanks = '', label = '', value = ''] = /^( *)([^:]*): ?(.*)$/.exec(text) ?? [];
    return { depth: blanks.length / 2, label, value };
  });
}
const compare = (before: string[], after: string[]) =>
  comparePictures('', lines(...before), lines(...after)).lines.map(
    (line) => `${'  '.repeat(line.depth)}${line.label}: ${line.before} | ${line.after}`,
  );

it('compares lines under the same headings, however often their labels occur', () => {
  expect(compare(['A: x', '  [0]: 1', 'B: y', '  [0]: 2'], ['B: y', '  [0]: 3', 'C: z', '  [0]: 4'])).toEqual([
    'A: x | -',
    '  [0]: 1 | -',
    'B: y | y',
    '  [0]: 2 | 3',
    'C: - | z',
    '  [0]: - | 4',
  ]);
});

it('shows what is gone at the end, and bears another order', () => {
  expect(compare(['A: 1', 'B: 2', 'C: 3'], ['B: 2', 'A: 1'])).toEqual(['B: 2 | 2', 'A: 1 | 1', 'C: 3 | -']);
});

it('leaves out locks that are free before and after', () => {
  expect(compare(['l: free', 'm: free'], ['l: free', 'm: CPU 1'])).toEqual(['m: free | CPU 1']);
});
