/** What a memslot's end means until 6.11, and in 6.12 unless the quirk is switched off: everything is zapped. */
import type { Ref } from '../../../compiler/subset/vocabulary.ts';
import { kvm_mmu_zap_all_fast } from '../procedures/zapRoots.ts';

/** `kvm_arch_flush_shadow_memslot()`. */
export function kvm_arch_flush_shadow_memslot(slot: Ref<'memslots'>): void {
  kvm_mmu_zap_all_fast();
}
