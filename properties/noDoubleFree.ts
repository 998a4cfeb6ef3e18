/**
 * I-26 no-double-free. A second free of the same page is a fault of the machine itself.
 */

import { type bool, indexOf, isAllocated, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { MMUS, PAGES, PT64_ENT_PER_PAGE } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { spec_slots_holding } from './common.ts';
import type { Property } from './property.ts';

export const I_26: Property = {
  id: 'I-26',
  name: 'no-double-free',
  kind: 'event',
  statement: 'A shadow page is freed only when no SPTE links it and no root slot holds it.',
  kernelExpression: 'slab debugging',
  hooks: [{ event: { on: 'free', table: 'pages' }, procedure: 'I_26_atFree' }],
  recorders: [],
  mutant: {
    scenario: '2.2',
    variant: 'fixed',
    procedure: '__kvm_mmu_prepare_zap_page',
    statement: 'kvm_mmu_unlink_parents(sp);',
    operator: 'delete',
  },
  file: 'properties/noDoubleFree.ts',
};

export function I_26_atFree(sp: Ref<'pages'>): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const parent = rowAt(pages, p);
    if (parent !== sp && isAllocated(parent)) {
      for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
        if (pages[parent].spt[i] === indexOf(sp) + 1) return false;
      }
    }
  }
  for (let m: u32 = 0; m < MMUS; m++) {
    if (spec_slots_holding(rowAt(mmus, m), sp) !== 0) return false;
  }
  return true;
}
