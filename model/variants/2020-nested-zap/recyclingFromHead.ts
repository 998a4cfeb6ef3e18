/** Recycling of 5.9 and 5.10: from the head of the active list by mistake, the newest pages first (mended by 8fc517267fb2). */
import { listFirst, listNext, NULL, type Out, rowAt, type Small, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, LIST_INVALID } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { pages } from '../../machine/pages.ts';
import { __kvm_mmu_prepare_zap_page, kvm_mmu_commit_zap_page } from '../../procedures/zap.ts';

/** `kvm_mmu_zap_oldest_mmu_pages()`, 5.9 and 5.10. */
export function kvm_mmu_zap_oldest_mmu_pages(nr_to_zap: u32): u32 {
  const active = rowAt(lists, LIST_ACTIVE_MMU_PAGES);
  const invalid_list = rowAt(lists, LIST_INVALID);
  let total_zapped: Small<15> = 0;
  restart: while (true) {
    let sp = listFirst(lists[active].entries);
    while (sp !== NULL) {
      const tmp = listNext(lists[active].entries, sp);
      if (pages[sp].root_count === 0) {
        const nr_zapped: Out<u32> = { value: 0 };
        const unstable = __kvm_mmu_prepare_zap_page(sp, invalid_list, nr_zapped);
        total_zapped += nr_zapped.value;
        if (total_zapped >= nr_to_zap) break restart;
        if (unstable) continue restart;
      }
      sp = tmp;
    }
    break;
  }
  kvm_mmu_commit_zap_page(invalid_list);
  return total_zapped;
}
