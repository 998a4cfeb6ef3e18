/**
 * I-25 SPTE-from-stale-seq. Judged at each translation that a fault installs where there was none.
 */

import { type bool, indexOf, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from '../../model/tdp/machine/constants.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Property } from '../property.ts';
import { spec_faults_here, spec_is_leaf, spec_linked } from './common.ts';
import { lookups } from './recorders.ts';

export const I_25: Property = {
  id: 'I-25',
  name: 'SPTE-from-stale-seq',
  kind: 'event',
  statement:
    'A fault installs a translation only if mmu_invalidate_seq is that of its lookup and no invalidation of its gfn is in progress.',
  kernelExpression: 'lockdep assertion and WARN in mmu_invalidate_retry_gfn()',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_25_atWrite' }],
  recorders: [...lookups],
  mutant: {
    scenario: '3.5 A',
    variant: 'base',
    procedure: 'mmu_invalidate_retry_gfn',
    statement:
      'if (vm.mmu_invalidate_in_progress !== 0 && gfn >= vm.mmu_invalidate_range_start && gfn < vm.mmu_invalidate_range_end) return true;',
    operator: 'delete',
  },
  file: 'properties/tdp/spteFromStaleSeq.ts',
};

/** Tables that nobody has linked yet are filled from a present SPTE: they need no lookup. */
export function I_25_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  if (spec_is_leaf(before) || !spec_is_leaf(after) || (spec_linked() & (1 << indexOf(sp))) === 0) return true;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (spec_faults_here(vcpu)) {
      if (vcpus[vcpu].faultSeq !== vm.mmu_invalidate_seq) return false;
      if (
        vm.mmu_invalidate_in_progress !== 0 &&
        vcpus[vcpu].faultGfn >= vm.mmu_invalidate_range_start &&
        vcpus[vcpu].faultGfn < vm.mmu_invalidate_range_end
      ) {
        return false;
      }
    }
  }
  return true;
}
