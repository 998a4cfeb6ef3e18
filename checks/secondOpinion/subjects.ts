/**
 * What is searched by both: toys, and runs of scenarios.
 *
 * In: a name. Out: a way to compile it for us, and what Spin is given. Never: a system that only one of the two can read.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledSystem, type CompileOptions, compileSystem, promelaOf } from '../../compiler/index.ts';
import { packageRoot } from '../../compiler/packageRoot.ts';
import { compileToy, counters, twoPhaseCommit } from '../../explorer/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { unknownName } from '../errors.ts';
import { findScenario, findVariant, presetNames, scenarioId } from '../select.ts';
import { fileNames } from './spin.ts';

export interface SharedSubject {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  compile(options: CompileOptions): CompiledSystem;
  /** Files for Spin, the first of which is the model. `merge`: of an exported one, whether the steps are ours or single. */
  promela(merge: boolean): readonly { readonly name: string; readonly text: string }[];
  /** For `spin`, e.g. `-DN=7`. */
  readonly defines: readonly string[];
  /** Whether we made the model for Spin of the compiled steps (C around a few lines of Promela); else somebody wrote it in Promela. */
  readonly exported: boolean;
}

/** Of several sizes, several shapes; at bounds at which they have many states. */
export const usualSubjects: readonly string[] = [
  '2pc-9',
  '3.3-A:fixed:medium',
  '2.21:slot:medium',
  '3.4-A:base:medium',
  '3.4-A:base:large',
];

/** `2pc-N`, `counters-N`, or `SCENARIO:VARIANT:BOUNDS`. Throws WrongUse for anything else. */
export function subjectOf(name: string): SharedSubject {
  const managers = /^2pc-([2-9])$/.exec(name)?.[1];
  if (managers !== undefined) return commitSubject(name, Number(managers));
  const most = /^counters-([1-9]\d{0,3})$/.exec(name)?.[1];
  if (most === undefined) return scenarioSubject(name);
  const toy = counters(2, Number(most));
  return exportedSubject(name, toy.name, (options) => compileToy(toy, options));
}

function commitSubject(name: string, managers: number): SharedSubject {
  const toy = twoPhaseCommit(managers);
  const file = 'twoPhaseCommit.pml';
  return {
    name,
    title: toy.name,
    compile: (options) => compileToy(toy, options),
    promela: () => [{ name: file, text: readFileSync(join(packageRoot(), 'bench', file), 'utf8') }],
    defines: [`-DN=${managers}`],
    exported: false,
  };
}

function scenarioSubject(name: string): SharedSubject {
  const [scenarioName = '', variantName = '', bounds = ''] = name.split(':');
  const scenario = findScenario(scenarioName);
  const variant = findVariant(scenario, variantName);
  const preset = presetNames.find((each) => each === bounds);
  if (preset === undefined) throw unknownName('bounds', bounds, [...presetNames]);
  const compile = (options: CompileOptions) => compileSystem(describeSystem({ scenario, variant, preset }), options);
  return exportedSubject(name, `${scenarioId(scenario)} ${variant.name}, ${preset}`, compile);
}

function exportedSubject(name: string, title: string, compile: SharedSubject['compile']): SharedSubject {
  return {
    name,
    title,
    compile,
    promela: (merge) => {
      const { model, header, steps } = promelaOf(compile({ merge }));
      return [
        { name: fileNames.model, text: model },
        { name: fileNames.header, text: header },
        { name: fileNames.steps, text: steps },
      ];
    },
    defines: [],
    exported: true,
  };
}
