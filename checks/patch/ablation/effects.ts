/**
 * What it makes of the verdicts of a scenario when a piece of a patch is reverted.
 *
 * In: three sides: without the patch, with it, and with all of it but the piece. Out: what differs. Never: a difference between runs of
 * which one was cut before it came that far.
 */
import type { AblatedPiece, AblationEffect } from '../../results.ts';
import { costChanges } from '../costs.ts';
import { type SideResult, verdictIn } from '../sides.ts';

export interface ThreeSides {
  readonly scenario: string;
  /** Null: what the code was before is not modelled. */
  readonly before: SideResult | null;
  readonly patched: SideResult;
  readonly reverted: SideResult;
}

export function effectsOf({ scenario, before, patched, reverted }: ThreeSides): AblationEffect[] {
  const ids = [...new Set([...patched.properties, ...reverted.properties].map(({ id }) => id))];
  const verdicts = ids.flatMap((id): AblationEffect[] => {
    const [was, is, now] = [before === null ? null : verdictIn(before, id), verdictIn(patched, id), verdictIn(reverted, id)];
    const effect = effectOf(was, is, now);
    return effect === null ? [] : [{ scenario, id, before: was, patched: is, reverted: now, effect }];
  });
  const met = new Set(patched.unmet);
  const unmet = reverted.unmet.filter((id) => !met.has(id) && reverted.exhausted);
  return weighed([
    ...verdicts,
    ...unmet.map((id): AblationEffect => ({ scenario, id, before: null, patched: 'holds', reverted: 'vacuous', effect: 'unmet' })),
  ]);
}

/**
 * What a violation cuts short is no news beside it. What the scenario does not come to any more is no place to look for a
 * defect that has gone: it may be gone for that reason alone.
 */
function weighed(effects: readonly AblationEffect[]): AblationEffect[] {
  const isViolated = effects.some(({ effect }) => effect === 'fix' || effect === 'needed');
  const isElsewhere = effects.some(({ effect }) => effect === 'unmet');
  return effects
    .filter(({ effect }) => !isViolated || (effect !== 'open' && effect !== 'unmet'))
    .map((each) => (each.effect === 'defect' && isElsewhere ? { ...each, effect: 'unmet' } : each));
}

function effectOf(
  before: AblationEffect['before'],
  patched: AblationEffect['patched'],
  reverted: AblationEffect['reverted'],
): AblationEffect['effect'] | null {
  if (patched === reverted) return null;
  if (reverted === 'violated') return before === 'violated' ? 'fix' : 'needed';
  if (reverted === 'incomplete') return 'open';
  // As it was without the patch: there was no occasion for it then either.
  if (reverted === 'vacuous' && before === 'vacuous') return patched === 'violated' ? 'defect' : null;
  if (patched === 'violated') return reverted === 'holds' ? 'defect' : 'unmet';
  return patched === 'incomplete' ? null : 'unmet';
}

export function costsOf({ scenario, patched, reverted }: ThreeSides): AblatedPiece['costs'] {
  return costChanges(patched.properties, reverted.properties).map((cost) => ({ scenario, ...cost }));
}

const telling = ['fix', 'defect', 'needed', 'unmet', 'open'] as const;

/** The most telling of them; where there is none, whether all was tried. */
export function verdictOfEffects(effects: readonly AblationEffect[], leftOut: readonly string[]): AblatedPiece['verdict'] {
  const found = telling.find((each) => effects.some(({ effect }) => effect === each));
  return found ?? (leftOut.length > 0 ? 'open' : 'nothing');
}
