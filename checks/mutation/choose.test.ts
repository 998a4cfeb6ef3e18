import { beforeAll, describe, expect, it } from 'vitest';
import { scenarioNamed } from '../../model/index.ts';
import { scenariosFor } from './choose.ts';
import { mutationSubjects, type Subject } from './subjects.ts';

describe('the scenarios of a mutant', () => {
  let subjects: readonly Subject[];
  beforeAll(() => {
    subjects = mutationSubjects(['3.3 B', '2.10', '3.3 C'].flatMap((name) => scenarioNamed(name) ?? []));
  });
  const keysOf = (procedure: string): string[] => [
    ...new Set(subjects.flatMap(({ mutants }) => [...mutants].flatMap(([key, each]) => (each.procedure.name === procedure ? [key] : [])))),
  ];
  const names = (those: readonly { readonly subject: Subject }[]): string[] => those.map(({ subject }) => subject.name);

  it('are those that execute it, the cheapest first', () => {
    const [key = ''] = keysOf('swap_root');
    expect(names(scenariosFor(key, subjects, Number.POSITIVE_INFINITY).run)).toEqual(['3.3-B', '2.10', '3.3-C']);
  });

  it('are left out, and named, where they would cost too much; one is always run', () => {
    const [key = ''] = keysOf('swap_root');
    const { run, leftOut } = scenariosFor(key, subjects, 1);
    expect([names(run), names(leftOut)]).toEqual([['3.3-B'], ['2.10', '3.3-C']]);
  });

  it('need not be run where a branch is deleted that they never take', () => {
    const chosen = keysOf('mmu_free_root_page').map((key) => scenariosFor(key, subjects, Number.POSITIVE_INFINITY));
    const same = chosen.flatMap((each) => each.same);
    expect(same.length).toBeGreaterThan(0);
    for (const { subject, mutant } of same)
      expect([mutant.operator, subject.counts.get(mutant.statement)?.taken?.[0]]).toEqual(['delete', 0]);
  });

  it('are none for what nobody executes', () => {
    expect(scenariosFor('no such mutant', subjects, 1)).toEqual({ run: [], same: [], leftOut: [] });
  });
});
