import { describe, expect, it } from 'vitest';
import { checkReportSchema, published } from '../checks/index.ts';
import { runCommandLine } from './commandLine.ts';
import { exitCodes } from './exitCodes.ts';
import { recordingTerminal } from './testing/recordingTerminal.ts';

async function run(...words: string[]) {
  const terminal = recordingTerminal();
  const code = await runCommandLine(words, terminal);
  return { code, ...terminal.printed };
}
const one = ['check', '--scenario', '3.1-D', '--variant', 'fixed'];
async function runOf(...words: string[]) {
  const { out, code } = await run(...one, ...words, '--json');
  const { runs, summary } = published('check', checkReportSchema).parse(JSON.parse(out));
  return { run: runs[0], code, changed: summary.statesChanged };
}

describe('reductions on the command line', () => {
  it('change states and no verdict, and say what they saved', async () => {
    const whole = await runOf('--stats');
    const few = await runOf('--renaming', '--stats');
    const said = ({ run }: Awaited<ReturnType<typeof runOf>>) => [run?.verdict, run?.properties];
    expect(said(few)).toEqual(said(whole));
    expect(few.code).toBe(whole.code);
    expect(whole.run?.stats?.reductions).toEqual([]);
    expect(few.run?.stats?.reductions).toMatchObject([{ name: 'renaming', refused: null }]);
    expect(few.run?.stats?.without).toEqual({ states: whole.run?.states, steps: whole.run?.steps });
    expect(few.run?.states).toBeLessThan(whole.run?.states ?? 0);
    // Numbers of states with reductions are no change of the model.
    expect([whole.changed, few.changed]).toEqual([[], []]);
    expect(whole.run?.stats?.stopsUnmerged).toBeGreaterThan(whole.run?.stats?.stops ?? 0);
  });
  it('let processes wait, if told to', async () => {
    const { run: few, code } = await runOf('--ample', '--stats');
    expect(few?.stats?.reductions).toMatchObject([{ name: 'ample', refused: null }]);
    expect(few?.states).toBeLessThan(few?.stats?.without?.states ?? 0);
    expect([few?.verdict, code]).toEqual(['holds', exitCodes.asExpected.code]);
  });
  it('are all switched off by one word', async () => {
    const none = await runOf('--renaming', '--ample', '--no-reductions', '--stats');
    expect(none.run?.stats?.reductions).toEqual([]);
    expect(none.run?.states).toBe(none.run?.stats?.without?.states);
  });
  it('say in text why they are refused', async () => {
    const { out } = await run('check', '--scenario', '3.3-B', '--variant', 'fixed', '--renaming', '--stats');
    expect(out).toContain('renaming: refused: no table has rows that may be renamed');
    expect(out).toMatch(/rows of pages \(3\): refused: /);
  });
  it('do not go into the record', async () => {
    const { code, err } = await run(...one, '--renaming', '--record', 'a reason that is long enough');
    expect(code).toBe(exitCodes.usage.code);
    expect(err).toContain('leave out --renaming and --ample');
  });
});
