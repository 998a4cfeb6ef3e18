/** 6.12 with CONFIG_KVM_PROVE_MMU: the passes over 4K and 2M entries are left out, so what is unlinked is full. */
import { type bool, holdsExclusive, holdsShared, type Ref, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_1G, PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { rcu_read_lock, rcu_read_unlock } from '../procedures/rcu.ts';
import { __tdp_mmu_zap_root } from '../procedures/zapRoots.ts';

export function tdp_mmu_zap_root(root: Ref<'pages'>, shared: bool): void {
  WARN_ON(pages[root].tdp_mmu_root_count === 0, 'I-29');
  WARN_ON(shared ? !holdsShared(vm.mmu_lock) : !holdsExclusive(vm.mmu_lock), 'I-24');
  rcu_read_lock();
  if (PT64_ROOT_LEVEL > PG_LEVEL_1G) __tdp_mmu_zap_root(root, shared, PG_LEVEL_1G);
  __tdp_mmu_zap_root(root, shared, PT64_ROOT_LEVEL);
  rcu_read_unlock();
}
