/**
 * I-39 both-mmus.
 */

import { type bool, indexOf, NULL, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { KVM_MMU_NUM_PREV_ROOTS, MMUS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import type { Property } from './property.ts';
import { obsoleteSlots } from './recorders.ts';

export const I_39: Property = {
  id: 'I-39',
  name: 'both-mmus',
  kind: 'event',
  statement: 'A service that lets one MMU go of an obsolete root leaves none that was obsolete then in the other MMU.',
  kernelExpression: 'none',
  hooks: [
    { event: { on: 'return', procedure: 'kvm_mmu_free_obsolete_roots' }, procedure: 'I_39_atReturn' },
    { event: { on: 'return', procedure: 'kvm_mmu_unload' }, procedure: 'I_39_atReturn' },
  ],
  recorders: [...obsoleteSlots],
  mutant: {
    scenario: '3.3 F',
    variant: 'fixed',
    procedure: 'kvm_mmu_free_obsolete_roots',
    statement: '__kvm_mmu_free_obsolete_roots(guest_mmu(vcpu));',
    operator: 'delete',
  },
  file: 'properties/bothMmus.ts',
};

export function I_39_atReturn(vcpu: Ref<'vcpus'>): bool {
  let freed: bool = false;
  let kept: bool = false;
  for (let m: u32 = 0; m < MMUS; m++) {
    const mmu = rowAt(mmus, m);
    if (m / 2 === indexOf(vcpu)) {
      if ((mmus[mmu].beganObsolete & 1) !== 0) {
        if (mmus[mmu].root.hpa === NULL) freed = true;
        else kept = true;
      }
      for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
        if ((mmus[mmu].beganObsolete & (2 << i)) !== 0) {
          if (mmus[mmu].prev_roots[i].hpa === NULL) freed = true;
          else kept = true;
        }
      }
    }
  }
  return !(freed && kept);
}
