/** What a memslot's end means until 6.11, as `memslotZapAll.ts`, with the slot's gfns said: properties about zaps of ranges look at these. */
import type { Ref, u32 } from '../../../compiler/subset/vocabulary.ts';
import { memslots } from '../machine/memslots.ts';
import { kvm_mmu_zap_all_fast } from '../procedures/zapRoots.ts';

/** `kvm_page_track_flush_slot()`'s one listener until 6.7, later part of `kvm_arch_flush_shadow_memslot()`: whatever the range, everything. */
export function kvm_mmu_invalidate_zap_pages_in_memslot(start: u32, end: u32): void {
  kvm_mmu_zap_all_fast();
}
/** `kvm_arch_flush_shadow_memslot()`. */
export function kvm_arch_flush_shadow_memslot(slot: Ref<'memslots'>): void {
  kvm_mmu_invalidate_zap_pages_in_memslot(memslots[slot].base_gfn, memslots[slot].base_gfn + 1);
}
