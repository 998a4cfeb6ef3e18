/**
 * 2013, what must not be done: the zap of everything of 3.10 gives `mmu_lock` up after each page that went, and begins again
 * from the head until the list is empty; nothing tells pages that were there from those made since.
 *
 * Zapped pages are flushed and freed before each yield, or there would be ever more of them; the kernel would free them at the end.
 * `mmu_lock` is contended for as long as the guest faults, so the yield is a choice that may repeat for ever.
 */
import { acquire, chooseBool, listFirst, listNext, NULL, type Out, release, rowAt, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, LIST_INVALID } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { vm } from '../../machine/vm.ts';
import { __kvm_mmu_prepare_zap_page, kvm_mmu_commit_zap_page } from '../../procedures/zap.ts';

/** `kvm_mmu_zap_all()` with `cond_resched_lock()` and a restart. */
export function kvm_mmu_zap_all(): void {
  const active = rowAt(lists, LIST_ACTIVE_MMU_PAGES);
  const invalid_list = rowAt(lists, LIST_INVALID);
  acquire(vm.mmu_lock);
  restart: while (true) {
    let sp = listFirst(lists[active].entries);
    while (sp !== NULL) {
      const node = listNext(lists[active].entries, sp);
      const ret: Out<u32> = { value: 0 };
      __kvm_mmu_prepare_zap_page(sp, invalid_list, ret);
      if (ret.value !== 0) {
        if (chooseBool('yield mmu_lock')) {
          kvm_mmu_commit_zap_page(invalid_list);
          release(vm.mmu_lock);
          acquire(vm.mmu_lock);
        }
        continue restart;
      }
      sp = node;
    }
    break;
  }
  kvm_mmu_commit_zap_page(invalid_list);
  release(vm.mmu_lock);
}
