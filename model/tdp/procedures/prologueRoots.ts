/** How scenarios begin in which vCPUs load and drop roots. */
import { acquire, type Ref, release, rowAt, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { BUDGET, GFNS, PG_LEVEL_4K, RET_PF_FIXED, VCPUS } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_tdp_mmu_page_fault } from './fault.ts';
import type { Fault } from './faultRecord.ts';
import { kvm_mmu_free_roots, kvm_mmu_reload } from './vcpuRoots.ts';
import { kvm_tdp_mmu_invalidate_all_roots } from './zapRoots.ts';

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
/** vCPU 0 faults every gfn in. */
export function fault_all_in(): void {
  for (let gfn: u32 = 0; gfn < GFNS; gfn++) {
    const fault: Fault = { gfn: 0, pfn: 0, mmu_seq: 0, goal_level: PG_LEVEL_4K, logging: false, write: true };
    fault.gfn = gfn;
    WARN_ON(kvm_tdp_mmu_page_fault(rowAt(vcpus, 0), fault) !== RET_PF_FIXED);
  }
}
/** Besides, vCPU 0 has faulted every gfn in. */
export function prologue_mapped(): void {
  prologue_loaded();
  fault_all_in();
}
/** After that all roots were made invalid, and vCPU 0 has let go of its own: a fast zap that is about to zap them. */
export function prologue_invalidated(): void {
  prologue_mapped();
  acquire(vm.mmu_lock);
  kvm_tdp_mmu_invalidate_all_roots();
  release(vm.mmu_lock);
  kvm_mmu_free_roots(rowAt(vcpus, 0));
}
/** And has a new one, with all gfns mapped again. */
export function prologue_invalid_behind(): void {
  prologue_invalidated();
  WARN_ON(kvm_mmu_reload(rowAt(vcpus, 0)) !== 0);
  fault_all_in();
}
