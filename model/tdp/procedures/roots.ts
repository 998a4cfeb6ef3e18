/**
 * Roots: references and iteration (arch/x86/kvm/mmu/tdp_mmu.c, 6.8 to 6.12; 2.12 of the facts).
 */

import { type bool, compareExchange, listFirst, listNext, NULL, type Ref, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { call_rcu, rcu_read_lock, rcu_read_unlock } from './rcu.ts';

/** `kvm_tdp_mmu_get_root()`: refcount_inc_not_zero(). */
export function kvm_tdp_mmu_get_root(root: Ref<'pages'>): bool {
  while (true) {
    const count = pages[root].tdp_mmu_root_count;
    if (count === 0) return false;
    if (compareExchange(pages[root].tdp_mmu_root_count, count, count + 1) === count) return true;
  }
}

/** `kvm_tdp_mmu_put_root()`: the last reference of a root that is still valid is a bug. It leaves the list with its free. */
export function kvm_tdp_mmu_put_root(root: Ref<'pages'>): void {
  while (true) {
    const count = pages[root].tdp_mmu_root_count;
    if (compareExchange(pages[root].tdp_mmu_root_count, count, count - 1) === count) {
      if (count !== 1) return;
      break;
    }
  }
  WARN_ON(!pages[root].role.invalid, 'I-49');
  call_rcu(root);
}

/** `tdp_mmu_next_root()`: takes a reference on what it gives and puts the one on `prev_root`. */
export function tdp_mmu_next_root(prev_root: Ref<'pages'>, only_valid: bool): Ref<'pages'> {
  rcu_read_lock();
  let next_root = prev_root === NULL ? listFirst(vm.tdp_mmu_roots) : listNext(vm.tdp_mmu_roots, prev_root);
  while (next_root !== NULL) {
    if ((!only_valid || !pages[next_root].role.invalid) && kvm_tdp_mmu_get_root(next_root)) break;
    next_root = listNext(vm.tdp_mmu_roots, next_root);
  }
  rcu_read_unlock();
  if (prev_root !== NULL) kvm_tdp_mmu_put_root(prev_root);
  return next_root;
}
