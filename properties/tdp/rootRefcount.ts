/** I-02 root-slots-counted, for the TDP MMU: judged in states in which nobody is in the middle of taking or putting a reference. */
import { type bool, isAllocated, isDangling, NULL, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES, PT64_ROOT_LEVEL, TASKS, VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { tasks } from '../../model/tdp/machine/tasks.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { rootReferences, rootReferencesFile } from './rootReferences.ts';

export const tdp_I_02: Property = {
  id: 'I-02',
  name: 'root-slots-counted',
  kind: 'state',
  statement:
    'tdp_mmu_root_count is the number of vCPU slots and walkers that hold the root, and one for the TDP MMU itself until its own is put.',
  kernelExpression: 'saturation of refcount_t',
  predicate: 'tdp_I_02_holds',
  scope: { kind: 'always' },
  recorders: [...rootReferences],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'kvm_tdp_mmu_zap_invalidated_roots',
    statement: 'kvm_tdp_mmu_put_root(root);',
    operator: 'delete',
  },
  file: 'properties/tdp/rootRefcount.ts',
  with: [rootReferencesFile],
};

export function tdp_I_02_holders(root: Ref<'pages'>): u32 {
  let count: u32 = pages[root].walkers;
  if (!pages[root].role.invalid || pages[root].tdp_mmu_scheduled_root_to_zap || pages[root].zapping) count += 1;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const held = vcpus[rowAt(vcpus, v)].root;
    if (!isDangling(held) && held === root) count += 1;
  }
  return count;
}
export function tdp_I_02_holds(): bool {
  for (let t: u32 = 0; t < TASKS; t++) {
    if (tasks[rowAt(tasks, t)].refsMoving !== 0) return true;
  }
  for (let p: u32 = 0; p < PAGES; p++) {
    const root = rowAt(pages, p);
    if (isAllocated(root) && pages[root].ptep === NULL && pages[root].role.level === PT64_ROOT_LEVEL) {
      if (pages[root].tdp_mmu_root_count !== tdp_I_02_holders(root)) return false;
    }
  }
  return true;
}
