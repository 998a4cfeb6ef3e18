/**
 * How the scenarios of unsync pages begin: the guest maps its own level-1 table, so that it can write to it.
 */
import { type Ref, rowAt, type u32, WARN_ON } from '../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_SYNC, KVM_REQ_TLB_FLUSH_CURRENT, PT64_ENT_PER_PAGE, RET_PF_FIXED, VCPUS } from '../machine/constants.ts';
import { frames } from '../machine/frames.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_mmu_do_page_fault, kvm_mmu_page_fault } from '../procedures/fault.ts';
import { init_guest_tables } from '../procedures/guestMemory.ts';
import { kvm_clear_request } from '../procedures/requests.ts';
import { kvm_x86_flush_tlb_current } from '../procedures/roots.ts';
import { kvm_invalidate_pcid } from '../procedures/sync.ts';
import { giveBudgets, startVcpu } from './roots.ts';

/** The guest flushes its TLB before anything is unsync. */
export function flushOnce(vcpu: Ref<'vcpus'>): void {
  kvm_invalidate_pcid(vcpu);
  kvm_clear_request(KVM_REQ_MMU_SYNC, vcpu);
  kvm_clear_request(KVM_REQ_TLB_FLUSH_CURRENT, vcpu);
  kvm_x86_flush_tlb_current(vcpu);
}

/** Each vCPU runs on PGD 0; the last entry of `table`, the first of level 1, maps this table itself, and the guest has read it. */
export function runOnSelfMap(table: u32): void {
  init_guest_tables();
  frames[rowAt(frames, table)].entries[PT64_ENT_PER_PAGE - 1] = table + 1;
  for (let i: u32 = 0; i < VCPUS; i++) {
    const vcpu = rowAt(vcpus, i);
    startVcpu(vcpu, 0);
    WARN_ON(kvm_mmu_page_fault(vcpu, PT64_ENT_PER_PAGE - 1) !== RET_PF_FIXED);
  }
  for (let i: u32 = 0; i < VCPUS; i++) flushOnce(rowAt(vcpus, i));
}

/** That table is still protected. */
export function prologue_self_map(table: u32): void {
  runOnSelfMap(table);
  giveBudgets();
}

/** The guest has written to that table, so that it is writable and its page unsync. */
export function prologue_unsync(table: u32): void {
  runOnSelfMap(table);
  WARN_ON(kvm_mmu_do_page_fault(rowAt(vcpus, 0), PT64_ENT_PER_PAGE - 1, true) !== RET_PF_FIXED);
  giveBudgets();
}
