/** Twin: the guest's entries are read again before the TLBs are flushed, so the guest may still write to them then. */
import { acquire, type bool, chooseFair, NULL, type Ref, release, rowAt } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_SYNC, LIST_INVALID } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { pages } from '../../machine/pages.ts';
import { vm } from '../../machine/vm.ts';
import { kvm_make_request } from '../../procedures/requests.ts';
import { kvm_mmu_slot_gfn_write_protect } from '../../procedures/rmaps.ts';
import { sync_page } from '../../procedures/syncPage.ts';
import { kvm_unlink_unsync_page, mmu_pages_clear_parents, mmu_unsync_walk, type UnsyncPath } from '../../procedures/unsync.ts';
import { kvm_mmu_remote_flush_or_zap } from '../../procedures/zap.ts';

/** `mmu_sync_children()` with one flush at the end. */
export function mmu_sync_children(vcpu: Ref<'vcpus'>, parent: Ref<'pages'>, can_yield: bool): bool {
  const invalid_list = rowAt(lists, LIST_INVALID);
  let flush: bool = false;
  const path: UnsyncPath = { sp: NULL, parent2: NULL, idx2: 0, parent3: NULL, idx3: 0, parent4: NULL, idx4: 0 };
  while (mmu_unsync_walk(path, parent)) {
    if (kvm_mmu_slot_gfn_write_protect(pages[path.sp].gfn)) flush = true;
    kvm_unlink_unsync_page(path.sp);
    if (sync_page(path.sp)) flush = true;
    mmu_pages_clear_parents(path);
    if (chooseFair('reschedule')) {
      kvm_mmu_remote_flush_or_zap(invalid_list, flush);
      if (!can_yield) {
        kvm_make_request(KVM_REQ_MMU_SYNC, vcpu);
        return true;
      }
      release(vm.mmu_lock);
      acquire(vm.mmu_lock);
      flush = false;
    }
  }
  kvm_mmu_remote_flush_or_zap(invalid_list, flush);
  return false;
}
