/**
 * 2013, before the series (up to v3.10): all pages go under one hold of `mmu_lock`.
 */
import { acquire, listFirst, listNext, NULL, type Out, release, rowAt, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, LIST_INVALID } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { vm } from '../../machine/vm.ts';
import { __kvm_mmu_prepare_zap_page, kvm_mmu_commit_zap_page } from '../../procedures/zap.ts';

/** `kvm_mmu_zap_all()`: from the head, again from there after every page that went, one commit at the end. */
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
      if (ret.value !== 0) continue restart;
      sp = node;
    }
    break;
  }
  kvm_mmu_commit_zap_page(invalid_list);
  release(vm.mmu_lock);
}
