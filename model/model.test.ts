import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { constantsOf, machineOf, type PresetName, scenarioNamed, scenarios } from './index.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const presets: readonly PresetName[] = ['small', 'medium', 'large'];

describe('scenarios', () => {
  it('have names of their own', () => {
    const names = scenarios.map((scenario) => scenario.name);
    expect(new Set(names).size).toBe(names.length);
    expect(scenarioNamed('3.3 B')?.title).toBe('a zapped root stays in the cache of roots');
    expect(scenarioNamed('9.9 Z')).toBeUndefined();
  });

  it.each(scenarios)('$name refers to files that exist', (scenario) => {
    const files = [...scenario.files, ...scenario.variants.flatMap((variant) => variant.replacing)];
    expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
  });

  it.each(scenarios)('$name expects violations only of what it checks', (scenario) => {
    for (const variant of scenario.variants) {
      const exempt = new Set(variant.exempt?.map(({ id }) => id));
      const known = scenario.properties.filter((id) => !exempt.has(id));
      expect(variant.violated.filter((id) => !id.startsWith('fault:') && !known.includes(id))).toEqual([]);
    }
  });

  it.each(scenarios)('$name has a variant that holds, so that its violations say something', (scenario) => {
    expect(scenario.variants.some((variant) => variant.violated.length === 0)).toBe(true);
  });

  it.each(
    scenarios
      .filter(({ engine }) => engine !== 'tdp')
      .flatMap((scenario) => presets.map((preset) => ({ name: scenario.name, preset, scenario }))),
  )('$name, $preset: machine and processes fit each other', ({ scenario, preset }) => {
    const { bounds, options, processes } = scenario.presets[preset];
    const machine = machineOf(bounds);
    expect(machine.tables.find((table) => table.name === 'vcpus')?.rows).toBe(bounds.vcpus);
    expect(new Set(processes.map((process) => process.name)).size).toBe(processes.length);
    expect(processes.filter((process) => process.procedure === 'vcpu_run').map((process) => process.args)).toEqual(
      Array.from({ length: bounds.vcpus }, (_, vcpu) => [vcpu + 1]),
    );
    // A guest frame for each PGD and for the tables of full height below it.
    let frames = bounds.pgds;
    for (let level = bounds.levels; level > 1; level--) frames = bounds.pgds + frames * bounds.fanout;
    expect(bounds.gfns).toBeGreaterThanOrEqual(options.directL1 === true ? bounds.pgds : frames);
    expect(constantsOf(bounds, options).get('PAGES')?.value).toBe(bounds.pages);
  });
});
