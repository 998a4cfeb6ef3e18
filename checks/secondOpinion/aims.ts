/**
 * What is aimed at, beside what was measured.
 *
 * In: figures. Out: rows of "aim, measured, met or missed by what". Never: an aim that is called met without a figure.
 */
import type { Figures } from './figures.ts';
import type { SharedSubject } from './subjects.ts';

export interface Measured {
  readonly subject: Pick<SharedSubject, 'name' | 'title' | 'exported'>;
  readonly ours: readonly Figures[];
  readonly spin: readonly Figures[];
  /** A line each; empty if all agree. */
  readonly differences: readonly string[];
}

export interface Ratios {
  /** Our best exact rate over Spin's best of any way, both on one core and by merged steps; states per second of the search by the clock. */
  readonly rate: number | null;
  /** The same with any number of cores. */
  readonly rateCores: number | null;
  /** That by single steps. Null where nothing is exported. */
  readonly rateSingle: number | null;
  /** Spin's shortest time from the unreduced model (single steps, if it is exported) to the verdict over our shortest with reductions. */
  readonly verdict: number | null;
  /** The same with Spin's search alone: generating and compiling its verifier left out. */
  readonly verdictOfSearch: number | null;
  /** The same as `verdict` where Spin is given our merged steps: what all our other reductions bring. */
  readonly verdictMerged: number | null;
}

export interface AimRow {
  readonly aim: string;
  readonly measured: string;
  readonly met: string;
}

/** States from which on the aim for verdicts counts. */
const manyStates = 1_000_000;

export function rateOf({ states, searchSeconds }: Figures): number | null {
  return states === null || searchSeconds === null || searchSeconds === 0 ? null : states / searchSeconds;
}

/** Reductions do not count towards rates: a state less is a state less. */
export function ratiosOf({ subject, ours, spin }: Measured): Ratios {
  const one = ({ cores }: Figures) => cores === 1;
  const rates = (all: readonly Figures[]) => largest(all.map(rateOf));
  const whole = ours.filter((each) => each.whole);
  const merged = (all: readonly Figures[]) => all.filter((each) => each.merged);
  const single = (all: readonly Figures[]) => all.filter((each) => !each.merged);
  // A rate is a rate also of a search that was cut; a verdict is not.
  const done = (all: readonly Figures[]) => all.filter(({ complete }) => complete);
  const seconds = (all: readonly Figures[]) => smallest(done(all).map(({ verdictSeconds }) => verdictSeconds));
  const unreduced = subject.exported ? single(spin) : spin;
  const verdict = seconds(ours);
  return {
    rate: over(rates(merged(whole).filter(one)), rates(merged(spin).filter(one))),
    rateCores: over(rates(merged(whole)), rates(merged(spin))),
    rateSingle: over(rates(single(whole)), rates(single(spin))),
    verdict: over(seconds(unreduced), verdict),
    verdictOfSearch: over(smallest(done(unreduced).map(({ searchSeconds }) => searchSeconds)), verdict),
    verdictMerged: over(seconds(merged(spin)), verdict),
  };
}

export function aimRows(all: readonly Measured[]): AimRow[] {
  const nine = all.find(({ subject }) => subject.name === '2pc-9');
  const exact = (cores: number) => largest((nine?.ours ?? []).filter((each) => each.whole && each.cores === cores).map(rateOf));
  const scenarios = all.filter(({ subject }) => subject.exported);
  const large = scenarios.filter(({ ours }) => (largest(ours.filter(({ whole }) => whole).map(({ states }) => states)) ?? 0) > manyStates);
  return [
    row('two-phase commit, 9 managers, exact, one core: 1.5 M states/s', 1.5e6, exact(1), million),
    row('two-phase commit, 9 managers, exact, two cores: 3 M states/s', 3e6, exact(2), million),
    row(
      'scenarios: at least 4 times the best rate of Spin (any cores); the least of them',
      4,
      smallest(scenarios.map(ratiosOf).flatMap(({ rateCores, rateSingle }) => [rateCores, rateSingle])),
      times,
    ),
    row(
      'scenarios with over a million states: a verdict in a twentieth of the least time of Spin; the least ratio',
      20,
      smallest(large.map((each) => ratiosOf(each).verdict)),
      times,
    ),
  ];
}

function row(aim: string, wanted: number, measured: number | null, show: (value: number) => string): AimRow {
  if (measured === null) return { aim, measured: '–', met: 'not measured' };
  const share = measured / wanted;
  return { aim, measured: show(measured), met: share >= 1 ? `met (× ${share.toFixed(2)})` : `missed: ${Math.round(100 * share)} % of it` };
}

const million = (value: number) => `${(value / 1e6).toFixed(2)} M states/s`;
const times = (value: number) => `× ${value.toFixed(1)}`;

const present = (values: readonly (number | null)[]) => values.filter((value): value is number => value !== null);
const largest = (values: readonly (number | null)[]) => (present(values).length === 0 ? null : Math.max(...present(values)));
const smallest = (values: readonly (number | null)[]) => (present(values).length === 0 ? null : Math.min(...present(values)));
const over = (a: number | null, b: number | null) => (a === null || b === null || b === 0 ? null : a / b);
