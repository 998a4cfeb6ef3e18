/** Recycling until 5.8: the tail of the active list, whatever it is, page by page, until one call gives 0. */
import { type bool, listLast, NULL, type Ref, rowAt, type s32, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { ENOSPC, KVM_MIN_FREE_MMU_PAGES, KVM_REFILL_PAGES, LIST_ACTIVE_MMU_PAGES, LIST_INVALID, PAGES } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { kvm_mmu_available_pages } from '../../procedures/shadowPages.ts';
import { kvm_mmu_commit_zap_page, kvm_mmu_prepare_zap_page } from '../../procedures/zap.ts';

/** `prepare_zap_oldest_mmu_page()`: whether anything was zapped. */
export function prepare_zap_oldest_mmu_page(invalid_list: Ref<'lists'>): bool {
  const sp = listLast(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries);
  if (sp === NULL) return false;
  return kvm_mmu_prepare_zap_page(sp, invalid_list);
}

/** `make_mmu_pages_available()`. No call zaps more pages than there are, so the loop is bounded. */
export function make_mmu_pages_available(): s32 {
  const invalid_list = rowAt(lists, LIST_INVALID);
  if (kvm_mmu_available_pages() >= KVM_MIN_FREE_MMU_PAGES) return 0;
  for (let i: u32 = 0; i < PAGES; i++) {
    if (kvm_mmu_available_pages() >= KVM_REFILL_PAGES) break;
    if (!prepare_zap_oldest_mmu_page(invalid_list)) break;
  }
  kvm_mmu_commit_zap_page(invalid_list);
  if (kvm_mmu_available_pages() === 0) return -ENOSPC;
  return 0;
}
