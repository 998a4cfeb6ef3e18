/**
 * Disabling dirty logging: tables of small pages go, so that faults map what is huge in the host as huge again (virt/kvm/kvm_main.c,
 * arch/x86/kvm/{x86.c,mmu/mmu.c,mmu/tdp_mmu.c}, 5.18 to 6.12; 2.18 of the facts).
 */
import { acquire, acquireShared, NULL, type Ref, release, releaseShared, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { GFNS, HUGE_LEVEL, HUGE_PAGES, PG_LEVEL_1G, PG_LEVEL_2M, PG_LEVEL_4K } from '../machine/constants.ts';
import { vm } from '../machine/vm.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { tdp_mmu_next_root } from './roots.ts';
import { tdp_mmu_zap_spte_atomic } from './setSpte.ts';
import { is_last_spte, is_shadow_present_pte } from './spte.ts';
import { synchronize_srcu } from './srcu.ts';
import { tdp_mmu_iter_cond_resched } from './zap.ts';

/** `kvm_mmu_max_mapping_level()` of a slot that is not logged: how the host maps its pages. */
export function kvm_mmu_max_mapping_level(): u32 {
  return HUGE_PAGES ? HUGE_LEVEL : PG_LEVEL_4K;
}

/** `zap_collapsible_spte_range()`: links to tables in whose place a leaf could be, with the read lock. Each zap flushes. */
export function zap_collapsible_spte_range(root: Ref<'pages'>): void {
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
  tdp_iter_start(iter, root, PG_LEVEL_2M, 0);
  for (; iter.valid && iter.gfn < GFNS; tdp_iter_next(iter)) {
    retry: while (true) {
      if (tdp_mmu_iter_cond_resched(iter, false, true)) break;
      if (iter.level > PG_LEVEL_1G || !is_shadow_present_pte(iter.old_spte) || is_last_spte(iter.old_spte)) break;
      if (kvm_mmu_max_mapping_level() < iter.level) break;
      if (tdp_mmu_zap_spte_atomic(iter) === 0) break;
    }
  }
  rcu_read_unlock();
}
/** `kvm_tdp_mmu_zap_collapsible_sptes()`. */
export function kvm_tdp_mmu_zap_collapsible_sptes(): void {
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    zap_collapsible_spte_range(root);
  }
}
/** `kvm_mmu_zap_collapsible_sptes()`. */
export function kvm_mmu_zap_collapsible_sptes(): void {
  acquireShared(vm.mmu_lock);
  kvm_tdp_mmu_zap_collapsible_sptes();
  releaseShared(vm.mmu_lock);
}

/** KVM_SET_USER_MEMORY_REGION without KVM_MEM_LOG_DIRTY_PAGES, of a slot that was logged. */
export function kvm_disable_dirty_logging(): void {
  acquire(vm.slots_lock);
  vm.dirty_logging = false;
  synchronize_srcu();
  kvm_mmu_zap_collapsible_sptes();
  release(vm.slots_lock);
}
