/**
 * Steps are merged for progress as for everything else: the verdicts must be those of the program with a step for every statement, and those
 * of the interpreter.
 */
import { describe, expect, it } from 'vitest';
import { type CompileOptions, compileSystem } from '../compiler/index.ts';
import { explore } from '../explorer/index.ts';
import { describeSystem } from './describeSystem.ts';
import { findScenario, findVariant } from './select.ts';

function violated(scenarioName: string, variant: string, options: CompileOptions): string[] {
  const scenario = findScenario(scenarioName);
  const system = compileSystem(describeSystem({ scenario, variant: findVariant(scenario, variant), preset: 'small' }), options);
  const found = explore(system);
  expect(found.exhausted).toBe(true);
  return found.outcomes.filter(({ kind, status }) => kind !== 'reachable' && status === 'violated').map(({ id }) => id);
}

describe('progress does not depend on how steps are merged, nor on the back end', () => {
  it.each([
    ['3.1-B', 'naive', ['I-31']],
    ['3.1-B', 'v3.11', []],
    ['3.1-C-live', 'fixed', []],
    ['3.1-C-live', 'order', ['I-32']],
    ['3.3-E-live', 'fixed', []],
    ['3.3-E-live', 'order', ['I-32']],
  ] as const)('%s %s', (scenario, variant, ids) => {
    expect(violated(scenario, variant, {})).toEqual(ids);
    expect(violated(scenario, variant, { merge: false })).toEqual(ids);
  });

  it.each([
    ['3.3-E-live', 'fixed', []],
    ['3.3-E-live', 'order', ['I-32']],
  ] as const)('%s %s in the interpreter', (scenario, variant, ids) => {
    expect(violated(scenario, variant, { backEnd: 'interpreter' })).toEqual(ids);
  });
});
