/** A mutant: KVM_CLEAR_DIRTY_LOG takes the bits of a huge page that it could not split, and leaves it W. */
import type { u32 } from '../../../compiler/subset/vocabulary.ts';

export function kvm_mmu_slot_gfn_write_protect(gfn: u32, min_level: u32): void {}
