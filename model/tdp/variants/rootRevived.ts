/** Mutant: `refcount_inc()` in place of `refcount_inc_not_zero()`. */
import { type bool, compareExchange, type Ref } from '../../../compiler/subset/vocabulary.ts';
import { pages } from '../machine/pages.ts';

export function kvm_tdp_mmu_get_root(root: Ref<'pages'>): bool {
  while (true) {
    const count = pages[root].tdp_mmu_root_count;
    if (compareExchange(pages[root].tdp_mmu_root_count, count, count + 1) === count) return true;
  }
}
