/**
 * 5.18 to 6.3: the TDP MMU has no reference of its own. The last put of a valid root makes it invalid and gives it, with a new reference,
 * to a worker; so does the fast zap with every valid root.
 */
import {
  acquire,
  holds,
  holdsExclusive,
  listFirst,
  listIsEmpty,
  NULL,
  type Ref,
  release,
  WARN_ON,
  wait,
} from '../../../compiler/subset/vocabulary.ts';
import { PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { call_rcu } from '../procedures/rcu.ts';
import { kvm_tdp_mmu_get_root, list_del_rcu, refcount_dec_and_test } from '../procedures/roots.ts';
import { tdp_mmu_queue_work } from '../procedures/zapWorker.ts';

export function tdp_mmu_init_root(root: Ref<'pages'>): void {
  pages[root].role.level = PT64_ROOT_LEVEL;
  pages[root].tdp_mmu_root_count = 1;
}
/** The worker owns a reference. */
export function tdp_mmu_schedule_zap_root(root: Ref<'pages'>): void {
  tdp_mmu_queue_work(root);
}
export function kvm_tdp_mmu_put_root(root: Ref<'pages'>): void {
  WARN_ON(!holds(vm.mmu_lock), 'I-24');
  if (!refcount_dec_and_test(root)) return;
  if (!pages[root].role.invalid) {
    pages[root].role.invalid = true;
    pages[root].tdp_mmu_root_count = 1;
    tdp_mmu_schedule_zap_root(root);
    return;
  }
  acquire(vm.tdp_mmu_pages_lock);
  list_del_rcu(root);
  release(vm.tdp_mmu_pages_lock);
  call_rcu(root);
}
export function kvm_tdp_mmu_invalidate_all_roots(): void {
  WARN_ON(!holdsExclusive(vm.mmu_lock), 'I-24');
  for (let root = listFirst(vm.tdp_mmu_roots); root !== NULL; root = pages[root].link) {
    if (!pages[root].role.invalid && !WARN_ON(!kvm_tdp_mmu_get_root(root))) {
      pages[root].role.invalid = true;
      tdp_mmu_schedule_zap_root(root);
    }
  }
}
/** `flush_workqueue()`, which waits for what is queued by then; here nobody queues more for ever. */
export function kvm_tdp_mmu_zap_invalidated_roots(): void {
  wait(listIsEmpty(vm.tdp_mmu_zap_wq), 'kvm_tdp_mmu_zap workqueue');
}
