/** I-07 no-install-in-obsolete-root, for the TDP MMU. Judged at each SPTE that a fault writes. */
import { type bool, indexOf, isDangling, NULL, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { spec_faults_here, spec_is_leaf, spec_is_link, spec_linked } from './common.ts';
import { lookups } from './recorders.ts';

export const tdp_I_07: Property = {
  id: 'I-07',
  name: 'no-install-in-obsolete-root',
  kind: 'event',
  statement: 'A fault links a table or sets a translation only while the current root is valid.',
  kernelExpression: 'is_page_fault_stale(); WARN_ON_ONCE(role.invalid) in kvm_mmu_child_role() (2026)',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'tdp_I_07_atWrite' }],
  recorders: [...lookups],
  mutant: {
    scenario: '3.1 D TDP',
    variant: 'checked',
    procedure: 'is_page_fault_stale',
    statement: 'if (pages[vcpus[vcpu].root].role.invalid) return true;',
    operator: 'delete',
  },
  file: 'properties/tdp/obsoleteRootInstall.ts',
};

export function tdp_I_07_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  if ((!spec_is_leaf(after) && !spec_is_link(after)) || (spec_linked() & (1 << indexOf(sp))) === 0) return true;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    const root = vcpus[vcpu].root;
    if (spec_faults_here(vcpu) && root !== NULL && !isDangling(root) && pages[root].role.invalid) return false;
  }
  return true;
}
