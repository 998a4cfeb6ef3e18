/** The mail of July 2020, v1, on top of `v58Rule.ts`: with TDP, a child without a parent goes with its last one, whatever MMU it is of. */
import { at, listIsEmpty, NULL, pointerTo, type Ref, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { PT64_ENT_PER_PAGE, tdp_enabled } from '../../machine/constants.ts';
import { pages } from '../../machine/pages.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from '../../procedures/spte.ts';
import { kvm_mmu_prepare_zap_page, mmu_page_zap_pte } from '../../procedures/zap.ts';

/** `kvm_mmu_page_unlink_children()`, v1. The test for a missing shadow page behind the SPTE is left out: there is one. */
export function kvm_mmu_page_unlink_children(sp: Ref<'pages'>, invalid_list: Ref<'lists'>): u32 {
  let zapped: u32 = 0;
  for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
    const sptep = pointerTo(pages, sp, 'spt', i);
    const spte = at(sptep);
    mmu_page_zap_pte(sptep, NULL);
    if (!is_shadow_present_pte(spte) || is_last_spte(spte)) continue;
    if (!tdp_enabled) continue;
    const child_sp = spte_to_child_sp(spte);
    if (listIsEmpty(pages[child_sp].parent_ptes)) zapped += kvm_mmu_prepare_zap_page(child_sp, invalid_list) ? 1 : 0;
  }
  return zapped;
}
