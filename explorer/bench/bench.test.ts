import { describe, expect, it } from 'vitest';
import { compare, measure, median, readRecorded, record } from './index.ts';
import { readSpin } from './spin.ts';
import { toySubjects } from './subjects.ts';

describe('measuring', () => {
  it('gives counts and figures of each toy', () => {
    for (const subject of toySubjects(3)) {
      const one = measure(subject, 2);
      expect(one.name).toBe(subject.name);
      expect(one.verdict).toBe('holds');
      expect(one.statesPerSecond).toBeGreaterThan(0);
      expect(one.hashingShare).toBeGreaterThanOrEqual(0);
      if (subject.name.startsWith('two-phase')) expect(one).toMatchObject({ states: 288, transitions: 1145, depth: 10 });
    }
  });

  it('takes the median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});

describe('comparing', () => {
  const [subject] = toySubjects(3);
  const measured = subject === undefined ? null : measure(subject, 1);

  it('is by name, in ratios', () => {
    if (measured === null) throw new Error('no subject');
    const recorded = readRecorded(JSON.stringify(record([{ ...measured, statesPerSecond: 1000 }], null, 'here')));
    expect(compare({ ...measured, statesPerSecond: 1500 }, recorded)).toMatchObject({ speed: 1.5, sameStates: true });
    expect(compare({ ...measured, name: 'new' }, recorded)).toMatchObject({ speed: null, sameStates: null });
  });

  it('keeps what was not measured', () => {
    if (measured === null) throw new Error('no subject');
    const before = record([{ ...measured, name: 'a' }], null, 'here');
    expect(Object.keys(record([{ ...measured, name: 'b' }], before, 'there').subjects)).toEqual(['a', 'b']);
  });
});

it("reads Spin's figures, and nothing that has errors", () => {
  const text = 'State-vector 92 byte, depth reached 47, errors: 0\n   296449 states, stored\n\npan: elapsed time 1.05 seconds\n';
  expect(readSpin(text)).toEqual({ states: 296449, statesPerSecond: 296449 / 1.05 });
  expect(() => readSpin(text.replace('errors: 0', 'errors: 1'))).toThrow('not what Spin prints');
});
