/**
 * I-21 split-preserves. Judged at the moment at which a table replaces a huge leaf. D that the CPU set just before may go to the host's
 * page, in place of a child: that it is not lost is I-18.
 */
import { type bool, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import {
  PT_DIRTY_MASK,
  PT_WRITABLE_MASK,
  SPTE_ADDR_SHIFT,
  SPTE_ENT_PER_PAGE,
  shadow_host_writable_mask,
  shadow_mmu_writable_mask,
} from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import type { Property } from '../property.ts';
import { spec_entry_size, spec_is_leaf, spec_is_link } from './common.ts';

export const I_21: Property = {
  id: 'I-21',
  name: 'split-preserves',
  kind: 'event',
  statement:
    'A table that replaces a huge leaf maps the same gfns to the same pages with the same permissions, and none of them as written to if the leaf was not.',
  kernelExpression: 'KVM_BUG_ON() in make_huge_page_split_spte()',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_21_atWrite' }],
  recorders: [],
  mutant: {
    scenario: '3.4 A',
    variant: 'v6.12',
    procedure: 'tdp_mmu_split_huge_page',
    statement: "put(pointerTo(pages, sp, 'spt', i), make_huge_page_split_spte(huge_spte, iter.level - 1, i));",
    operator: 'delete',
  },
  file: 'properties/tdp/splitPreserves.ts',
};

export function spec_permission_mask(): u32 {
  return PT_WRITABLE_MASK | shadow_mmu_writable_mask | shadow_host_writable_mask;
}
export function I_21_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  if (!spec_is_leaf(before) || !spec_is_link(after)) return true;
  const child = rowAt(pages, after >> SPTE_ADDR_SHIFT);
  const size = spec_entry_size(pages[child].role.level);
  for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
    const spte = pages[child].spt[i];
    if (!spec_is_leaf(spte)) return false;
    if (spte >> SPTE_ADDR_SHIFT !== (before >> SPTE_ADDR_SHIFT) + i * size) return false;
    if ((spte & spec_permission_mask()) !== (before & spec_permission_mask())) return false;
    if ((spte & ~before & PT_DIRTY_MASK) !== 0) return false;
  }
  return true;
}
