/**
 * I-10 no-retained-obsolete-root.
 */

import { type bool, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { MMUS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { spec_mmu_holds_obsolete } from './common.ts';
import type { Property } from './property.ts';

export const I_10: Property = {
  id: 'I-10',
  name: 'no-retained-obsolete-root',
  kind: 'state',
  statement: 'At rest, no root slot of any vCPU, directly or below a special root, holds an obsolete shadow page.',
  kernelExpression: 'none',
  predicate: 'I_10_holds',
  scope: { kind: 'quiescent' },
  recorders: [],
  mutant: {
    scenario: '3.3 B',
    variant: 'fixed',
    procedure: '__kvm_mmu_free_obsolete_roots',
    statement: 'if (is_obsolete_root(mmus[mmu].prev_roots[i].hpa)) roots_to_free |= KVM_MMU_ROOT_PREVIOUS(i);',
    operator: 'delete',
  },
  file: 'properties/noRetainedObsoleteRoot.ts',
};

export function I_10_holds(): bool {
  for (let m: u32 = 0; m < MMUS; m++) {
    if (spec_mmu_holds_obsolete(rowAt(mmus, m))) return false;
  }
  return true;
}
