import { describe, expect, it } from 'vitest';
import type { ConformReport } from '../../checks/index.ts';
import { recordingTerminal } from '../testing/recordingTerminal.ts';
import { conformText } from './conformText.ts';

type Function = ConformReport['functions'][number];

const one = (name: string): Function => ({
  name,
  at: { file: 'tdp_iter.c', line: 1 },
  model: { file: 'model/a.ts', line: 1 },
  verdict: 'same',
  entries: 3,
  scenarios: ['2.12'],
  reason: null,
  difference: null,
  abstracted: ['f, g: what is left in iter.middle: nobody reads it'],
});

describe('the report of conform', () => {
  it('tells a declared difference once, however many functions need it', () => {
    const report: ConformReport = {
      tree: 'linux',
      version: '6.12',
      scenarios: ['2.12'],
      interrupted: false,
      functions: [one('f'), one('g')],
      unused: [],
      counts: { same: 2, differs: 0, incomplete: 0, 'within callers': 0, 'not comparable': 0, 'not reached': 0 },
    };
    const text = conformText(report, recordingTerminal());
    expect(text.split('nobody reads it')).toHaveLength(2);
    expect(text).toContain('f()');
    expect(text).toContain('g()');
  });
});
