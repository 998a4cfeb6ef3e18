/**
 * The benchmark: toys, scenarios, and Spin on the same work.
 *
 * In: sizes, how often. Out: a report with ratios to the last recorded run. Never: printing; a figure that fails a run.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { compileSystem } from '../compiler/index.ts';
import { packageRoot } from '../compiler/packageRoot.ts';
import {
  backEnds,
  type Comparison,
  compare,
  measure,
  measureSpin,
  readRecorded,
  record,
  type SpinFigures,
  type Subject,
  toySubjects,
} from '../explorer/index.ts';
import { type PresetName, scenarios } from '../model/index.ts';
import { describeSystem } from './describeSystem.ts';
import { scenarioId } from './select.ts';

export interface BenchRequest {
  /** Resource managers of two-phase commit: 9 is the published large size. */
  readonly managers: number;
  readonly runs: number;
  readonly presets: readonly PresetName[];
  /** Only subjects whose name holds this. */
  readonly only?: string;
  readonly onMeasured?: (comparison: Comparison) => void;
}
export interface BenchReport {
  readonly comparisons: readonly Comparison[];
  /** Spin on two-phase commit of the same size; null where it is not installed. */
  readonly spin: SpinFigures | null;
  /** Our rate for it, from the subset through the compiler, exact, over Spin's. */
  readonly timesSpin: number | null;
  readonly recorded: boolean;
}

const lastFile = () => join(packageRoot(), 'bench', 'last.json');

export function runBench(request: BenchRequest, recordIt: boolean): BenchReport {
  const before = existsSync(lastFile()) ? readRecorded(readFileSync(lastFile(), 'utf8')) : null;
  const toys = toySubjects(request.managers);
  const subjects = [...toys, ...scenarioSubjects(request.presets)].filter(
    ({ name }) => request.only === undefined || name.includes(request.only),
  );
  const comparisons = subjects.map((subject) => {
    const comparison = compare(measure(subject, request.runs), before);
    request.onMeasured?.(comparison);
    return comparison;
  });
  const ours = comparisons.find(({ measurement }) => measurement.name === toys[0]?.name)?.measurement;
  const promela = join(packageRoot(), 'bench', 'twoPhaseCommit.pml');
  const spin = ours === undefined ? null : measureSpin(promela, `N=${request.managers}`, request.runs);
  if (recordIt) {
    const made = record(
      comparisons.map(({ measurement }) => measurement),
      before,
      `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores`,
    );
    writeFileSync(lastFile(), `${JSON.stringify(made, null, 2)}\n`);
  }
  return {
    comparisons,
    spin,
    timesSpin: spin === null || ours === undefined ? null : ours.statesPerSecond / spin.statesPerSecond,
    recorded: recordIt,
  };
}

/** The first variant of each scenario: the procedures of its day. */
function scenarioSubjects(presets: readonly PresetName[]): Subject[] {
  return scenarios.flatMap((scenario) =>
    presets.flatMap((preset) => {
      const [variant] = scenario.variants;
      if (variant === undefined) return [];
      const name = `${scenarioId(scenario)} ${variant.name} ${preset}`;
      const options = { limits: { timeMs: 120_000 } };
      const describe = () => describeSystem({ scenario, variant, preset });
      return [
        { name, compile: () => compileSystem(describe()), options },
        ...backEnds.map(([title, backEnd]) => ({
          name: `${name}, ${title}`,
          compile: () => compileSystem(describe(), { backEnd }),
          options,
        })),
      ];
    }),
  );
}
