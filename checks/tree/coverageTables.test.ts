import { describe, expect, it } from 'vitest';
import { coverageTables } from './coverageTables.ts';
import type { CoveredFunction, TreeCheckReport } from './treeCheckReport.ts';

const covered = (name: string, more: Partial<CoveredFunction>): CoveredFunction => ({
  ...{ name, file: 'arch/a.c', line: 1, lastLine: 9, scenarios: ['2.10'], lines: 5, reached: 5, notReached: [], oneSided: [] },
  ...more,
});
const run = (scenario: string, more: Partial<TreeCheckReport['runs'][number]>): TreeCheckReport['runs'][number] => ({
  ...{ scenario, variant: 'fixed', modelStates: 1, verdict: 'holds', violated: [], properties: [], ran: [], standIns: [] },
  ...{ states: 1, depth: 1, milliseconds: 1, reasons: [] },
  ...more,
});
const report: TreeCheckReport = {
  ...{ tree: 'linux-6.12', version: '6.12', preset: 'small', notPlaced: [], standIns: [], traces: [] },
  runs: [
    run('2.10', {}),
    run('2.6', { verdict: 'violated', violated: [{ id: 'I-51', name: 'n', steps: 3, message: null, known: true }] }),
    run('3.1-A', { verdict: 'vacuous' }),
  ],
  functions: [
    covered('f', { reached: 2, notReached: [3, 4, 7].map((line) => ({ line, behindWarning: line === 7 })) }),
    covered('g', { scenarios: [], reached: 0 }),
    covered('h', { file: 'b.h' }),
  ],
  counts: {
    ...{ scenarios: 3, holds: 1, violated: 1, incomplete: 0, vacuous: 1, notExercised: 0, otherVersions: 0, notRun: 0 },
    ...{ functions: 3, functionsRun: 2, lines: 15, linesReached: 7 },
  },
};

describe('tables of coverage', () => {
  it('have a row a tree, a row a file, and the lines that were missed', () => {
    const text = coverageTables([report]);
    for (const line of [
      '| 6.12 | 1 of 3 | 2.6 (I-51) | 3.1-A (vacuous) | - | 2 of 3 | 7 of 15 |',
      '| `a.c` | 2 | 1 | 2 of 5 |',
      '| `b.h` | 1 | 1 | 5 of 5 |',
      '| `f` | 2 of 5 | a.c 3-4 |',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).not.toContain('`g`');
    expect(coverageTables([])).toBe('');
  });
});
