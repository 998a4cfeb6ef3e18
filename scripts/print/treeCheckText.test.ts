import { describe, expect, it } from 'vitest';
import type { TreeCheckReport } from '../../checks/index.ts';
import { treeCheckText } from './treeCheckText.ts';

const file = 'arch/x86/kvm/mmu/mmu.c';
const run: TreeCheckReport['runs'][number] = {
  scenario: '3.3-B',
  variant: 'fixed',
  verdict: 'holds',
  violated: [],
  properties: [],
  ran: ['half', 'whole'],
  standIns: ['other'],
  states: 1234,
  modelStates: 1200,
  depth: 3,
  milliseconds: 40,
  reasons: [],
};
const covered = { file, lastLine: 9, scenarios: ['3.3-B'], lines: 2, reached: 2, notReached: [], oneSided: [] };
const report: TreeCheckReport = {
  tree: 'linux-6.12',
  version: '6.12',
  preset: 'small',
  runs: [
    run,
    {
      ...run,
      scenario: '2.6',
      verdict: 'violated',
      violated: [{ id: 'I-51', name: 'deadlock-free', steps: 8, message: null, known: true }],
    },
    { ...run, scenario: '3.5-D', verdict: 'notExercised', ran: [], reasons: ['none of the functions of the tree that import was run'] },
    { ...run, scenario: '2.21', variant: null, verdict: 'otherVersions', ran: [], reasons: ['it is about 6.12 and later'] },
  ],
  functions: [
    { ...covered, name: 'whole', line: 1 },
    {
      ...covered,
      name: 'half',
      line: 11,
      lines: 6,
      notReached: [14, 15, 16, 20].map((line) => ({ line, behindWarning: line === 20 })),
      oneSided: [{ line: 13, never: 'true' }],
    },
    { ...covered, name: 'idle', line: 30, scenarios: [], reached: 0 },
  ],
  notPlaced: [{ name: 'misfit', file, line: 40, reason: 'line 40: is called otherwise' }],
  standIns: [
    { name: 'leaf', file, line: 50, by: 'binding', reason: 'it means 0', scenarios: ['3.3-B'] },
    { name: 'other', file, line: 60, by: 'model', reason: 'line 61: x is no name', scenarios: ['3.3-B'] },
  ],
  counts: {
    scenarios: 5,
    holds: 1,
    violated: 1,
    incomplete: 0,
    vacuous: 0,
    notExercised: 1,
    otherVersions: 1,
    notRun: 1,
    functions: 3,
    functionsRun: 2,
    lines: 10,
    linesReached: 4,
  },
  traces: [],
};
const text = (lines: boolean) => treeCheckText(report, lines, { width: 100, style: (_, words) => words });

describe('the text of check-tree', () => {
  it('keeps what holds, what was not exercised and what was not run apart', () => {
    const shown = text(false);
    expect(shown).toMatch(/^3\.3-B +fixed +holds +- +2 +1 +1,234 +1,200 /m);
    expect(shown).toMatch(/^2\.6 +fixed +violated +I-51 \(8\), known /m);
    expect(shown).toMatch(/^3\.5-D +fixed +not exercised /m);
    expect(shown).toContain('  2.21: it is about 6.12 and later');
    expect(shown).toContain('1 of 5 scenarios hold, 1 violated, 1 not exercised, 1 about other versions, 1 not run: interrupted.');
    expect(shown).toContain('2 of 3 functions that took a place were run, 4 of their 10 lines.');
  });
  it('lists what no scenario reaches, and what something else stands for', () => {
    const shown = text(false);
    expect(shown).toMatch(/^ *11 +half +1 +2 of 6 +14-16; behind warnings: 20$/m);
    expect(shown).toContain('Every line was reached of whole.');
    expect(shown).toContain('Never run: idle.');
    expect(shown).toContain('Bindings stand for leaf.');
    expect(shown).toContain("The model's procedures stand for other.");
    expect(shown).toMatch(/take no place .*misfit\./s);
  });
  it('tells more when it is asked to', () => {
    const shown = text(true);
    expect(shown).toMatch(/^ *11 +half .*13 never true$/m);
    expect(shown).toMatch(/^ *1 +whole +1 +2 of 2 +- +-$/m);
    expect(shown).toMatch(/^other +mmu\.c:60 +model +line 61: x is no name$/m);
  });
});
