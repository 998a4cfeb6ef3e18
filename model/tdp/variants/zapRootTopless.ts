/** Mutant: the last pass of the zap is for entries of 1 GiB, so what a higher root links itself stays. */
import { type bool, holdsExclusive, holdsShared, type Ref, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_1G, PG_LEVEL_2M, PG_LEVEL_4K } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { __tdp_mmu_zap_root } from '../procedures/zapRoots.ts';

export function tdp_mmu_zap_root(root: Ref<'pages'>, shared: bool): void {
  WARN_ON(pages[root].tdp_mmu_root_count === 0, 'I-29');
  WARN_ON(shared ? !holdsShared(vm.mmu_lock) : !holdsExclusive(vm.mmu_lock), 'I-24');
  rcu_read_lock();
  __tdp_mmu_zap_root(root, shared, PG_LEVEL_4K);
  __tdp_mmu_zap_root(root, shared, PG_LEVEL_2M);
  __tdp_mmu_zap_root(root, shared, PG_LEVEL_1G);
  rcu_read_unlock();
}
