/**
 * The verdicts that reading code and mails leads to, row by row, against what scenarios expect of their variants. That runs come out as
 * scenarios expect is `npm run check`.
 */
import { describe, expect, it } from 'vitest';
import { propertiesFor } from './describeSystem.ts';
import { findScenario, findVariant } from './select.ts';

interface Row {
  readonly what: string;
  /** `3.1-A v3.10`. */
  readonly runs: readonly string[];
  /** Empty: all of its properties hold. */
  readonly violates: readonly string[];
  /** Ids that must hold although others are violated. */
  readonly holds?: readonly string[];
  /** Violated, too; found by the checker, with the reason in docs/model.md or docs/model-tdp.md. */
  readonly found?: readonly string[];
}
const row = (what: string, runs: readonly string[], violates: readonly string[], more: Pick<Row, 'holds' | 'found'> = {}): Row => ({
  what,
  runs,
  violates,
  ...more,
});

/** A use after free ends the path in which the freed page would be freed once more. */
const rows: readonly Row[] = [
  row('zap-all up to 3.10', ['3.1-A v3.10'], ['I-33']),
  row('the form of 3.11', ['3.1-A v3.11', '3.1-E v3.11'], []),
  row('faults of 3.11 to 5.15, shadow MMU', ['3.1-D unchecked'], ['I-07'], { holds: ['I-04'] }),
  row('faults of 5.13 to 5.15, TDP MMU', ['3.1-D-TDP v5.15'], ['I-07', 'I-30']),
  row('the same with a slot that SRCU protects', ['3.1-D-TDP-slot v5.15'], [], { holds: ['I-06'] }),
  row('faults of 5.16 and later', ['3.1-D checked', '3.1-D fixed', '3.1-D-TDP v5.16', '3.1-D-TDP checked'], []),
  row('request before bump', ['3.1-C order'], ['I-04', 'I-10', 'I-11']),
  row('batch count of 2019 to 5.17', ['3.1-A v5.4'], ['I-33']),
  row('rule of 5.8, leak', ['3.2-A v5.8'], ['I-28']),
  row('rule of 5.8, else', ['3.2-B v5.8', '3.2-D v5.8'], []),
  row('2020 v1, blast', ['3.2-B posted'], ['I-37']),
  row('2020 v1, else', ['3.2-A posted', '3.2-D posted'], []),
  row('2020 merged', ['3.2-A merged', '3.2-B merged', '3.2-D merged'], []),
  row("2020 merged, role from the vCPU's MMU", ['3.2-C v5.10'], ['I-07', 'I-38'], { holds: ['I-13', 'I-14'] }),
  row('2020 merged, role from the parent', ['3.2-C v6.0'], ['I-07', 'I-38', 'I-14', 'I-13', 'fault:useAfterFree']),
  row('and the root_count test', ['3.2-C rootCountTest'], []),
  row('and the late stale check', ['3.2-C lateStaleCheck'], ['I-38'], { holds: ['I-07', 'I-13', 'I-14'] }),
  row('and both', ['3.2-C both'], []),
  row('5.17 RELOAD, A and B', ['3.3-A base', '3.3-B base'], ['I-36'], { holds: ['I-04', 'I-10'] }),
  row('5.17 RELOAD, C and D', ['3.3-C base', '3.3-D base'], ['I-35', 'I-36'], { holds: ['I-04', 'I-10'] }),
  row('2021 posted, A', ['3.3-A posted'], ['I-04', 'I-10', 'I-48']),
  row('2021 posted, B', ['3.3-B posted'], ['I-10'], { found: ['I-36'] }),
  row('2021 posted, C', ['3.3-C posted'], ['I-36']),
  row('2021 posted, D', ['3.3-D posted'], ['I-10'], { holds: ['I-35'] }),
  row('2021 fixed', ['3.3-A fixed', '3.3-B fixed', '3.3-C fixed', '3.3-D fixed', '3.3-F fixed', '3.3-G fixed'], []),
  row('order mutant', ['3.3-E order'], ['I-04', 'I-10', 'I-11']),
  row('order mutant, A only cached', ['3.3-E-cached order'], ['I-10', 'I-11']),
  row('5.17 without split', ['3.4-A base'], []),
  row('2022 v2', ['3.4-A v2', '3.4-C v2', '3.4-D v2'], []),
  row('2022 v1, allocation failure', ['3.4-D v1'], ['I-22']),
  row("2022 merged, the mask's last gfn is the huge page's first", ['3.4-E merged'], ['I-40']),
  row('2022 merged, it is another', ['3.4-E-later merged'], []),
  row('2022 merged, clear-dirty race as released', ['3.4-F merged'], []),
  row('its mutant that takes W', ['3.4-F write-form'], ['I-19']),
  row('6.8 and later', ['3.4-E v6.8', '3.4-E-later v6.8', '3.4-F v6.8'], []),
  row('6.5 and 6.12', ['3.5-A base', '3.5-B base', '3.5-C base', '3.5-D base', '3.5-E v6.12'], []),
  row('2023 posted', ['3.5-A posted', '3.5-D posted'], []),
  row("the review's counter-proposal", ['3.5-A counter', '3.5-B counter'], ['I-20', 'I-24']),
  row('5.13 and 5.14', ['3.5-D v5.13'], ['I-06']),
  // Progress is asked in scenarios whose guest goes on for ever.
  row('up to 3.10 with a naive yield', ['3.1-B naive'], ['I-31']),
  row('the form of 3.11, progress', ['3.1-B v3.11'], []),
  row('request before bump, progress', ['3.1-C-live order'], ['I-32']),
  row('5.17 RELOAD and 2021 fixed, progress', ['3.3-A-live base', '3.3-A-live fixed'], []),
  row('2021 posted, A, progress', ['3.3-A-live posted'], ['I-32']),
  row('order mutant, progress', ['3.3-E-live order'], ['I-32']),
  row('6.12 pre-fault after a fast zap', ['2.6-zap v6.12'], ['I-32']),
  row('6.12 pre-fault during slot delete', ['2.6 v6.12'], ['I-51']),
];

describe('documented verdicts', () => {
  it.each(rows.flatMap((each) => each.runs.map((run) => ({ ...each, run }))))(
    '$what: $run',
    ({ run, violates, holds = [], found = [] }) => {
      const [name = '', variantName = ''] = run.split(' ');
      const scenario = findScenario(name);
      const variant = findVariant(scenario, variantName);
      const asked = new Set(propertiesFor(scenario, variant).map(({ id }) => id));
      const isAsked = (id: string) => asked.has(id) || id.startsWith('fault:');
      expect([...variant.violated].sort()).toEqual([...violates, ...found].sort());
      // Only progress may be left to a scenario of its own.
      expect(violates.filter((id) => !isAsked(id) && id !== 'I-32')).toEqual([]);
      expect(holds.filter((id) => !asked.has(id) && id !== 'I-32')).toEqual([]);
    },
  );
});
