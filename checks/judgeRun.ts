/**
 * From what a search found to what a run is worth: verdicts per property against what the scenario expects.
 *
 * In: the explorer's result, names, expectations. Out: `RunResult`. Never: the word holds for anything that was cut.
 */
import type { Cut, ExploreResult, PropertyOutcome } from '../explorer/index.ts';
import { deadlock } from './deadlocks.ts';
import { noBound } from './describeSystem.ts';
import type { PropertyResult, RunResult, Verdict } from './results.ts';
import { worstText } from './worstText.ts';

/** What a scenario says about one of its variants. */
export interface Expectation {
  /** Ids that must be violated (`deadlock` and `fault:…` included); all others must hold. */
  readonly violated: readonly string[];
  /** Worst values at small bounds, by id. */
  readonly worst?: Readonly<Record<string, number>>;
}

export interface RunNames {
  readonly scenario: string;
  readonly variant: string;
  readonly preset: string;
  readonly bounds: string;
  readonly fingerprint: string;
  /** Name of each property by its id. */
  readonly propertyNames: ReadonlyMap<string, string>;
  /** What a property of cost or precision counts, by its id. */
  readonly measured?: ReadonlyMap<string, { readonly one: string; readonly many: string; readonly what: string }>;
}

/** `selected`: ids that were asked for; null: all. What was not asked for is neither reported nor a surprise. */
export function judgeRun(found: ExploreResult, names: RunNames, expected: Expectation, selected: ReadonlySet<string> | null): RunResult {
  const outcomes = found.outcomes.filter((outcome) => isReported(outcome, selected));
  const properties = outcomes.map((outcome) => propertyResult(outcome, names, expected, found.exhausted));
  const expectedHere = expected.violated.filter((id) => selected === null || selected.has(id));
  const verdict = runVerdict(outcomes, found.exhausted);
  const costs = names.preset === 'small' && found.exhausted ? costSurprises(properties, expected.worst ?? {}) : [];
  const surprises = [...surprisesOf(outcomes, properties, expectedHere, found), ...costs];
  return {
    scenario: names.scenario,
    variant: names.variant,
    preset: names.preset,
    bounds: names.bounds,
    verdict,
    expectedVerdict: expectedHere.length > 0 ? 'violated' : 'holds',
    asExpected: surprises.length === 0,
    surprises,
    properties,
    states: found.counts.states,
    steps: found.counts.transitions,
    depth: found.counts.depth,
    milliseconds: Math.round(found.counts.elapsedMs),
    bytesPerState: Math.round(found.counts.bytesPerState),
    exhausted: found.exhausted,
    cuts: found.cuts.map((cut) => cut.message),
    ...(found.remarks === undefined ? {} : { remarks: [...found.remarks] }),
    fingerprint: names.fingerprint,
  };
}

/** Deadlocks and faults belong to every run: nothing else holds after them. They are listed only if they occurred. */
function isReported(outcome: PropertyOutcome, selected: ReadonlySet<string> | null): boolean {
  // A deadlock that the scenario asks for has the name of its property.
  if (outcome.kind === 'fault' || outcome.id === deadlock) return outcome.status === 'violated';
  if (outcome.kind === 'deadlock' && outcome.status === 'violated') return true;
  return selected === null || selected.has(outcome.id) || outcome.kind === 'reachable';
}

/**
 * Violated if anything is; then incomplete if anything was cut; vacuous if a state that makes the scenario
 * worth running was never met. A property that this scenario does not speak of is no fault of the run.
 */
function runVerdict(outcomes: readonly PropertyOutcome[], exhausted: boolean): Verdict {
  if (outcomes.some((outcome) => outcome.status === 'violated')) return 'violated';
  if (!exhausted || outcomes.some((outcome) => outcome.status === 'incomplete')) return 'incomplete';
  return outcomes.some((outcome) => outcome.kind === 'reachable' && outcome.status !== 'holds') ? 'vacuous' : 'holds';
}

function propertyResult(outcome: PropertyOutcome, names: RunNames, expected: Expectation, exact: boolean): PropertyResult {
  const { worst } = outcome;
  const counted = worst === undefined ? null : worstOf(worst, names.measured?.get(outcome.id), exact);
  return {
    id: outcome.id,
    name: names.propertyNames.get(outcome.id) ?? outcome.id,
    verdict: outcome.status,
    expected: outcome.kind === 'reachable' || !expected.violated.includes(outcome.id) ? 'holds' : 'violated',
    steps: outcome.status === 'violated' || outcome.kind === 'reachable' ? outcome.depth : null,
    message: messageOf(outcome) ?? (counted !== null && outcome.status === 'violated' ? worstText(counted) : null),
    worst: counted,
  };
}

function worstOf(
  { value, bound }: NonNullable<PropertyOutcome['worst']>,
  counted: { readonly one: string; readonly many: string; readonly what: string } | undefined,
  exact: boolean,
): NonNullable<PropertyResult['worst']> {
  const unit = value === 1 ? counted?.one : counted?.many;
  return { value, bound: bound === noBound ? null : bound, unit: unit ?? '', what: counted?.what ?? '', exact };
}

function messageOf(outcome: PropertyOutcome): string | null {
  if (outcome.undecided !== undefined) return outcome.undecided;
  const [fault] = outcome.faults ?? [];
  if (fault !== undefined) return `${fault.fault.message} (${fault.fault.position.file}:${fault.fault.position.line})`;
  if (outcome.deadlock !== undefined)
    return outcome.deadlock.kind === 'cycle' ? 'processes wait for each other in a ring' : 'no process that must end can step again';
  if (outcome.status === 'vacuous')
    return outcome.kind === 'reachable' ? 'no reachable state is like this' : 'what it speaks of never occurred';
  return null;
}

function surprisesOf(
  outcomes: readonly PropertyOutcome[],
  properties: readonly PropertyResult[],
  expected: readonly string[],
  found: ExploreResult,
): string[] {
  const violated = new Set(properties.filter((each) => each.verdict === 'violated').map((each) => each.id));
  const more = [...violated].filter((id) => !expected.includes(id)).map((id) => `${id} is violated and should hold`);
  // A search that was cut short has not found everything: that is neither a defect lost nor a state out of reach.
  const open = !found.exhausted;
  const undecided = new Map(outcomes.flatMap(({ id, undecided: why }) => (why === undefined ? [] : [[id, why] as const])));
  const less = expected
    .filter((id) => !violated.has(id) && !undecided.has(id))
    .map((id) => (open ? `${id} is not decided` : `${id} should be violated and is not`));
  const unmet = outcomes
    .filter((outcome) => outcome.kind === 'reachable' && outcome.status !== 'holds')
    .map((outcome) => (open ? `${outcome.id} was not reached before the end` : `${outcome.id} was never reached`));
  const notJudged = [...undecided].map(([id, why]) => `${id} is not decided: ${why}`);
  return [...more, ...less, ...notJudged, ...unmet, ...found.cuts.map(cutSentence)];
}

/** What costs more than it should is a violation of its own; here it is also told if it costs less, or something else. */
function costSurprises(properties: readonly PropertyResult[], expected: Readonly<Record<string, number>>): string[] {
  return properties.flatMap(({ id, worst }) => {
    const value = expected[id];
    return worst === null || value === undefined || worst.value === value
      ? []
      : [`the worst value of ${id} is ${worst.value} and should be ${value}`];
  });
}

/** With the way on, if there is one: a user can raise a limit, and only we can raise a bound. */
function cutSentence(cut: Cut): string {
  return cut.kind === 'bound' ? `incomplete: ${cut.message}` : `stopped early: ${cut.message}`;
}
