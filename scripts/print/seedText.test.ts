import { describe, expect, it } from 'vitest';
import type { SeedForm } from '../../checks/index.ts';
import { seedLines, verdictText } from './seedText.ts';

const plain = { style: (_style: string, text: string) => text };
const form = (given: Partial<SeedForm>): SeedForm => ({
  form: 'merged',
  verdict: 'holds',
  reason: null,
  violated: [],
  holds: [],
  open: [],
  asExpected: true,
  ...given,
});

describe('a row for each proposal', () => {
  it('names what is violated, where, and where nothing is', () => {
    const violated = [{ property: 'I-33', runs: ['3.1-A v3.10', '3.1-E'] }];
    expect(verdictText(form({ verdict: 'violated', violated, holds: ['3.1-D'] }))).toBe(
      'violates I-33 (3.1-A v3.10, 3.1-E); holds in 3.1-D',
    );
  });

  it('does not take what was cut short for a success, nor what is missing', () => {
    expect(verdictText(form({ verdict: 'incomplete', open: ['3.3-A: incomplete'], asExpected: false }))).toBe(
      'NOT AS EXPECTED: no verdict in 3.3-A: incomplete',
    );
    expect(verdictText(form({ verdict: 'notModelled', reason: 'nobody has it' }))).toBe('not modelled: nobody has it');
  });

  it('keeps to the width that it is given', () => {
    const holds = Array.from({ length: 40 }, (_, k) => `9.${k}-A`);
    const lines = seedLines([{ seed: '2013', title: 'a proposal', forms: [form({ holds }), form({ form: 'fixed', holds })] }], 100, plain);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines.filter((line) => line.startsWith('  merged   holds in 9.0-A,'))).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(5);
  });
});
