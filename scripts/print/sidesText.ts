/** What the report of `patch` says of both sides: costs without the patch and with it, and the step at which the two part. */
import type { PatchReport } from '../../checks/index.ts';

type Run = PatchReport['runs'][number];
type Cost = Run['costs'][number];
type Parting = Run['partings'][number];

/** A line for each scenario and property whose worst value changed. */
export function costLines({ runs }: Pick<PatchReport, 'runs'>): string[] {
  return runs.flatMap(({ scenario, costs }) => costs.map((cost) => `${scenario} ${cost.id}: ${costText(cost)}`));
}

/** `at most 2 -> 5 pages zapped in one hold; bound 3`. */
export function costText({ before, after, unit, what, bound }: Cost): string {
  const value = (side: Cost['before']): string => (side === null ? 'never met' : side.exact ? String(side.value) : `${side.value} so far`);
  return `at most ${value(before)} -> ${value(after)} ${unit} ${what}${bound === null ? '' : `; bound ${bound}`}`;
}

/** Each property once, on the shortest counterexample that was taken on the other side: where they part, and why. */
export function partingLines({ runs }: { readonly runs: readonly Pick<Run, 'scenario' | 'partings' | 'alsoWithoutThePatch'>[] }): string[] {
  const shortest = new Map<string, { scenario: string; each: Parting; also: boolean }>();
  for (const { scenario, partings, alsoWithoutThePatch } of runs)
    for (const each of partings) {
      const known = shortest.get(each.property);
      const also = alsoWithoutThePatch.includes(each.property);
      if (known === undefined || each.steps < known.each.steps) shortest.set(each.property, { scenario, each, also });
    }
  return [...shortest.values()].map(({ scenario, each, also }) => `${each.property} in ${scenario}: ${partingText(each, also)}`);
}

/** `also`: it is violated on the other side as well, though perhaps not on this schedule. */
function partingText({ of, steps, bViolatesHere, parting }: Parting, also: boolean): string {
  const whose = of === 'patched' ? 'the counterexample of the patched code' : 'the counterexample of the code without the patch';
  const other = of === 'patched' ? 'the code without the patch' : 'the patched code';
  const elsewhere = also ? ', but on other schedules' : '';
  if (parting === null)
    return `${other} does the same to the end of ${whose}${bViolatesHere === true ? ', and violates it, too' : bViolatesHere === false ? `, and does not violate it${elsewhere}` : ''}`;
  const where = parting.step === 0 ? 'at the start' : `at step ${parting.step} of ${steps}`;
  const here = also && bViolatesHere === false ? ` On this schedule ${other} does not violate it${elsewhere}.` : '';
  const all = bViolatesHere === true ? ` On this schedule ${other} violates it all the same.` : here;
  return `on ${whose} they part ${where}${parting.title === '' ? '' : `, CPU ${parting.process} (${parting.title})`}. ${parting.why.join(' ')} ${placesOf(parting)}${all}`.trimEnd();
}

type Deed = NonNullable<Parting['parting']>['first']['a'];

function placesOf({ first, effect }: NonNullable<Parting['parting']>): string {
  const place = (deed: Deed): string => (deed === null ? '' : `${deed.file}:${deed.line}`);
  const both = [place(first.a ?? effect.a), place(first.b ?? effect.b)].filter((each) => each !== '');
  return both.length === 0 ? '' : `(${[...new Set(both)].join('; ')})`;
}
