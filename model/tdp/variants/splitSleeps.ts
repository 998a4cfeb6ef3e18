/** A mutant: the allocation that may sleep is made with the locks held. */
import type { bool, Ref } from '../../../compiler/subset/vocabulary.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { __tdp_mmu_alloc_sp_for_split } from './allocNowait.ts';

export function tdp_mmu_alloc_sp_yielding(iter: TdpIter, shared: bool): Ref<'pages'> {
  return __tdp_mmu_alloc_sp_for_split(true);
}
