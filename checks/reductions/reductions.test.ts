import { describe, expect, it } from 'vitest';
import { findScenario, findVariant } from '../select.ts';
import { disagreements } from './disagreements.ts';
import { reductionsPage } from './page.ts';
import { type Tried, tryWay, type Way, ways } from './tryWay.ts';
import { tryWays } from './tryWays.ts';

const scenario = findScenario('3.2-C');
const choice = { scenario, variant: findVariant(scenario, 'both'), preset: 'small' as const };
const memoryBytes = 2 ** 28;

describe('a scenario in every way', () => {
  const tried = ways.map((way) => tryWay(choice, way, 100_000, memoryBytes));
  const [first, ...others] = tried as [Tried, ...Tried[]];

  it('says the same, merged or not, with what is not refused', () => {
    expect(tried.filter(({ said }) => said !== null).length).toBeGreaterThan(3);
    expect(disagreements(tried)).toEqual([]);
    expect(first.said?.terminal.count).toBeGreaterThan(0);
    const plain = tried.filter(({ renaming, ample }) => !renaming && !ample);
    expect(plain.map(({ merge }) => merge)).toEqual([true, false]);
    expect(plain[0]?.states).toBeLessThan(plain[1]?.states ?? 0);
  });

  it.each<[string, (said: NonNullable<Tried['said']>) => Tried['said'], RegExp]>([
    ['a verdict', (said) => ({ ...said, verdict: 'incomplete' }), /incomplete and/],
    ['a status', (said) => ({ ...said, outcomes: said.outcomes.slice(1) }), /outcome only here: /],
    ['a fault', (said) => ({ ...said, faults: ['bound at f:1'] }), /fault only there: bound at f:1/],
    ['terminal states', (said) => ({ ...said, terminal: { ...said.terminal, hash: '0' } }), /terminal states/],
  ])('that says %s differently is told', (_, change, told) => {
    const other = { ...first, said: first.said === null ? null : change(first.said) };
    expect(disagreements([other, ...others]).join('\n')).toMatch(told);
  });

  it('that was cut says nothing, and is not counted as agreeing', () => {
    const cut = tryWay(choice, { merge: false, renaming: false, ample: false }, 10, memoryBytes);
    expect(cut.said).toBeNull();
    expect(disagreements([first, cut])).toEqual([]);
    const page = reductionsPage([first, cut]);
    expect(page).toContain('of 0 runs an unmerged search came to its end');
    expect(page).toContain('| unmerged | 0 | 0 | 1 | 0 |');
    expect(page).toContain('| merged renaming | 0 | 0 | 0 | 1 |');
    expect(page).toMatch(/- \*\*3\.2-C both\*\*: unmerged at \d+/);
  });

  it('is not searched again if the journal knows it, but for a larger limit', () => {
    const made: string[] = [];
    const run = (known: readonly Tried[], statesMax: number) => {
      made.length = 0;
      const ways = ({ merge, renaming, ample }: Way) => merge && !renaming && !ample;
      return tryWays({ statesMax, memoryBytes, scenarios: new Set(['3.1-C']), ways, known, onTried: ({ variant }) => made.push(variant) });
    };
    const all = run([], 1);
    const cut = all.filter(({ said }) => said === null).map(({ variant }) => variant);
    expect(made.length).toBe(findScenario('3.1-C').variants.length);
    expect(cut).not.toEqual([]);
    run(all, 1);
    expect(made).toEqual([]);
    run(all, 100_000);
    expect(made).toEqual(cut);
    run(
      all.map((one, k) => (k > 0 ? one : { ...one, fingerprint: 'another' })),
      1,
    );
    expect(made.length).toBe(1);
  });
});
