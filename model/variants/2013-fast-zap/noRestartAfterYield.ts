/** Mutant: the zap of everything goes on after a yield where it was, although the page may have been recycled meanwhile. */
import { listLast, listPrevious, NULL, type Out, rowAt, type Small, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { BATCH_ZAP_PAGES, LIST_ACTIVE_MMU_PAGES, LIST_ZAPPED_OBSOLETE_PAGES } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { pages } from '../../machine/pages.ts';
import { __kvm_mmu_prepare_zap_page, is_obsolete_sp, kvm_mmu_commit_zap_page } from '../../procedures/zap.ts';
import { cond_resched_rwlock_write } from '../../procedures/zapAll.ts';

export function kvm_zap_obsolete_pages(): void {
  const active = rowAt(lists, LIST_ACTIVE_MMU_PAGES);
  const zapped_obsolete_pages = rowAt(lists, LIST_ZAPPED_OBSOLETE_PAGES);
  let batch: Small<31> = 0;
  restart: while (true) {
    let sp = listLast(lists[active].entries);
    while (sp !== NULL) {
      const node = listPrevious(lists[active].entries, sp);
      if (!is_obsolete_sp(sp)) break restart;
      if (!WARN_ON(pages[sp].role.invalid)) {
        if (batch >= BATCH_ZAP_PAGES && cond_resched_rwlock_write()) batch = 0;
        const nr_zapped: Out<u32> = { value: 0 };
        const unstable = __kvm_mmu_prepare_zap_page(sp, zapped_obsolete_pages, nr_zapped);
        batch += nr_zapped.value;
        if (unstable) continue restart;
      }
      sp = node;
    }
    break;
  }
  kvm_mmu_commit_zap_page(zapped_obsolete_pages);
}
