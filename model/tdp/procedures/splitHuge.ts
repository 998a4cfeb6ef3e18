/**
 * Eager splitting of huge pages (arch/x86/kvm/mmu/{mmu.c,tdp_mmu.c}, 6.10 to 6.12: locks are always dropped to allocate; 2.16 of
 * the facts).
 */
import {
  acquire,
  acquireShared,
  alloc,
  type bool,
  chooseBool,
  free,
  NULL,
  type Ref,
  release,
  releaseShared,
  type s32,
  type u32,
} from '../../../compiler/subset/vocabulary.ts';
import { ALLOCATION_FAILS, ENOMEM, PG_LEVEL_4K } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { might_sleep, rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { kvm_tdp_mmu_put_root, tdp_mmu_next_root } from './roots.ts';
import { tdp_mmu_split_huge_page } from './split.ts';
import { is_last_spte, is_shadow_present_pte } from './spte.ts';
import { tdp_mmu_iter_cond_resched } from './zap.ts';

/** `tdp_mmu_alloc_sp_for_split()`: may sleep, may fail. */
export function tdp_mmu_alloc_sp_for_split(): Ref<'pages'> {
  might_sleep();
  if (ALLOCATION_FAILS && chooseBool('allocation fails')) return NULL;
  return alloc(pages);
}

/** `tdp_mmu_init_child_sp()`. */
export function tdp_mmu_init_child_sp(sp: Ref<'pages'>, iter: TdpIter): void {
  pages[sp].role.level = iter.level - 1;
  pages[sp].gfn = iter.gfn;
  pages[sp].ptep = iter.sptep;
}

/** `tdp_mmu_split_huge_pages_root()`: 0 or -ENOMEM. */
export function tdp_mmu_split_huge_pages_root(root: Ref<'pages'>, start: u32, end: u32, target_level: u32, shared: bool): s32 {
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
  let sp: Ref<'pages'> = NULL;
  rcu_read_lock();
  tdp_iter_start(iter, root, target_level + 1, start);
  for (; iter.valid && iter.gfn < end; tdp_iter_next(iter)) {
    retry: while (true) {
      if (tdp_mmu_iter_cond_resched(iter, false, shared)) break;
      if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) break;
      if (sp === NULL) {
        rcu_read_unlock();
        if (shared) releaseShared(vm.mmu_lock);
        else release(vm.mmu_lock);
        sp = tdp_mmu_alloc_sp_for_split();
        if (shared) acquireShared(vm.mmu_lock);
        else acquire(vm.mmu_lock);
        if (sp === NULL) return -ENOMEM;
        rcu_read_lock();
        iter.yielded = true;
        break;
      }
      tdp_mmu_init_child_sp(sp, iter);
      if (tdp_mmu_split_huge_page(iter, sp, shared) === 0) {
        sp = NULL;
        break;
      }
    }
  }
  rcu_read_unlock();
  if (sp !== NULL) free(sp);
  return 0;
}

/** `kvm_tdp_mmu_try_split_huge_pages()`: all valid roots, best effort. */
export function kvm_tdp_mmu_try_split_huge_pages(start: u32, end: u32, target_level: u32, shared: bool): void {
  for (let root = tdp_mmu_next_root(NULL, true); root !== NULL; root = tdp_mmu_next_root(root, true)) {
    if (tdp_mmu_split_huge_pages_root(root, start, end, target_level, shared) !== 0) {
      kvm_tdp_mmu_put_root(root);
      return;
    }
  }
}

/** `kvm_mmu_slot_try_split_huge_pages()`: at the enabling of dirty logging. */
export function kvm_mmu_slot_try_split_huge_pages(start: u32, end: u32): void {
  acquireShared(vm.mmu_lock);
  kvm_tdp_mmu_try_split_huge_pages(start, end, PG_LEVEL_4K, true);
  releaseShared(vm.mmu_lock);
}
