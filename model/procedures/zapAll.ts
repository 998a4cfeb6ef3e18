/**
 * Fast zap of everything (arch/x86/kvm/mmu/mmu.c, 5.18 to 6.12; 2.11 of the facts).
 *
 * Left out: TDP roots. A yield is a free choice: nothing looks at contention.
 */

import {
  acquire,
  type bool,
  chooseFair,
  fetchOr,
  holdsExclusive,
  listLast,
  listPrevious,
  NULL,
  type Out,
  release,
  rowAt,
  type Small,
  type u32,
  WARN_ON,
  wait,
} from '../../compiler/subset/vocabulary.ts';
import {
  BATCH_ZAP_PAGES,
  KVM_REQ_MMU_FREE_OBSOLETE_ROOTS,
  LIST_ACTIVE_MMU_PAGES,
  LIST_ZAPPED_OBSOLETE_PAGES,
  SRCU_READING,
  SRCU_WAITED,
  VCPUS,
} from '../machine/constants.ts';
import { lists } from '../machine/lists.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_make_all_cpus_request } from './requests.ts';
import { __kvm_mmu_prepare_zap_page, is_obsolete_sp, kvm_mmu_commit_zap_page } from './zap.ts';

/** `cond_resched_rwlock_write()`, earlier `cond_resched_lock()`: gives `mmu_lock` up and takes it again, or not. */
export function cond_resched_rwlock_write(): bool {
  if (!chooseFair('yield mmu_lock')) return false;
  release(vm.mmu_lock);
  acquire(vm.mmu_lock);
  return true;
}

/** `kvm_zap_obsolete_pages()`, 5.18 and later: every page zapped counts for the batch. */
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
        if (batch >= BATCH_ZAP_PAGES && cond_resched_rwlock_write()) {
          batch = 0;
          continue restart;
        }
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

/** `kvm_mmu_zap_all_fast()`: generation and request in one critical section, in this order. */
export function kvm_mmu_zap_all_fast(): void {
  WARN_ON(!holdsExclusive(vm.slots_lock));
  acquire(vm.mmu_lock);
  vm.mmu_valid_gen = vm.mmu_valid_gen !== 0 ? 0 : 1;
  kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
  kvm_zap_obsolete_pages();
  release(vm.mmu_lock);
}

/** `set_nx_huge_pages()` for the one VM: the caller of the fast zap that changes no memslot. */
export function set_nx_huge_pages(): void {
  acquire(vm.slots_lock);
  kvm_mmu_zap_all_fast();
  release(vm.slots_lock);
}

/** `kvm_arch_flush_shadow_memslot()`: everything goes, whatever the slot. */
export function kvm_arch_flush_shadow_memslot(): void {
  kvm_mmu_zap_all_fast();
}

/** `synchronize_srcu(&kvm->srcu)`: waits for the readers that there are now, and for no later ones. */
export function synchronize_srcu(): void {
  for (let i: u32 = 0; i < VCPUS; i++) fetchOr(vcpus[rowAt(vcpus, i)].srcu, SRCU_WAITED);
  for (let i: u32 = 0; i < VCPUS; i++) wait(vcpus[rowAt(vcpus, i)].srcu !== (SRCU_READING | SRCU_WAITED), 'SRCU grace period');
}

/**
 * `kvm_delete_memslot()` with what it calls: the slot is marked invalid, faults that used it end, everything is zapped.
 * The slot that goes is none that the guest uses here, so marking it has no other effect.
 */
export function kvm_delete_memslot(): void {
  acquire(vm.slots_lock);
  synchronize_srcu();
  kvm_arch_flush_shadow_memslot();
  synchronize_srcu();
  release(vm.slots_lock);
}
