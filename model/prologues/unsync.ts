/**
 * How the scenarios of unsync pages begin: the guest maps its own level-1 table, so that it can write to it.
 */
import { type Ref, rowAt, type u32, WARN_ON } from '../../compiler/subset/vocabulary.ts';
import { GUEST_FRAMES, KVM_REQ_MMU_SYNC, KVM_REQ_TLB_FLUSH_CURRENT, PT64_ENT_PER_PAGE, RET_PF_FIXED, VCPUS } from '../machine/constants.ts';
import { frames } from '../machine/frames.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_mmu_do_page_fault, kvm_mmu_page_fault } from '../procedures/fault.ts';
import { init_guest_tables } from '../procedures/guestMemory.ts';
import { kvm_clear_request } from '../procedures/requests.ts';
import { kvm_x86_flush_tlb_current } from '../procedures/roots.ts';
import { kvm_invalidate_pcid, kvm_mmu_sync_roots } from '../procedures/sync.ts';
import { emulator_write_phys } from '../procedures/writeTracking.ts';
import { giveBudgets, startVcpu } from './roots.ts';

/** The guest flushes its TLB. */
export function flushOnce(vcpu: Ref<'vcpus'>): void {
  kvm_invalidate_pcid(vcpu);
  kvm_clear_request(KVM_REQ_MMU_SYNC, vcpu);
  kvm_mmu_sync_roots(vcpu);
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

/**
 * Three levels. R leads to M, and M to T, which shadows `table`; by another way, over the top table's last entry, the guest maps `table`
 * and has written to it, so that T is unsync. Then it has cleared the first entry of `above`, the top table or that of M, and flushed: no
 * walk from R meets T any more, and M or T has no parent.
 */
export function prologue_unlinked_unsync(table: u32, above: u32): void {
  const vcpu = rowAt(vcpus, 0);
  const addr: u32 = (PT64_ENT_PER_PAGE - 1) * PT64_ENT_PER_PAGE * PT64_ENT_PER_PAGE;
  init_guest_tables();
  frames[rowAt(frames, GUEST_FRAMES - 1)].entries[0] = table + 1;
  startVcpu(vcpu, 0);
  WARN_ON(kvm_mmu_page_fault(vcpu, 0) !== RET_PF_FIXED);
  WARN_ON(kvm_mmu_do_page_fault(vcpu, addr, true) !== RET_PF_FIXED);
  emulator_write_phys(vcpu, above, 0, 0);
  flushOnce(vcpu);
  giveBudgets();
}

/** Three levels. R leads to M, and M to T1 and T2; T1 shadows `table`, which the last of its entries maps, and is unsync. */
export function prologue_unsync_below(table: u32): void {
  const vcpu = rowAt(vcpus, 0);
  init_guest_tables();
  frames[rowAt(frames, table)].entries[PT64_ENT_PER_PAGE - 1] = table + 1;
  startVcpu(vcpu, 0);
  WARN_ON(kvm_mmu_page_fault(vcpu, 0) !== RET_PF_FIXED);
  WARN_ON(kvm_mmu_do_page_fault(vcpu, PT64_ENT_PER_PAGE - 1, true) !== RET_PF_FIXED);
  WARN_ON(kvm_mmu_page_fault(vcpu, PT64_ENT_PER_PAGE) !== RET_PF_FIXED);
  giveBudgets();
}
