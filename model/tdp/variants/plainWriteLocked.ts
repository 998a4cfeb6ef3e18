/** A mutant: whoever holds the write lock stores plainly, as if nothing could change an SPTE meanwhile. */
import { type Pointer, put, type u32 } from '../../../compiler/subset/vocabulary.ts';

export function kvm_tdp_mmu_write_spte(sptep: Pointer<'pages', 'spt'>, old_spte: u32, new_spte: u32): u32 {
  put(sptep, new_spte);
  return old_spte;
}
