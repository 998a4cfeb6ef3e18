/** Twin: a zap takes synced children along as if they were unsync. */
import type { Ref, Small, u32 } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K, PT64_ENT_PER_PAGE } from '../../machine/constants.ts';
import { pages } from '../../machine/pages.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from '../../procedures/spte.ts';
import { kvm_mmu_prepare_zap_page } from '../../procedures/zap.ts';

/** `mmu_zap_unsync_children()` of whatever is linked. */
export function mmu_zap_unsync_children(parent: Ref<'pages'>, invalid_list: Ref<'lists'>): u32 {
  if (pages[parent].role.level === PG_LEVEL_4K) return 0;
  let zapped: Small<15> = 0;
  for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
    const pte = pages[parent].spt[i];
    if (is_shadow_present_pte(pte) && !is_last_spte(pte)) zapped += kvm_mmu_prepare_zap_page(spte_to_child_sp(pte), invalid_list) ? 1 : 0;
  }
  return zapped;
}
