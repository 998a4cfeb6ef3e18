/**
 * Dirty logging by write protection (virt/kvm/kvm_main.c, arch/x86/kvm/{x86.c,mmu/mmu.c,mmu/tdp_mmu.c}, 6.8 to 6.12; 2.18 of the facts).
 */
import {
  acquire,
  acquireShared,
  at,
  exchange,
  fetchAnd,
  NULL,
  type Ref,
  release,
  releaseShared,
  rowAt,
  type u32,
  wait,
} from '../../../compiler/subset/vocabulary.ts';
import { GFNS, PG_LEVEL_4K, PT_WRITABLE_MASK, VCPUS } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { tdp_mmu_next_root } from './roots.ts';
import { tdp_mmu_set_spte_atomic } from './setSpte.ts';
import { kvm_mmu_slot_try_split_huge_pages } from './splitHuge.ts';
import { is_last_spte, is_shadow_present_pte, is_writable_pte } from './spte.ts';
import { synchronize_srcu } from './srcu.ts';
import { tdp_mmu_iter_cond_resched } from './zap.ts';

/** `wrprot_gfn_range()`: removes W from every leaf, with the read lock. */
export function wrprot_gfn_range(root: Ref<'pages'>, start: u32, end: u32, min_level: u32): void {
  const iter: TdpIter = {
    next_last_level_gfn: 0,
    yielded_gfn: 0,
    root: NULL,
    middle: NULL,
    sptep: NULL,
    old_spte: 0,
    gfn: 0,
    level: 0,
    min_level: 0,
    valid: false,
    yielded: false,
  };
  rcu_read_lock();
  tdp_iter_start(iter, root, min_level, start);
  for (; iter.valid && iter.gfn < end; tdp_iter_next(iter)) {
    retry: while (true) {
      if (tdp_mmu_iter_cond_resched(iter, false, true)) break;
      if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte) || !is_writable_pte(iter.old_spte)) break;
      if (tdp_mmu_set_spte_atomic(iter, iter.old_spte & ~PT_WRITABLE_MASK) === 0) break;
    }
  }
  rcu_read_unlock();
}

/** `kvm_mmu_slot_remove_write_access()`. */
export function kvm_mmu_slot_remove_write_access(): void {
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    wrprot_gfn_range(root, 0, GFNS, PG_LEVEL_4K);
  }
  releaseShared(vm.mmu_lock);
}

/** KVM_SET_USER_MEMORY_REGION with KVM_MEM_LOG_DIRTY_PAGES, "initially all set" off: `kvm_mmu_slot_apply_flags()` flushes in any case. */
export function kvm_enable_dirty_logging(): void {
  acquire(vm.slots_lock);
  vm.dirty_logging = true;
  synchronize_srcu();
  kvm_mmu_slot_try_split_huge_pages(0, GFNS);
  kvm_mmu_slot_remove_write_access();
  kvm_flush_remote_tlbs();
  release(vm.slots_lock);
}

/** `clear_dirty_pt_masked()` for write protection: the 4K leaves of the gfns of `mask`, with the write lock. */
export function clear_dirty_pt_masked(root: Ref<'pages'>, mask: u32): void {
  const iter: TdpIter = {
    next_last_level_gfn: 0,
    yielded_gfn: 0,
    root: NULL,
    middle: NULL,
    sptep: NULL,
    old_spte: 0,
    gfn: 0,
    level: 0,
    min_level: 0,
    valid: false,
    yielded: false,
  };
  rcu_read_lock();
  tdp_iter_start(iter, root, PG_LEVEL_4K, 0);
  for (; iter.valid && iter.gfn < GFNS; tdp_iter_next(iter)) {
    if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) continue;
    if (iter.level === PG_LEVEL_4K && (mask & (1 << iter.gfn)) !== 0) fetchAnd(at(iter.sptep), ~PT_WRITABLE_MASK);
  }
  rcu_read_unlock();
}

/** KVM_GET_DIRTY_LOG without manual protection: reports the bits, clears them, and protects what they name. */
export function kvm_get_dirty_log_protect(): void {
  acquire(vm.slots_lock);
  acquire(vm.mmu_lock);
  const mask = exchange(vm.dirty_bitmap, 0);
  if (mask !== 0) {
    for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
      clear_dirty_pt_masked(root, mask);
    }
  }
  release(vm.mmu_lock);
  if (mask !== 0) kvm_flush_remote_tlbs();
  release(vm.slots_lock);
}

/** The last harvest: vCPUs have stopped, so no fault is under way. */
export function last_harvest(): void {
  for (let i: u32 = 0; i < VCPUS; i++) wait(vcpus[rowAt(vcpus, i)].done, 'vCPUs stop');
  kvm_get_dirty_log_protect();
}

/** User space that copies guest memory: enables logging, harvests while the guest runs, and once more when it has stopped. */
export function migrate(): void {
  kvm_enable_dirty_logging();
  kvm_get_dirty_log_protect();
  last_harvest();
}
