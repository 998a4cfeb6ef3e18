/** A pre-fault that services the request before each of its tries: nothing can make its root obsolete for good. */
import type { Ref, u32 } from '../../../compiler/subset/vocabulary.ts';
import { RET_PF_RETRY } from '../machine/constants.ts';
import { kvm_mmu_do_page_fault } from '../procedures/memslotFault.ts';
import { kvm_mmu_reload } from '../procedures/vcpuRoots.ts';

/** `kvm_tdp_map_page()`. */
export function kvm_tdp_map_page(vcpu: Ref<'vcpus'>, gfn: u32): u32 {
  while (true) {
    kvm_mmu_reload(vcpu);
    const r = kvm_mmu_do_page_fault(vcpu, gfn, true);
    if (r !== RET_PF_RETRY) return r;
  }
}
