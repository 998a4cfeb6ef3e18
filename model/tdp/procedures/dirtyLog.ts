/**
 * Enabling dirty logging (virt/kvm/kvm_main.c, arch/x86/kvm/{x86.c,mmu/mmu.c,mmu/tdp_mmu.c}, 6.8 to 6.12; 2.18 of the facts): by write
 * protection, or by D bits that the CPU logs (PML).
 */
import { acquire, acquireShared, NULL, type Ref, release, releaseShared, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { AD_BITS, GFNS, INITIALLY_SET, PG_LEVEL_2M, PG_LEVEL_4K, PT_WRITABLE_MASK } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { kvm_mmu_slot_leaf_clear_dirty } from './clearDirty.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { tdp_mmu_next_root } from './roots.ts';
import { tdp_mmu_set_spte_atomic } from './setSpte.ts';
import { kvm_mmu_slot_try_split_huge_pages } from './splitHuge.ts';
import { is_last_spte, is_shadow_present_pte, is_writable_pte } from './spte.ts';
import { synchronize_srcu } from './srcu.ts';
import { tdp_mmu_iter_cond_resched } from './zap.ts';

/** `wrprot_gfn_range()`: removes W from every leaf of `min_level` or above, with the read lock. */
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
export function kvm_mmu_slot_remove_write_access(start_level: u32): void {
  acquireShared(vm.mmu_lock);
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    wrprot_gfn_range(root, 0, GFNS, start_level);
  }
  releaseShared(vm.mmu_lock);
}

/** The part of `kvm_mmu_slot_apply_flags()` that makes writes show: small leaves go by D if the CPU logs it, huge ones never do. */
export function kvm_mmu_slot_track_writes(): void {
  if (AD_BITS) {
    kvm_mmu_slot_leaf_clear_dirty();
    kvm_mmu_slot_remove_write_access(PG_LEVEL_2M);
  } else {
    kvm_mmu_slot_remove_write_access(PG_LEVEL_4K);
  }
}
/** `kvm_mmu_slot_apply_flags()`: flushes in any case. */
export function kvm_mmu_slot_apply_flags(): void {
  kvm_mmu_slot_try_split_huge_pages(0, GFNS);
  kvm_mmu_slot_track_writes();
  kvm_flush_remote_tlbs();
}

/** KVM_SET_USER_MEMORY_REGION with KVM_MEM_LOG_DIRTY_PAGES. "Initially all set": every page counts as written to, so nothing is done to SPTEs. */
export function kvm_enable_dirty_logging(): void {
  acquire(vm.slots_lock);
  if (INITIALLY_SET) vm.dirty_bitmap = (1 << GFNS) - 1;
  vm.dirty_logging = true;
  synchronize_srcu();
  if (!INITIALLY_SET) kvm_mmu_slot_apply_flags();
  release(vm.slots_lock);
}
