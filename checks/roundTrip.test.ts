import { describe, expect, it } from 'vitest';
import { assertValid, type Procedure, parseSubsetOrThrow, printProcedure, type SystemDescription } from '../compiler/index.ts';
import { type Scenario, scenarios } from '../model/index.ts';
import { readPatch, sameBehaviour } from '../patches/index.ts';
import { haveSeeds, seed } from '../patches/testing/seeds.ts';
import { addingDiff } from '../patches/testing/world.ts';
import { describeSystem } from './describeSystem.ts';
import { lowerInto } from './patch/surroundings.ts';

/** Temporaries and labels are numbered anew when text is read. */
function unnumbered(text: string): string {
  return text.replace(/\$\d+(_\d+)?/g, '$').replace(/\b(end|loop|next)\d+/g, '$1');
}

type Printed = Pick<SystemDescription, 'procedures' | 'machine' | 'constants'>;

/** Prints everything, reads it again, and expects what is then printed to be the same. `lowered`: from C, whose loops have other forms. */
function expectReadBack({ procedures, machine, constants }: Printed, lowered: readonly string[] = []): void {
  const print = (procedure: Procedure): string => printProcedure(procedure, { machine, constants });
  const text = [...procedures.values()].map(print).join('\n\n');
  const again = parseSubsetOrThrow([{ path: 'printed.ts', text }], { machine, constants });
  expect([...again.keys()].sort()).toEqual([...procedures.keys()].sort());
  assertValid(again, machine, constants);
  for (const [name, procedure] of procedures) {
    const other = again.get(name);
    if (other === undefined) throw new Error(`${name} was not read`);
    if (lowered.includes(name)) expect(sameBehaviour(procedure, other, procedures), name).not.toBeNull();
    else expect(unnumbered(print(other))).toBe(unnumbered(print(procedure)));
  }
}

/** Another spelling of what the model has, with the words that C has and the subset has not. */
const changed = `static bool is_obsolete_root(struct kvm *kvm, hpa_t root_hpa)
{
	struct kvm_mmu_page *sp;

	if (!VALID_PAGE(root_hpa))
		goto no;

	sp = to_shadow_page(root_hpa);
	if (sp && is_obsolete_sp(kvm, sp))
		return true;
no:
	return false;
}`;

async function patched(scenario: Scenario, text: string): Promise<{ description: SystemDescription; lowered: readonly Procedure[] }> {
  const variant = scenario.variants.find(({ replacing }) => replacing.length === 0);
  if (variant === undefined) throw new Error(`${scenario.name} has no variant of the model as it stands`);
  const choice = { scenario, variant, preset: 'small' } as const;
  const { procedures, constants } = await lowerInto(await readPatch('mail.txt', text), choice);
  const replacing = new Map(procedures.map((procedure) => [procedure.name, procedure]));
  return { description: describeSystem({ ...choice, replacing, constants }), lowered: procedures };
}

describe('printed procedures are read back as what they were', () => {
  const seen = new Set<string>();
  /** Of each scenario one variant, and all that replace procedures with texts not met before. */
  const choices = scenarios.flatMap((scenario) =>
    scenario.variants
      .filter(({ replacing }, i) => {
        const fresh = replacing.filter((path) => !seen.has(path));
        for (const path of fresh) seen.add(path);
        return i === 0 || fresh.length > 0;
      })
      .map((variant) => ({ scenario, variant, preset: 'small' as const })),
  );

  it.each(choices)('$scenario.name, $variant.name', (choice) => {
    expectReadBack(describeSystem(choice));
  });

  const scenario = scenarios.find(({ name }) => name === '3.3 B') as Scenario;

  it('a function lowered from C', async () => {
    const { description, lowered } = await patched(scenario, addingDiff(changed));
    expect(lowered.map(({ name }) => name)).toEqual(['is_obsolete_root']);
    expectReadBack(description, ['is_obsolete_root']);
  });

  it.skipIf(!haveSeeds)('the functions of the mail of December 2021', async () => {
    const { description, lowered } = await patched(scenario, seed('obsoleteRoots2021').text);
    expect(lowered).toHaveLength(3);
    expectReadBack(
      description,
      lowered.map(({ name }) => name),
    );
  });
});
