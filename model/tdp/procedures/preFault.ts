/**
 * KVM_PRE_FAULT_MEMORY (virt/kvm/kvm_main.c, arch/x86/kvm/mmu/mmu.c, 6.11 to 6.12; 2.6 of the facts): faults in the ioctl itself, where
 * nothing services requests and SRCU is held throughout.
 *
 * Left out: signals, which end the loop; ranges of more than one page.
 */
import { type bool, NULL, type Ref, type s32, type u32, wait } from '../../../compiler/subset/vocabulary.ts';
import { RET_PF_RETRY } from '../machine/constants.ts';
import { memslots, slots } from '../machine/memslots.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_mmu_do_page_fault } from './memslotFault.ts';
import { kvm_vcpu_srcu_read_lock, kvm_vcpu_srcu_read_unlock } from './srcu.ts';
import { kvm_mmu_reload } from './vcpuRoots.ts';

/** The gfn's slot is marked INVALID: trying again gives the same, until that changes. */
export function gfn_in_invalid_slot(gfn: u32): bool {
  const slot = slots.memslots;
  return slot !== NULL && memslots[slot].base_gfn === gfn && memslots[slot].invalid;
}
/** `kvm_tdp_map_page()`: tries again for as long as it takes. */
export function kvm_tdp_map_page(vcpu: Ref<'vcpus'>, gfn: u32): u32 {
  while (true) {
    const r = kvm_mmu_do_page_fault(vcpu, gfn, true);
    if (r !== RET_PF_RETRY) return r;
    // Rounds in which nothing can be different are a wait.
    wait(!gfn_in_invalid_slot(gfn), 'memslot no longer INVALID');
  }
}
/** `kvm_arch_vcpu_pre_fault_memory()`: loads a root if there is none; one that is obsolete is a root. */
export function kvm_arch_vcpu_pre_fault_memory(vcpu: Ref<'vcpus'>, gfn: u32): s32 {
  const r = kvm_mmu_reload(vcpu);
  if (r !== 0) return r;
  kvm_tdp_map_page(vcpu, gfn);
  return 0;
}
/** `kvm_vcpu_pre_fault_memory()`, for gfn 0. */
export function kvm_vcpu_pre_fault_memory(vcpu: Ref<'vcpus'>): void {
  kvm_vcpu_srcu_read_lock(vcpu);
  kvm_arch_vcpu_pre_fault_memory(vcpu, 0);
  kvm_vcpu_srcu_read_unlock(vcpu);
  vcpus[vcpu].done = true;
}
