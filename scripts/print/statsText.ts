/** What `--stats` tells, a few lines for each run that has it. */
import type { RunStats } from '../../checks/index.ts';
import { count } from './numbers.ts';

/** A run with the name that it is listed under. */
export interface StatsOfRun {
  readonly name: string;
  readonly states: number;
  /** Null: not counted in this report. */
  readonly steps: number | null;
  readonly stats: RunStats;
}

/** Under a heading; no lines where no run has any. */
export function statsLines(runs: readonly StatsOfRun[]): string[] {
  return runs.length === 0 ? [] : ['What reductions saved:', ...runs.flatMap(linesOf)];
}

function linesOf({ name, states, steps, stats }: StatsOfRun): string[] {
  const { stops, stopsUnmerged, reductions, without } = stats;
  return [
    `  ${name}: merged steps: processes stop at ${count(stops)} points, unmerged at ${count(stopsUnmerged)}`,
    ...reductions.flatMap(({ name: reduction, refused, changed, lines }) => [
      `    ${reduction}: ${refused === null ? `${count(changed)} successors changed or left out` : `refused: ${refused}`}`,
      ...lines.map((line) => `      ${line}`),
    ]),
    ...(without === null || !reductions.some(({ refused }) => refused === null)
      ? []
      : [`    ${saved('states', without.states, states)}${steps === null ? '' : `; ${saved('steps', without.steps, steps)}`}`]),
  ];
}

function saved(what: string, before: number, now: number): string {
  const share = before === 0 ? 0 : Math.round((100 * (before - now)) / before);
  return `${count(now)} ${what} of ${count(before)} without reductions, ${share} % saved`;
}
