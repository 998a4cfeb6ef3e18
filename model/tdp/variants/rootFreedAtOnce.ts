/** Mutant: the last put frees the root without a grace period. */
import { acquire, free, type Ref, release } from '../../../compiler/subset/vocabulary.ts';
import { vm } from '../machine/vm.ts';
import { list_del_rcu, refcount_dec_and_test } from '../procedures/roots.ts';

export function kvm_tdp_mmu_put_root(root: Ref<'pages'>): void {
  if (!refcount_dec_and_test(root)) return;
  acquire(vm.tdp_mmu_pages_lock);
  list_del_rcu(root);
  release(vm.tdp_mmu_pages_lock);
  free(root);
}
