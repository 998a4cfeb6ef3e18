/** How scenarios begin in which vCPUs load and drop roots. */
import { type Ref, rowAt, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { BUDGET, GFNS, PG_LEVEL_4K, RET_PF_FIXED, VCPUS } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { type Fault, kvm_tdp_mmu_page_fault } from './fault.ts';
import { kvm_mmu_reload } from './vcpuRoots.ts';

/** `kvm_arch_vcpu_create()`: its guest has not run yet. Hooks know from this that the vCPU is outside. */
export function kvm_arch_vcpu_create(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].budget = BUDGET;
}
/** Each vCPU has loaded the root; nothing is mapped. */
export function prologue_loaded(): void {
  for (let v: u32 = 0; v < VCPUS; v++) {
    kvm_arch_vcpu_create(rowAt(vcpus, v));
    WARN_ON(kvm_mmu_reload(rowAt(vcpus, v)) !== 0);
  }
}
/** Besides, vCPU 0 has faulted every gfn in. */
export function prologue_mapped(): void {
  prologue_loaded();
  for (let gfn: u32 = 0; gfn < GFNS; gfn++) {
    const fault: Fault = { gfn: 0, pfn: 0, mmu_seq: 0, goal_level: PG_LEVEL_4K, logging: false, write: true };
    fault.gfn = gfn;
    WARN_ON(kvm_tdp_mmu_page_fault(rowAt(vcpus, 0), fault) !== RET_PF_FIXED);
  }
}
