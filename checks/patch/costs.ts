/**
 * What cost and precision come to without a patch and with it.
 *
 * In: properties of both runs of a scenario. Out: those of which the worst value differs. Never: a value that was not counted.
 */
import type { CostChange, PropertyResult } from '../results.ts';

type Counted = Pick<PropertyResult, 'id'> & Partial<Pick<PropertyResult, 'name' | 'verdict' | 'worst'>>;

/** In the order of the run with the patch. */
export function costChanges(before: readonly Counted[], after: readonly Counted[]): CostChange[] {
  const earlier = new Map(before.map((each) => [each.id, each]));
  return after.flatMap((each) => {
    const [was, is] = [countOf(earlier.get(each.id)), countOf(each)];
    const worst = each.worst ?? earlier.get(each.id)?.worst;
    const [old, now] = [was?.value ?? 0, is?.value ?? 0];
    // Nothing of something, and no occasion for it, are the same to a reader. What was cut may have come to more.
    if (worst == null || old === now || (was?.exact === false && old < now) || (is?.exact === false && now < old)) return [];
    const { bound, unit, what } = worst;
    return [{ id: each.id, name: each.name ?? each.id, unit, what, bound, before: was, after: is }];
  });
}

function countOf(result: Counted | undefined): CostChange['before'] {
  if (result?.worst == null || result.verdict === 'vacuous') return null;
  const { value, exact } = result.worst;
  return { value, exact };
}
