/**
 * The variant `posted` and the mail that it stands for are the same code: shown for each function, and by equal runs.
 */
import { describe, expect, it } from 'vitest';
import { type Scenario, scenarios } from '../../model/index.ts';
import { readPatch, sameBehaviour } from '../../patches/index.ts';
import { haveSeeds, seed } from '../../patches/testing/seeds.ts';
import { describeSystem } from '../describeSystem.ts';
import { runSystem } from '../runSystem.ts';
import { lowerInto } from './surroundings.ts';

const scenario = scenarios.find(({ name }) => name === '3.3 B') as Scenario;
const choice = {
  scenario,
  variant: scenario.variants.find(({ name }) => name === 'posted') ?? scenario.variants[0],
  preset: 'small',
} as const;

describe.skipIf(!haveSeeds)('the built-in posted procedures and those of the mail', () => {
  const lowered = async () => {
    if (choice.variant === undefined) throw new Error('3.3 B has variants');
    const given = { ...choice, variant: choice.variant };
    const { file, text } = seed('obsoleteRoots2021');
    return { given, ...(await lowerInto(await readPatch(file, text), given)) };
  };

  it('do the same from start to end', async () => {
    const { given, procedures } = await lowered();
    const builtIn = describeSystem(given).procedures;
    expect(procedures.map(({ name }) => name).sort()).toEqual([
      '__kvm_mmu_free_obsolete_roots',
      'is_obsolete_root',
      'kvm_mmu_free_obsolete_roots',
    ]);
    for (const procedure of procedures) {
      const other = builtIn.get(procedure.name);
      expect(other !== undefined && sameBehaviour(procedure, other, builtIn), procedure.name).toBeTruthy();
    }
  });

  it('reach the same numbers of states and violate the same', async () => {
    const { given, procedures, constants } = await lowered();
    const replacing = new Map(procedures.map((procedure) => [procedure.name, procedure]));
    const [own, mail] = [await runSystem(given), await runSystem({ ...given, replacing, constants })];
    const facts = ({ found }: typeof own) => [
      found.counts.states,
      found.counts.transitions,
      found.outcomes.map(({ id, status, depth }) => [id, status, depth]),
    ];
    expect(facts(mail)).toEqual(facts(own));
  });
});
