/**
 * What the README says of the mails as they were posted, through the command line. CI judges them in a stage of its own, by their exit codes.
 */
import { describe, expect, it } from 'vitest';
import { edited, haveSeeds, seed } from '../patches/testing/seeds.ts';
import { judgeText } from './testing/judgeText.ts';

describe.skipIf(!haveSeeds)('the mails', () => {
  it('of 2021 is judged violated, with traces that show its own lines', async () => {
    const report = await judgeText(seed('obsoleteRoots2021').text);
    expect([report.exitCode, report.violatedIds]).toEqual([1, expect.arrayContaining(['I-04', 'I-10', 'I-36'])]);
    const statements = report.traces.flatMap(({ steps }) => steps.flatMap((step) => step.statements));
    expect(statements.some(({ language, change }) => language === 'c' && change === 'added')).toBe(true);
  });

  it('of 2021 is not judged where it calls what nobody knows', async () => {
    const text = edited(seed('obsoleteRoots2021').text, 'if (!VALID_PAGE(root_hpa))', 'if (!frobnicate(root_hpa))', 'last');
    const report = await judgeText(text);
    expect([report.exitCode, report.notModelled.map(({ name }) => name)]).toEqual([3, expect.arrayContaining(['frobnicate'])]);
  });

  it.each([
    ['recursion2020', 1],
    ['sharedLock2023', 3],
  ] as const)('%s has an answer of its own: %i', async (name, code) => {
    expect((await judgeText(seed(name).text)).exitCode).toBe(code);
  });
});
