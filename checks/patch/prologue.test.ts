/** A patch that breaks what brings a machine into its initial states is judged, and is no crash. */
import { expect, it } from 'vitest';
import { describeSystem } from '../describeSystem.ts';
import { namedMutants } from '../mutation/named.ts';
import { findScenario, findVariant } from '../select.ts';
import { endedInPrologue, runOrTrouble } from './prologue.ts';

const scenario = findScenario('3.3-A');
const choice = { scenario, variant: findVariant(scenario, 'fixed'), preset: 'small' } as const;
const before = { variant: 'fixed', properties: [{ id: 'WARN', verdict: 'holds' }], known: true } as const;

/** Every new root counts as obsolete. */
function broken() {
  const procedure = describeSystem(choice).procedures.get('is_obsolete_sp');
  if (procedure === undefined) throw new Error('no such procedure');
  const [mutant] = namedMutants(procedure, 'if (pages[sp].role.invalid) return true;', 'negate');
  if (mutant === undefined) throw new Error('no such mutant');
  return { ...choice, replacing: new Map([[procedure.name, mutant.procedure]]) };
}

it('is violated by what the prologue reports, with its words', async () => {
  const ended = await runOrTrouble(broken(), {});
  if (!('trouble' in ended)) throw new Error('the prologue came to its end');
  expect(ended).toEqual({ trouble: 'the prologue violates WARN', violates: 'WARN' });
  const run = endedInPrologue(choice, ended, before);
  expect(run).toMatchObject({ verdict: 'violated', violated: [{ id: 'WARN', steps: 0 }], properties: [{ change: 'breaks' }], states: 0 });
});

it('is no violation of its own where the same is violated without it, nor where the prologue met a bound', () => {
  const already = { ...before, properties: [{ id: 'WARN', verdict: 'violated' }] } as const;
  const run = endedInPrologue(choice, { trouble: 'the prologue violates WARN', violates: 'WARN' }, already);
  expect(run).toMatchObject({ verdict: 'incomplete', violated: [], alsoWithoutThePatch: ['WARN'] });
  const bound = endedInPrologue(choice, { trouble: 'bound: no page is free', violates: null }, before);
  expect(bound).toMatchObject({ verdict: 'incomplete', violated: [], cuts: ['its prologue ended early: bound: no page is free'] });
});
