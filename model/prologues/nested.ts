/**
 * How the scenarios of nested guests begin: EPT12 is written, and L2 has built its shadow by faults.
 */
import { type Ref, rowAt, type u32, WARN_ON } from '../../compiler/subset/vocabulary.ts';
import { GUEST_FRAMES, PGDS, PT64_ENT_PER_PAGE, RET_PF_FIXED } from '../machine/constants.ts';
import { frames } from '../machine/frames.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_mmu_page_fault } from '../procedures/fault.ts';
import { nested_ept_init_mmu_context, nested_ept_uninit_mmu_context } from '../procedures/guest.ts';
import { guest_table_gfn, init_guest_tables } from '../procedures/guestMemory.ts';
import { giveBudgets, prepareEntry, startVcpu } from './roots.ts';

/** L1 runs; L2 has run with EPTP 0 and touched the page `addr`. */
export function runL2(vcpu: Ref<'vcpus'>, addr: u32): void {
  nested_ept_init_mmu_context(vcpu, 0);
  prepareEntry(vcpu);
  WARN_ON(kvm_mmu_page_fault(vcpu, addr) !== RET_PF_FIXED);
}

/** vCPU 0: L2 has touched its first page, so that R → M → T stand, and L1 runs. */
export function prologue_ept02(): void {
  init_guest_tables();
  startVcpu(rowAt(vcpus, 0), 0);
  runL2(rowAt(vcpus, 0), 0);
  nested_ept_uninit_mmu_context(rowAt(vcpus, 0));
  prepareEntry(rowAt(vcpus, 0));
  giveBudgets();
}

/** vCPU 0 runs L2, which has touched its first page; L1 runs on vCPU 1. */
export function prologue_ept02_running(): void {
  init_guest_tables();
  startVcpu(rowAt(vcpus, 0), 0);
  runL2(rowAt(vcpus, 0), 0);
  startVcpu(rowAt(vcpus, 1), 0);
  giveBudgets();
}

/** The first entries of the first and the last table of the second level lead to one table T, which L2 has touched by either way. */
export function prologue_shared_child(): void {
  init_guest_tables();
  frames[rowAt(frames, GUEST_FRAMES - 1)].entries[0] = guest_table_gfn(PGDS, 0) + 1;
  startVcpu(rowAt(vcpus, 0), 0);
  runL2(rowAt(vcpus, 0), 0);
  WARN_ON(kvm_mmu_page_fault(rowAt(vcpus, 0), PT64_ENT_PER_PAGE * PT64_ENT_PER_PAGE) !== RET_PF_FIXED);
  nested_ept_uninit_mmu_context(rowAt(vcpus, 0));
  prepareEntry(rowAt(vcpus, 0));
  giveBudgets();
}

/** L1 on a direct root R has touched a page below each of the first two tables of level 1: R → P → C1, C2. */
export function prologue_ept01(): void {
  startVcpu(rowAt(vcpus, 0), 0);
  WARN_ON(kvm_mmu_page_fault(rowAt(vcpus, 0), 0) !== RET_PF_FIXED);
  WARN_ON(kvm_mmu_page_fault(rowAt(vcpus, 0), PT64_ENT_PER_PAGE) !== RET_PF_FIXED);
  giveBudgets();
}
