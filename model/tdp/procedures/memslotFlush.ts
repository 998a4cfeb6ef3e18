/** What the architecture does to take a memslot's SPTEs away (arch/x86/kvm/mmu/mmu.c; 2.11 and 2.21 of the facts). */
import { acquire, type Ref, release } from '../../../compiler/subset/vocabulary.ts';
import { memslots } from '../machine/memslots.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { kvm_tdp_mmu_unmap_gfn_range } from './zap.ts';

/** `kvm_arch_flush_shadow_memslot()`, 6.12 with KVM_X86_QUIRK_SLOT_ZAP_ALL switched off: all roots, the leaves of the slot only. */
export function kvm_arch_flush_shadow_memslot(slot: Ref<'memslots'>): void {
  acquire(vm.mmu_lock);
  const flush = kvm_tdp_mmu_unmap_gfn_range(memslots[slot].base_gfn, memslots[slot].base_gfn + 1, true, false);
  if (flush) kvm_flush_remote_tlbs();
  release(vm.mmu_lock);
}
