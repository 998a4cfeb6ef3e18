/**
 * What hardware may have cached, held against a walker that steps through the tables in the same run: each says the same of
 * I-05, what the walker holds is always among what it may hold, and no other verdict changes.
 */
import { describe, expect, it } from 'vitest';
import { compileSystem, type PropertyDescription } from '../compiler/index.ts';
import { explore } from '../explorer/index.ts';
import { withSteppingWalkers } from '../model/scenarios/stepping.ts';
import { type Choice, describeSystem } from './describeSystem.ts';
import { namedMutants } from './mutation/named.ts';
import { findScenario, findVariant } from './select.ts';

const stepped: readonly PropertyDescription[] = [
  {
    kind: 'event',
    id: 'stepped I-05',
    name: 'no walker holds a table that is freed',
    hooks: [
      { event: { on: 'free', table: 'pages' }, procedure: 'stepped_atFree' },
      { event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'stepped_atEntry' },
    ],
  },
  {
    kind: 'event',
    id: 'among',
    name: 'what a walker comes to hold is what it may hold',
    hooks: [{ event: { on: 'write', table: 'vcpus', field: 'hw_table' }, procedure: 'stepped_isAmong' }],
  },
];

/** A line to leave out of a kernel procedure of the model. */
interface Edit {
  readonly procedure: string;
  readonly statement: string;
}

/** Ids of what is violated, faults included. All is searched, and walkers do get hold of tables. */
function violated(scenarioName: string, variantName: string, edit?: Edit): string[] {
  const plain = findScenario(scenarioName);
  const scenario = withSteppingWalkers({ ...plain, files: [...plain.files, 'properties/steppedCaches.ts'] });
  const choice: Choice = { scenario, variant: findVariant(scenario, variantName), preset: 'small' };
  const description = describeSystem(edit === undefined ? choice : edited(choice, edit));
  const found = explore(compileSystem({ ...description, properties: [...description.properties, ...stepped] }), {
    limits: { states: 3_000_000 },
  });
  expect(found.exhausted).toBe(true);
  expect(found.outcomes.find(({ id }) => id === 'among')?.reached).toBe(true);
  return found.outcomes.filter(({ kind, status }) => kind !== 'reachable' && status === 'violated').map(({ id }) => id);
}
function edited(choice: Choice, { procedure: name, statement }: Edit): Choice {
  const procedure = describeSystem(choice).procedures.get(name);
  const [mutant] = procedure === undefined ? [] : namedMutants(procedure, statement, 'delete');
  if (mutant === undefined) throw new Error(`no ${name}() to edit`);
  return { ...choice, replacing: new Map([[name, mutant.procedure]]) };
}

const compared = ['2.2', '3.1-D', '3.3-B', '3.3-E'].flatMap((name) => {
  const scenario = findScenario(name);
  return scenario.variants.map((variant) => ({ name, title: variant.name, expected: variant.violated }));
});

describe('may-cache hardware and a stepping walker agree', () => {
  it.each(compared)('$name $title', ({ name, title, expected }) => {
    expect(violated(name, title).sort()).toEqual([...expected].sort());
  });

  // Where a walker reads a table that was freed, the path ends: beside the two, faults are met.
  it.each([
    ['pages are freed without a flush', 'kvm_mmu_commit_zap_page', 'kvm_flush_remote_tlbs();'],
    ['requests send no IPI', 'kvm_make_all_cpus_request', 'kvm_kick_many_cpus(kicked, (req & KVM_REQUEST_WAIT) !== 0);'],
  ])('%s: both see it', (_, procedure, statement) => {
    const ids = violated('2.2', 'fixed', { procedure, statement });
    expect(ids).toEqual(expect.arrayContaining(['I-05', 'stepped I-05']));
    expect(ids).not.toContain('among');
  });
});
