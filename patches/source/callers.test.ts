import { describe, expect, it } from 'vitest';
import { kvmBindings, machineBindings } from '../bindings/index.ts';
import { loadCParser } from '../c/parse.ts';
import { constants, machine, proceduresFrom } from '../testing/world.ts';
import { treeContents } from '../tree/functions.ts';
import { treeOf } from '../tree/kernelTree.ts';
import { parsedCallee } from './callees.ts';
import { callingNames, withNeighbours } from './callers.ts';

const contentsOf = (text: string) =>
  treeContents(
    treeOf('linux-6.12', (path) => (path === 'arch/x86/kvm/mmu/mmu.c' ? text : null)),
    kvmBindings,
  );
const used = 'kvm->arch.n_used_mmu_pages';

/** Names of what goes along with `changed`, put into a model of these procedures. */
async function goesAlong(changed: readonly string[], tree: string, model: string): Promise<string[]> {
  const parser = await loadCParser();
  const contents = contentsOf(tree);
  const procedures = await proceduresFrom(model);
  const options = { bindings: machineBindings(machine), environment: { machine, constants, procedures }, parser };
  const functions = changed.flatMap(
    (name) =>
      parsedCallee(
        contents.functions.find((one) => one.name === name),
        options.bindings,
        parser,
      ) ?? [],
  );
  expect(functions.map(({ source }) => source.name)).toEqual(changed);
  return withNeighbours(functions, contents, options, procedures).functions.map(({ source }) => source.name);
}

describe('who calls what a patch changes', () => {
  const chain = `static void leaf(struct kvm *kvm) { ${used} = 1; }
static void middle(struct kvm *kvm) { leaf(kvm); }
void top(struct kvm *kvm) { middle(kvm); }
void beside(struct kvm *kvm) { leafless(kvm); }
void round(struct kvm *kvm) { round(kvm); }
`;
  it('is found through others, by whole names', () => {
    expect(callingNames(contentsOf(chain), ['leaf'])).toEqual(['middle', 'top']);
    expect(callingNames(contentsOf(chain), ['middle'])).toEqual(['top']);
    expect(callingNames(contentsOf(chain), ['top', 'round', 'nobody'])).toEqual([]);
    expect(callingNames(contentsOf(chain), ['leaf'], new Set(['middle']))).toEqual(['middle']);
  });
  it('is taken along where the model has not what is changed', async () => {
    const model = 'void top(struct kvm *kvm) { }\nvoid beside(struct kvm *kvm) { }\n';
    // What stands in between is taken as what the caller calls.
    expect((await goesAlong(['leaf'], chain, model)).sort()).toEqual(['leaf', 'middle', 'top']);
  });
  it('stays the model’s where the model has what is changed, as it is called', async () => {
    const model = `void leaf(struct kvm *kvm) { }
void middle(struct kvm *kvm) { leaf(kvm); }
`;
    expect(await goesAlong(['leaf'], chain, model)).toEqual(['leaf']);
  });
  it('is taken along where the model calls it otherwise, and so are its callers', async () => {
    const tree = `static void leaf(struct kvm *kvm, bool shared) { ${used} = shared; }
static void middle(struct kvm *kvm, bool shared) { leaf(kvm, shared); }
void top(struct kvm *kvm) { middle(kvm, true); }
`;
    const model = `void leaf(struct kvm *kvm) { }
void middle(struct kvm *kvm) { leaf(kvm); }
void top(struct kvm *kvm) { middle(kvm); }
void other(struct kvm *kvm) { top(kvm); }
`;
    expect((await goesAlong(['leaf'], tree, model)).sort()).toEqual(['leaf', 'middle', 'top']);
  });
  it('is left where it does not lower itself', async () => {
    const tree = 'static void leaf(struct kvm *kvm) { }\nvoid top(struct kvm *kvm) { leaf(kvm); unknown_thing(kvm); }\n';
    expect(await goesAlong(['leaf'], tree, 'void top(struct kvm *kvm) { }\n')).toEqual(['leaf']);
  });
  it('ends, whoever calls whom', async () => {
    const tree = `static void a(struct kvm *kvm, bool x) { if (x) b(kvm, false); }
static void b(struct kvm *kvm, bool x) { if (x) a(kvm, false); }
`;
    const model = 'void a(struct kvm *kvm) { }\nvoid b(struct kvm *kvm) { a(kvm); }\n';
    expect((await goesAlong(['a'], tree, model)).sort()).toEqual(['a', 'b']);
  });
});
