/**
 * 2013, as merged in v3.11: a generation number, obsolete pages zapped in batches with the lock broken, one flush at the end.
 *
 * Recycling of that day (the tail page, whatever it was) is not here: no scenario of this variant reaches its quota.
 */
import {
  acquire,
  type bool,
  holdsExclusive,
  listLast,
  listPrevious,
  NULL,
  type Out,
  type Ref,
  release,
  rowAt,
  type Small,
  type u32,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { BATCH_ZAP_PAGES, KVM_REQ_MMU_RELOAD, LIST_ACTIVE_MMU_PAGES, LIST_ZAPPED_OBSOLETE_PAGES } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { pages } from '../../machine/pages.ts';
import { vm } from '../../machine/vm.ts';
import { list_move_link } from '../../procedures/lists.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { kvm_mmu_commit_zap_page, kvm_mmu_page_unlink_children, kvm_mmu_unlink_parents, unaccount_shadowed } from '../../procedures/zap.ts';
import { cond_resched_rwlock_write } from '../../procedures/zapAll.ts';

/** `is_obsolete_sp()`: the generation only. */
export function is_obsolete_sp(sp: Ref<'pages'>): bool {
  return pages[sp].mmu_valid_gen !== vm.mmu_valid_gen;
}

/**
 * `__kvm_mmu_prepare_zap_page()` until 5.8: a root in use is zapped and goes back to the head of the active list.
 * From 3.11 on, one that was obsolete already costs no reload.
 */
export function __kvm_mmu_prepare_zap_page(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: Out<u32>): bool {
  WARN_ON(!holdsExclusive(vm.mmu_lock));
  nr_zapped.value = kvm_mmu_page_unlink_children(sp, invalid_list);
  kvm_mmu_unlink_parents(sp);
  const list_unstable = nr_zapped.value !== 0;
  if (!pages[sp].role.invalid && !pages[sp].role.direct) unaccount_shadowed();
  if (pages[sp].root_count === 0) {
    nr_zapped.value += 1;
    list_move_link(sp, invalid_list);
    vm.n_used_mmu_pages -= 1;
  } else {
    list_move_link(sp, rowAt(lists, LIST_ACTIVE_MMU_PAGES));
    if (!is_obsolete_sp(sp)) kvm_make_all_cpus_request(KVM_REQ_MMU_RELOAD);
  }
  pages[sp].role.invalid = true;
  return list_unstable;
}

/** `kvm_zap_obsolete_pages()`: zapped roots at the head are passed over; restarts after every page that went. */
export function kvm_zap_obsolete_pages(): void {
  const active = rowAt(lists, LIST_ACTIVE_MMU_PAGES);
  const zapped_obsolete_pages = rowAt(lists, LIST_ZAPPED_OBSOLETE_PAGES);
  let batch: Small<31> = 0;
  restart: while (true) {
    let sp = listLast(lists[active].entries);
    while (sp !== NULL) {
      const node = listPrevious(lists[active].entries, sp);
      if (!is_obsolete_sp(sp)) break restart;
      if (!pages[sp].role.invalid) {
        if (batch >= BATCH_ZAP_PAGES && cond_resched_rwlock_write()) {
          batch = 0;
          continue restart;
        }
        const ret: Out<u32> = { value: 0 };
        __kvm_mmu_prepare_zap_page(sp, zapped_obsolete_pages, ret);
        batch += ret.value;
        if (ret.value !== 0) continue restart;
      }
      sp = node;
    }
    break;
  }
  kvm_mmu_commit_zap_page(zapped_obsolete_pages);
}

/** `kvm_mmu_invalidate_zap_all_pages()`: the generation is a counter. */
export function kvm_mmu_zap_all_fast(): void {
  acquire(vm.mmu_lock);
  vm.mmu_valid_gen += 1;
  kvm_make_all_cpus_request(KVM_REQ_MMU_RELOAD);
  kvm_zap_obsolete_pages();
  release(vm.mmu_lock);
}
