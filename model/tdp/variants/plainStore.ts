/** A mutant: with the read lock an SPTE is compared and then stored, as if nobody else wrote meanwhile. */
import { at, put, type s32, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { EBUSY } from '../machine/constants.ts';
import type { TdpIter } from '../procedures/iter.ts';
import { is_frozen_spte } from '../procedures/spte.ts';

export function __tdp_mmu_set_spte_atomic(iter: TdpIter, new_spte: u32): s32 {
  WARN_ON(iter.yielded);
  WARN_ON(is_frozen_spte(iter.old_spte), 'I-43');
  const found = at(iter.sptep);
  if (found !== iter.old_spte) {
    iter.old_spte = found;
    return -EBUSY;
  }
  put(iter.sptep, new_spte);
  return 0;
}
