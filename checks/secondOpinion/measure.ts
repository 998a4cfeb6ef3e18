/**
 * Ours and Spin on the same runs, in one sitting: verdicts, counts, time, memory.
 *
 * In: runs, a preset, flags of Spin. Out: a row for each way to search. Never: a figure of another day.
 */
import { compileSystem, promelaOf } from '../../compiler/index.ts';
import { type ExploreResult, explore } from '../../explorer/index.ts';
import type { PresetName } from '../../model/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { type Selected, scenarioId } from '../select.ts';
import { differences } from './compare.ts';
import { askSpin, type SpinOptions } from './spin.ts';

/** Ways in which Spin stores and searches. Its own partial order reduction finds nothing to leave out: one process, all state global. */
export const spinWaysOfComparison: Readonly<Record<string, SpinOptions>> = {
  full: { run: ['-w24'] },
  collapse: { compile: ['-DCOLLAPSE'], run: ['-w24'] },
  'hash-compact': { compile: ['-DHC4'], run: ['-w24'] },
};

export interface SearchFigures {
  readonly way: string;
  readonly states: number;
  /** By the clock, of the search alone. */
  readonly searchSeconds: number;
  /** By the clock: compiling included. */
  readonly verdictSeconds: number;
  readonly megabytes: number;
}
export interface SpinComparison {
  readonly run: string;
  readonly preset: PresetName;
  readonly figures: readonly SearchFigures[];
  /** Empty if all agree. Fingerprints of Spin (`hash-compact`) may miss states: only fewer states are allowed there. */
  readonly differences: readonly string[];
}

/** `ways`: names of `spinWaysOfComparison`. */
export function compareWithSpin({ scenario, variant }: Selected, preset: PresetName, ways: readonly string[]): SpinComparison {
  const start = performance.now();
  const system = compileSystem(describeSystem({ scenario, variant, preset }));
  const ours = explore(system);
  const verdictSeconds = (performance.now() - start) / 1000;
  const model = promelaOf(system);
  const found = ways.map((way) => {
    const options = spinWaysOfComparison[way];
    if (options === undefined) throw new RangeError(`no way ${way}`);
    const began = performance.now();
    const spin = askSpin(model, options);
    return { way, spin, verdictSeconds: (performance.now() - began) / 1000 };
  });
  return {
    run: `${scenarioId(scenario)} ${variant.name}`,
    preset,
    figures: [
      {
        way: 'mmucheck',
        states: ours.counts.states,
        searchSeconds: ours.counts.elapsedMs / 1000,
        verdictSeconds,
        megabytes: megabytesOf(ours),
      },
      ...found.map(({ way, spin, verdictSeconds: seconds }) => ({
        way: `spin ${way}`,
        states: spin.states,
        searchSeconds: spin.seconds,
        verdictSeconds: seconds,
        megabytes: spin.megabytes,
      })),
    ],
    differences: found.flatMap(({ way, spin }) =>
      differences(ours, spin)
        .filter((line) => way !== 'hash-compact' || !line.startsWith('states'))
        .map((line) => `${way}: ${line}`),
    ),
  };
}

function megabytesOf({ counts }: ExploreResult): number {
  return counts.memoryBytes / 2 ** 20;
}
