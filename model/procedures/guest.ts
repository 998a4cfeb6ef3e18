/**
 * What guests do, and how KVM handles the exits that it causes: switching PGDs, writing to shadowed tables, faulting,
 * nested entry and exit (arch/x86/kvm/x86.c `kvm_set_cr3()`, arch/x86/kvm/vmx/nested.c; 2.23 of the facts).
 *
 * Which of these a guest may do is a constant of the scenario; each costs one unit of its budget. Why the guest
 * exited is chosen late, when the exit is handled: nobody could have seen it before. A guest that sets the PCID
 * no-flush bit is assumed, so a switch to another CR3 requests no flush by itself: fewer flushes mean more stale entries. The choice among CR3 values leaves out the one that is loaded.
 */

import {
  at,
  type bool,
  choose,
  chooseBool,
  indexOf,
  pointerTo,
  type Ref,
  rowAt,
  rowOf,
  type Small,
  type u32,
} from '../../compiler/subset/vocabulary.ts';
import {
  ADDRESSES,
  DIRECT_L1,
  FIRST_WRITTEN_TABLE,
  GUEST_FAULTS,
  GUEST_FLUSHES,
  GUEST_FRAMES,
  GUEST_NESTS,
  GUEST_SWITCHES_PGD,
  GUEST_VALUES,
  GUEST_WRITE_FAULTS,
  GUEST_WRITES_PGD,
  GUEST_WRITES_TABLES,
  L1_FAULTS,
  OTHER_PGDS,
  PGDS,
  PT64_ENT_PER_PAGE,
  PT64_ROOT_LEVEL,
  RET_PF_EMULATE,
  SHORT_PGDS,
  USES_PAE_ROOT,
  WRITTEN_PGDS,
  WRITTEN_TABLES,
} from '../machine/constants.ts';
import { frames } from '../machine/frames.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { kvm_mmu_do_page_fault, kvm_mmu_page_fault } from './fault.ts';
import { guest_value, shadow_pt_index } from './guestMemory.ts';
import { type GuestWalker, walk_addr } from './guestTables.ts';
import { kvm_mmu_new_pgd } from './rootCache.ts';
import { guest_mmu, root_mmu } from './roots.ts';
import { is_last_spte, is_shadow_present_pte, is_writable_pte, spte_to_child_sp, spte_to_pfn } from './spte.ts';
import { kvm_invalidate_pcid, kvm_mmu_invlpg } from './sync.ts';
import { emulator_write_phys, kvm_mmu_pte_write } from './writeTracking.ts';

/** Whether the vCPU's bit is set in a scenario constant. */
export function may(vcpu: Ref<'vcpus'>, mask: u32): bool {
  return (mask & (1 << indexOf(vcpu))) !== 0;
}

/** `kvm_init_mmu()`: for the prologue. */
export function kvm_init_mmu(vcpu: Ref<'vcpus'>): void {
  mmus[root_mmu(vcpu)].root_role.level = PT64_ROOT_LEVEL;
  mmus[root_mmu(vcpu)].root_role.direct = DIRECT_L1;
  mmus[root_mmu(vcpu)].usesPaeRoot = may(vcpu, USES_PAE_ROOT);
  mmus[guest_mmu(vcpu)].root_role.level = PT64_ROOT_LEVEL;
  mmus[guest_mmu(vcpu)].root_role.guest_mode = true;
  vcpus[vcpu].mmu = root_mmu(vcpu);
}

/** `kvm_set_cr3()`. */
export function kvm_set_cr3(vcpu: Ref<'vcpus'>, cr3: u32): void {
  if (cr3 !== vcpus[vcpu].guest.cr3) kvm_mmu_new_pgd(vcpu, cr3);
  vcpus[vcpu].guest.cr3 = cr3;
}

/** `nested_ept_init_mmu_context()` with `kvm_init_shadow_ept_mmu()`: L1 runs L2 with `eptp`. */
export function nested_ept_init_mmu_context(vcpu: Ref<'vcpus'>, eptp: u32): void {
  vcpus[vcpu].mmu = guest_mmu(vcpu);
  vcpus[vcpu].guest.eptp = eptp;
  mmus[guest_mmu(vcpu)].root_role.level = (SHORT_PGDS & (1 << eptp)) !== 0 ? PT64_ROOT_LEVEL - 1 : PT64_ROOT_LEVEL;
  kvm_mmu_new_pgd(vcpu, eptp);
}

/**
 * `nested_ept_uninit_mmu_context()`, then `nested_vmx_load_cr3()` of the host's CR3: back to L1, whose PGD is looked up
 * like any other (6.1, `load_vmcs12_host_state()`; the same in svm/nested.c). L2's MMU frees nothing.
 */
export function nested_ept_uninit_mmu_context(vcpu: Ref<'vcpus'>): void {
  vcpus[vcpu].mmu = root_mmu(vcpu);
  kvm_mmu_new_pgd(vcpu, vcpus[vcpu].guest.cr3);
}

/** `is_guest_mode()`: whether L2 runs. */
export function is_guest_mode(vcpu: Ref<'vcpus'>): bool {
  return vcpus[vcpu].mmu === guest_mmu(vcpu);
}

