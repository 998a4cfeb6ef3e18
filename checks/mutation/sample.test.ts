/**
 * A few mutants on the cheapest scenario, in time for every run of the tests; all of them take `npm run mutants`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../compiler/packageRoot.ts';
import { scenarioNamed } from '../../model/index.ts';
import { judgeMutant } from './judgeMutant.ts';
import type { Mutant } from './operators.ts';
import { mutantsPage } from './page.ts';
import { type JudgedMutant, nameOf, readMutationRecord, recordAgain, recordOf, recordWith } from './record.ts';
import { drawOrder } from './runMutants.ts';
import { mutationSubjects, type Subject } from './subjects.ts';

describe('mutants of 3.3 B', () => {
  let subject: Subject;
  beforeAll(() => {
    const scenario = scenarioNamed('3.3 B');
    const [only] = mutationSubjects(scenario === undefined ? [] : [scenario]);
    if (only === undefined) throw new Error('scenario 3.3 B is gone');
    subject = only;
  });

  it('that the record lists as survivors survive (else: npm run mutants -- --survivors), and others are killed', () => {
    const order = ([, { id }]: [string, Mutant]): string => drawOrder(id);
    const executed = [...subject.mutants].filter(([, { statement }]) => subject.executed.has(statement));
    const sample = executed.sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, 20);
    const known = new Set(readMutationRecord().survivors.map(nameOf));
    const verdicts = sample.map(([key, { id, position }]) => ({
      name: nameOf({ id, file: position.file }),
      ...judgeMutant(key, [subject]),
    }));
    expect(verdicts).toHaveLength(20);
    expect(verdicts.filter(({ name, outcome }) => outcome === 'killed' && known.has(name))).toEqual([]);
    expect(verdicts.filter(({ outcome }) => outcome === 'killed').length).toBeGreaterThan(5);
  });

  it('that no scenario executes are not said to survive', () => {
    const [key = ''] = [...subject.mutants].find(([, { statement }]) => !subject.executed.has(statement)) ?? [];
    expect(judgeMutant(key, [subject])).toEqual({ outcome: 'notExecuted', runs: [] });
  });
});

describe('the record of mutants', () => {
  const about = { operator: 'delete', procedure: 'f', file: 'f.ts', text: 'x = 1;', detail: 'delete the store' } as const;
  const survived: JudgedMutant = {
    ...about,
    id: 'a',
    outcome: 'survived',
    runs: [{ outcome: 'survived', scenario: 'S', relation: 'fewer' }],
  };
  const killed: JudgedMutant = { ...about, id: 'b', outcome: 'killed', runs: [{ outcome: 'killed', scenario: 'S', by: ['I-01', 'I-02'] }] };

  it('counts, lists who killed, and calls a survivor without a reason a gap', () => {
    const record = recordOf([survived, killed], null);
    expect(record.counts).toEqual({ killed: 1, equivalent: 0, survived: 1, incomplete: 0, notExecuted: 0 });
    expect(record.killedBy).toEqual({ 'I-01': 1, 'I-02': 1 });
    expect(record.survivors).toMatchObject([{ id: 'a', scenarios: { S: 'fewer' }, reason: 'gap' }]);
  });
  it('keeps a reason from run to run, and drops it when the mutant is shown to be equivalent', () => {
    const [first] = recordOf([survived], null).survivors;
    if (first === undefined) throw new Error('nothing survived');
    const before = { ...recordOf([survived], null), survivors: [{ ...first, reason: 'only speed' }] };
    expect(recordOf([survived], before).survivors[0]?.reason).toBe('only speed');
    expect(recordOf([{ ...survived, outcome: 'equivalent' }], before).survivors[0]?.reason).toContain('equal state graphs');
  });
  it('takes over what becomes of survivors that are judged again', () => {
    const before = recordOf([survived, killed], null);
    const after = recordAgain(before, [{ ...killed, id: 'a' }]);
    expect(after).toMatchObject({ counts: { killed: 2, survived: 0 }, killedBy: { 'I-01': 2, 'I-02': 2 }, survivors: [] });
    expect(after.byOperator['delete']).toEqual(after.counts);
    expect(recordAgain(before, [])).toEqual(before);
  });
  it('keeps what it says of scenarios that were not tried again', () => {
    const before = recordOf(
      [{ ...survived, outcome: 'equivalent', runs: [{ outcome: 'survived', scenario: 'S', relation: 'equal' }] }],
      null,
    );
    const on = (relation: 'equal' | 'more') => ({ ...survived, runs: [{ outcome: 'survived', scenario: 'T', relation } as const] });
    expect(recordAgain(before, [on('more')], true)).toMatchObject({
      counts: { equivalent: 0, survived: 1 },
      survivors: [{ outcome: 'survived', scenarios: { S: 'equal', T: 'more' }, reason: 'gap' }],
    });
    expect(recordAgain(before, [on('equal')], true).survivors).toMatchObject([
      { outcome: 'equivalent', scenarios: { S: 'equal', T: 'equal' } },
    ]);
    expect(recordAgain(before, [{ ...survived, outcome: 'notExecuted', runs: [] }], true)).toEqual(before);
    expect(recordAgain(before, [{ ...killed, id: 'a' }], true)).toMatchObject({ counts: { killed: 1 }, survivors: [] });
  });
  it('takes in mutants of an operator that is new', () => {
    const before = recordOf([survived, killed], null);
    const fresh = [
      { ...survived, id: 'c', operator: 'overwrite' as const },
      { ...killed, id: 'd', operator: 'overwrite' as const },
    ];
    const after = recordWith(before, fresh);
    expect(after).toMatchObject({ counts: { killed: 2, survived: 2 }, killedBy: { 'I-01': 2, 'I-02': 2 } });
    expect(after.byOperator['overwrite']).toEqual(before.counts);
    expect([after.byOperator['delete'], after.survivors.map(({ id }) => id)]).toEqual([before.byOperator['delete'], ['a', 'c']]);
  });
  it('tells mutants of two files apart that have one id', () => {
    const both = recordOf([survived, { ...survived, file: 'g.ts' }], null);
    expect(recordAgain(both, [{ ...killed, id: 'a', file: 'g.ts' }]).survivors).toMatchObject([{ file: 'f.ts' }]);
  });
  it('is what docs/mutants.md shows: npm run mutants -- --page writes it', () => {
    expect(readFileSync(join(packageRoot(), 'docs', 'mutants.md'), 'utf8')).toBe(mutantsPage(readMutationRecord()));
  });
});
