/** What three runs of a scenario say of a piece. */
import { describe, expect, it } from 'vitest';
import type { PropertyResult, Verdict } from '../../results.ts';
import type { SideResult } from '../sides.ts';
import { effectsOf, verdictOfEffects } from './effects.ts';

const side = (verdicts: Readonly<Record<string, Verdict>>, more: Partial<SideResult> = {}): SideResult => ({
  properties: Object.entries(verdicts).map(
    ([id, verdict]): PropertyResult => ({ id, name: id, verdict, expected: null, steps: null, message: null, worst: null }),
  ),
  unmet: [],
  exhausted: true,
  fingerprint: '',
  states: 1,
  ...more,
});
const effects = (before: SideResult | null, patched: SideResult, reverted: SideResult) =>
  effectsOf({ scenario: 's', before, patched, reverted }).map(({ id, effect }) => `${id} ${effect}`);

describe('a piece that is reverted', () => {
  it('carries the fix if what was violated before is violated again, and is needed if it was not', () => {
    const patched = side({ A: 'holds', B: 'holds' });
    expect(effects(side({ A: 'violated', B: 'holds' }), patched, side({ A: 'violated', B: 'violated' }))).toEqual(['A fix', 'B needed']);
    expect(effects(null, patched, side({ A: 'violated', B: 'holds' }))).toEqual(['A needed']);
  });

  it('carries the defect if it goes, faults too, unless the scenario does not come as far', () => {
    const [before, patched] = [side({ A: 'holds', B: 'holds' }), side({ A: 'violated', B: 'holds', 'fault:x': 'violated' })];
    expect(effects(before, patched, side({ A: 'holds', B: 'holds' }))).toEqual(['A defect', 'fault:x defect']);
    expect(effects(before, patched, side({ A: 'holds', B: 'vacuous' }))).toEqual(['A unmet', 'B unmet', 'fault:x unmet']);
    expect(effects(before, patched, side({ A: 'holds', B: 'holds' }, { unmet: ['far'] }))).toEqual([
      'A unmet',
      'fault:x unmet',
      'far unmet',
    ]);
    // Without the patch there was no occasion for B either.
    expect(effects(side({ A: 'vacuous', B: 'vacuous' }), patched, side({ A: 'vacuous', B: 'vacuous' }))).toEqual([
      'A defect',
      'fault:x defect',
    ]);
  });

  it('says nothing where the search was cut, beside what it found', () => {
    const patched = side({ A: 'holds', B: 'holds' });
    const cut = side({ A: 'violated', B: 'incomplete' }, { exhausted: false });
    expect(effects(null, patched, cut)).toEqual(['A needed']);
    expect(effects(null, patched, side({ A: 'incomplete', B: 'incomplete' }, { exhausted: false }))).toEqual(['A open', 'B open']);
  });

  it('makes no difference only where all was tried', () => {
    expect([verdictOfEffects([], []), verdictOfEffects([], ['other'])]).toEqual(['nothing', 'open']);
  });
});
