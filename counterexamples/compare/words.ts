/**
 * Where two variants part, in plain sentences.
 *
 * In: a parting, the names of the two. Out: sentences. Never: a claim that the parting does not hold.
 */
import type { Pair, Parting } from './compare.ts';
import type { Deed } from './deeds.ts';

/** Why the two part: what each did first that the other did not, how tests went, what others can see of it. */
export function whyTheyPart(parting: Parting, a: string, b: string): string[] {
  if (parting.step === 0) return [`${a} and ${b} do not start in the same state.`];
  const { step, firstStep, first, later, tests, effect, unseen, stuck } = parting;
  const earlier = firstStep === 0 || firstStep === step ? [] : [`It begins at step ${firstStep}, where others cannot see it yet.`];
  const before =
    unseen === null || unseen.step === step
      ? []
      : unseen.places
          .slice(0, 3)
          .map((each) => `Since step ${unseen.step} (${unseen.title}) ${each.name} has been ${each.a} in ${a} and ${each.b} in ${b}.`);
  const next = firstSentence(later, a, b);
  const sentences = [
    firstSentence(first, a, b),
    testSentence(tests, a, b),
    next === null ? null : `At step ${step}: ${next}`,
    effectSentence(next === null ? first : later, effect, a, b),
  ];
  return [
    ...earlier,
    ...before,
    ...sentences.filter((each) => each !== null),
    ...(stuck === '' ? [] : [`On this schedule ${b} cannot follow: CPU ${parting.process} ${stuck}.`]),
  ];
}

function firstSentence({ a: ofA, b: ofB }: Pair<Deed>, a: string, b: string): string | null {
  if (ofA !== null && ofB !== null) {
    const there = ofA.procedure === ofB.procedure ? '' : ` in ${ofB.procedure}()`;
    return `In ${ofA.procedure}() ${a} ${ofA.text}, where ${b} ${ofB.text}${there}.`;
  }
  const [name, deed, other] = ofA === null ? [b, ofB, a] : [a, ofA, b];
  return deed === null ? null : `In ${deed.procedure}() ${name} ${deed.text}, and ${other} does not.`;
}

function testSentence({ a: ofA, b: ofB }: Pair<Deed>, a: string, b: string): string | null {
  if (ofA === null || ofB === null) return null;
  return `The test of it comes out ${ofA.key} in ${a} and ${ofB.key} in ${b}, so the branch goes the other way.`;
}

/** Null if it would repeat what was said. */
function effectSentence(first: Pair<Deed>, effect: Pair<Deed>, a: string, b: string): string | null {
  const told = (deed: Deed | null) => deed !== null && (deed.key === first.a?.key || deed.key === first.b?.key);
  const parts = [
    effect.a === null || told(effect.a) ? null : `${a} ${effect.a.text}`,
    effect.b === null || told(effect.b) ? null : `${b} ${effect.b.text}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `Next, ${parts.join(', and ')}.`;
}