/** `kvm_mmu_page_fault()` of an access that writes: one to a table that must stay protected is emulated. */
export function guest_write_fault(vcpu: Ref<'vcpus'>, addr: u32): void {
  const r = kvm_mmu_do_page_fault(vcpu, addr, true);
  const walker: GuestWalker = { pte1: 0, pte2: 0, pte3: 0, pte4: 0 };
  if (r !== RET_PF_EMULATE || !walk_addr(walker, vcpu, addr) || walker.pte1 > GUEST_FRAMES) return;
  const table = walker.pte1 - 1;
  const index = choose('entry', PT64_ENT_PER_PAGE);
  emulator_write_phys(vcpu, table, index, guest_value(table, index, choose('value', GUEST_VALUES)));
}

/**
 * A write of the guest that its hardware completes by itself, while the guest runs: it walks the tables, an SPTE a step, and keeps what it
 * found until it has written, as a TLB would. Only writes to guest tables count.
 */
export function guest_stores(vcpu: Ref<'vcpus'>): void {
  if (vcpus[vcpu].guest.budget === 0 || !chooseBool('guest writes to a table')) return;
  const addr = choose('address', ADDRESSES);
  let sp = rowOf(mmus[vcpus[vcpu].mmu].hw_root);
  let pte: u32 = 0;
  for (let depth: u32 = 0; depth < PT64_ROOT_LEVEL; depth++) {
    pte = at(pointerTo(pages, sp, 'spt', shadow_pt_index(addr, pages[sp].role.level)));
    if (!is_shadow_present_pte(pte)) return;
    if (is_last_spte(pte)) break;
    sp = spte_to_child_sp(pte);
  }
  if (!is_writable_pte(pte) || spte_to_pfn(pte) >= GUEST_FRAMES) return;
  const table = spte_to_pfn(pte);
  const index = choose('entry', PT64_ENT_PER_PAGE);
  const value = choose('value', GUEST_VALUES);
  vcpus[vcpu].guest.budget -= 1;
  frames[rowAt(frames, table)].entries[index] = guest_value(table, index, value);
}

/** Handles the exit: an interrupt, which needs nothing, or what the guest did. */
export function handle_exit(vcpu: Ref<'vcpus'>): void {
  if (vcpus[vcpu].guest.budget === 0) return;
  if (may(vcpu, GUEST_SWITCHES_PGD) && !is_guest_mode(vcpu) && chooseBool('guest loads CR3')) {
    let cr3: Small<15> = choose('CR3', OTHER_PGDS);
    if (cr3 >= vcpus[vcpu].guest.cr3) cr3 += 1;
    vcpus[vcpu].guest.budget -= 1;
    kvm_set_cr3(vcpu, cr3);
    return;
  }
  if (may(vcpu, GUEST_WRITES_PGD) && !is_guest_mode(vcpu) && chooseBool('guest writes a PGD entry')) {
    const pgd = choose('PGD', WRITTEN_PGDS);
    const index = choose('entry', PT64_ENT_PER_PAGE);
    vcpus[vcpu].guest.budget -= 1;
    kvm_mmu_pte_write(pgd, index);
    return;
  }
  if (may(vcpu, GUEST_WRITES_TABLES) && !is_guest_mode(vcpu) && chooseBool('L1 writes a table entry')) {
    const table = FIRST_WRITTEN_TABLE + choose('table', WRITTEN_TABLES);
    const index = choose('entry', PT64_ENT_PER_PAGE);
    const value = choose('value', GUEST_VALUES);
    vcpus[vcpu].guest.budget -= 1;
    emulator_write_phys(vcpu, table, index, guest_value(table, index, value));
    return;
  }
  if (may(vcpu, GUEST_FAULTS) && (L1_FAULTS || is_guest_mode(vcpu)) && chooseBool('guest faults')) {
    const addr = choose('address', ADDRESSES);
    vcpus[vcpu].guest.budget -= 1;
    if (may(vcpu, GUEST_WRITE_FAULTS) && chooseBool('it writes')) guest_write_fault(vcpu, addr);
    else kvm_mmu_page_fault(vcpu, addr);
    return;
  }
  if (may(vcpu, GUEST_FLUSHES) && chooseBool('guest flushes its TLB')) {
    vcpus[vcpu].guest.budget -= 1;
    if (chooseBool('by INVLPG')) kvm_mmu_invlpg(vcpu, choose('address', ADDRESSES));
    else kvm_invalidate_pcid(vcpu);
    return;
  }
  if (may(vcpu, GUEST_NESTS)) {
    if (is_guest_mode(vcpu)) {
      if (chooseBool('L2 exits to L1')) {
        vcpus[vcpu].guest.budget -= 1;
        nested_ept_uninit_mmu_context(vcpu);
      }
    } else if (chooseBool('L1 enters L2')) {
      const eptp = choose('EPTP', PGDS);
      vcpus[vcpu].guest.budget -= 1;
      nested_ept_init_mmu_context(vcpu, eptp);
    }
  }
}
