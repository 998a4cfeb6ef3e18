/**
 * Roots: references and iteration (arch/x86/kvm/mmu/tdp_mmu.c, 6.4 to 6.12; 2.12 of the facts).
 */

import {
  acquire,
  type bool,
  compareExchange,
  holds,
  listAdd,
  listFirst,
  listPrevious,
  listRemove,
  NULL,
  type Ref,
  release,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { call_rcu, rcu_read_lock, rcu_read_unlock } from './rcu.ts';

/** `list_add_rcu()`, with `tdp_mmu_pages_lock`: at the head. */
export function list_add_rcu(root: Ref<'pages'>): void {
  pages[root].link = listFirst(vm.tdp_mmu_roots);
  listAdd(vm.tdp_mmu_roots, root);
}
/** `list_del_rcu()`, with `tdp_mmu_pages_lock`: who stands on `root` still finds the next one. */
export function list_del_rcu(root: Ref<'pages'>): void {
  const previous = listPrevious(vm.tdp_mmu_roots, root);
  if (previous !== NULL) pages[previous].link = pages[root].link;
  listRemove(vm.tdp_mmu_roots, root);
}

/** `kvm_tdp_mmu_get_root()`: refcount_inc_not_zero(). */
export function kvm_tdp_mmu_get_root(root: Ref<'pages'>): bool {
  while (true) {
    const count = pages[root].tdp_mmu_root_count;
    if (count === 0) return false;
    if (compareExchange(pages[root].tdp_mmu_root_count, count, count + 1) === count) return true;
  }
}
/** `refcount_dec_and_test()`. */
export function refcount_dec_and_test(root: Ref<'pages'>): bool {
  while (true) {
    const count = pages[root].tdp_mmu_root_count;
    if (compareExchange(pages[root].tdp_mmu_root_count, count, count - 1) === count) return count === 1;
  }
}

/** `kvm_tdp_mmu_put_root()`: the last reference of a root that is still valid is a bug. */
export function kvm_tdp_mmu_put_root(root: Ref<'pages'>): void {
  if (!refcount_dec_and_test(root)) return;
  acquire(vm.tdp_mmu_pages_lock);
  list_del_rcu(root);
  release(vm.tdp_mmu_pages_lock);
  call_rcu(root);
}

/** `tdp_mmu_next_root()`: takes a reference on what it gives and puts the one on `prev_root`. */
export function tdp_mmu_next_root(prev_root: Ref<'pages'>, only_valid: bool): Ref<'pages'> {
  WARN_ON(!holds(vm.mmu_lock), 'I-24');
  rcu_read_lock();
  let next_root = prev_root === NULL ? listFirst(vm.tdp_mmu_roots) : pages[prev_root].link;
  while (next_root !== NULL) {
    if ((!only_valid || !pages[next_root].role.invalid) && kvm_tdp_mmu_get_root(next_root)) break;
    next_root = pages[next_root].link;
  }
  rcu_read_unlock();
  if (prev_root !== NULL) kvm_tdp_mmu_put_root(prev_root);
  return next_root;
}
