import { expect, it } from 'vitest';
import { compareReportSchema, published } from '../../checks/index.ts';
import { runCommandLine } from '../commandLine.ts';
import { recordingTerminal } from '../testing/recordingTerminal.ts';

async function run(...words: string[]) {
  const terminal = recordingTerminal();
  const code = await runCommandLine(words, terminal);
  return { code, ...terminal.printed };
}

it('shows the two statements, why they part, and what differs, within 100 columns', async () => {
  const { code, out } = await run('compare', '3.3-B', '--variants', 'posted,fixed', '--property', 'I-10');
  expect(code).toBe(0);
  expect(out).toContain('they part at step 7 of 7, CPU 0 (vCPU 0)');
  expect(out).toMatch(/posted\.ts:\d+: reads root_mmu\.root\.hpa \(B\); the test is\s+false/);
  expect(out).toMatch(/root_mmu\.prev_roots\[0\]\.hpa +A +none/);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

it('says that the first holds, or that both violate, and gives the exit code of the second', async () => {
  expect(await run('compare', '3.3-B', '--variants', 'fixed,posted')).toMatchObject({
    code: 0,
    out: expect.stringContaining('fixed violates nothing. There is no'),
  });
  const both = await run('compare', '3.3-B', '--variants', 'base,posted', '--json');
  expect(both.code).toBe(1);
  expect(
    published('compare', compareReportSchema)
      .parse(JSON.parse(both.out))
      .comparisons.map(({ property }) => property),
  ).toEqual(['I-36']);
  expect((await run('compare', '3.3-B', '--variants', 'base')).code).toBe(64);
  expect((await run('compare', '3.3-B', '--variants', 'posted,fixed', '--states', '20')).code).toBe(2);
});
