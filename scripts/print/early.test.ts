import { expect, test } from 'vitest';
import { tellingEarly } from './early.ts';

test('a violation is told once for each patch and property, and not with the last scenario', () => {
  const lines: string[] = [];
  const tell = tellingEarly({ err: (text) => void lines.push(text) });
  const found = { patch: 'fix.mbox on linux-6.12', id: 'I-33', name: 'zaps make progress', scenario: '2.21', done: 2, total: 4 };
  tell(found);
  tell({ ...found, scenario: '2.21-zap', done: 3 });
  tell({ ...found, patch: 'b\u001b[31m.mbox', id: 'I-10', done: 3 });
  tell({ ...found, id: 'I-11', done: 4 });
  expect(lines).toEqual([
    'mmucheck: fix.mbox on linux-6.12 violates I-33 (zaps make progress) in 2.21; 2 of 4 scenarios are run, going on\n',
    expect.stringMatching(/^mmucheck: b.*\.mbox violates I-10 .* 3 of 4 scenarios are run, going on\n$/),
  ]);
  expect(lines.join('')).not.toContain('\u001b');
});
