import { it } from 'vitest';
import { scenarios } from '../../model/index.ts';
import { judgeMutant } from './judgeMutant.ts';
import { mutationSubjects } from './subjects.ts';

it('x', () => {
  let t = Date.now();
  const subjects = mutationSubjects(scenarios.filter((s) => ['3.3 B', '2.2', '3.3 E', '3.1 C'].includes(s.name)));
  console.log(
    Date.now() - t,
    subjects.map((s) => [s.name, s.found.counts.states, s.mutants.size]),
  );
  t = Date.now();
  const keys = [...new Set(subjects.flatMap((s) => [...s.mutants.keys()]))];
  console.log(keys.length);
  let n = 0;
  for (const key of keys.filter((_, i) => i % 15 === 7)) {
    const t1 = Date.now();
    try {
      const v = judgeMutant(key, subjects);
      console.log(key, v.outcome, JSON.stringify(v.runs), Date.now() - t1);
    } catch (e) {
      console.log(key, 'THROWS', (e as Error).message, Date.now() - t1);
    }
    if (++n > 22) break;
  }
});
