/**
 * The end of dirty logging: small pages are left where huge ones may be again (2.7 and 2.18 of the facts).
 *
 * Left out: `kvm_mmu_zap_collapsible_sptes()`, which unlinks such tables ahead of any fault, and all else that the change of the memslot does:
 * nothing of it waits for faults that found the slot as it was before that one sees the change.
 */
import { type Ref, rowAt, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K, RET_PF_FIXED } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_tdp_mmu_page_fault } from './fault.ts';
import type { Fault } from './faultRecord.ts';
import { prologue_root } from './prologue.ts';

/** The slot is logged, and the guest has written to gfn 0 alone: a table with one small page. */
export function prologue_logged_small_page(): void {
  vm.dirty_logging = true;
  prologue_root();
  const fault: Fault = { gfn: 0, pfn: 0, mmu_seq: 0, goal_level: PG_LEVEL_4K, logging: true, write: true };
  WARN_ON(kvm_tdp_mmu_page_fault(rowAt(vcpus, 0), fault) !== RET_PF_FIXED);
}

/** `KVM_SET_USER_MEMORY_REGION` without KVM_MEM_LOG_DIRTY_PAGES: faults that begin from now on find the slot so. */
export function logging_ends(): void {
  vm.dirty_logging = false;
}

/** A vCPU whose guest writes to `gfn` once, which nothing maps. Its fault finds the slot while it is logged, or later. */
export function vcpu_writes_once(vcpu: Ref<'vcpus'>, gfn: u32): void {
  const fault: Fault = { gfn: 0, pfn: 0, mmu_seq: 0, goal_level: PG_LEVEL_4K, logging: false, write: true };
  fault.gfn = gfn;
  fault.logging = vm.dirty_logging;
  kvm_tdp_mmu_page_fault(vcpu, fault);
  vcpus[vcpu].done = true;
}
