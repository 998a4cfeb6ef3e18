/**
 * Named constants of the kernel as the TDP MMU sees them, and the scaled values that the compiler gives them.
 *
 * In: bounds and the scenario's options. Out: `constantsOf` for the compiler, names for the editor.
 * Never: a value that procedures could change. The names exported here carry types only.
 */
import type { s32, u32 } from '../../../compiler/subset/vocabulary.ts';
import type { Bounds } from '../../machine/bounds.ts';
import type { Constant, ModelOptions } from '../../machine/constants.ts';
import { rootConstants } from './rootConstants.ts';

/** Flags below the address: MMU-present, leaf, W, D, MMU-writable, host-writable. */
const addressShift = 6;

/** Bits of the address part: row of a table page, or pfn. */
function addressBits(bounds: Bounds): number {
  return Math.ceil(Math.log2(Math.max(bounds.pages, bounds.gfns, 2)));
}
/** Bits of one SPTE. */
export function spteBits(bounds: Bounds): number {
  return addressShift + addressBits(bounds);
}
/** Threads that a scenario may have at most. */
export const taskCount = 6;
/** Memslots at once: a slot, its copy that is marked INVALID, and what a move makes of it. */
export const slotCopies = 3;

/** Values of all constants below, in the encoding of the compiler. */
export function tdpConstantsOf(bounds: Bounds, options: ModelOptions): ReadonlyMap<string, Constant> {
  const tdp = options.tdp ?? {};
  const unsigned: Record<string, number> = {
    ...rootConstants,
    // The neighbours of what is empty are not present: an SPTE that is one off is garbage, not a link.
    SPTE_LAST_MASK: 1,
    SPTE_MMU_PRESENT_MASK: 2,
    PT_WRITABLE_MASK: 4,
    PT_DIRTY_MASK: 8,
    shadow_mmu_writable_mask: 16,
    shadow_host_writable_mask: 32,
    SPTE_ADDR_SHIFT: addressShift,
    SHADOW_NONPRESENT_VALUE: 0,
    // Of all flags that code tests before it asks whether the SPTE is present (W, D) it has none, as the kernel's; nor is it next to what is empty.
    FROZEN_SPTE: 33,
    SPTE_ENT_PER_PAGE: bounds.fanout,
    PG_LEVEL_4K: 1,
    PG_LEVEL_2M: 2,
    PG_LEVEL_1G: 3,
    HUGE_LEVEL: tdp.hugeLevel ?? 2,
    PT64_ROOT_LEVEL: bounds.levels,
    VCPUS: bounds.vcpus,
    PAGES: bounds.pages,
    GFNS: bounds.gfns,
    // Neither a gfn nor the end of a range of them.
    INVALID_GPA: bounds.gfns + 1,
    TASKS: taskCount,
    MEMSLOTS: slotCopies,
    BUDGET: bounds.budget,
    RET_PF_CONTINUE: 0,
    RET_PF_RETRY: 1,
    RET_PF_FIXED: 2,
    RET_PF_SPURIOUS: 3,
    RET_PF_INVALID: 5,
    SRCU_READING: 1,
    SRCU_WAITED: 2,
  };
  const u32Type = { kind: 'int', min: 0, max: 0xffff_ffff, overflow: 'wrap', underflow: 'wrap' } as const;
  const s32Type = { kind: 'int', min: -0x8000_0000, max: 0x7fff_ffff, overflow: 'wrap', underflow: 'wrap' } as const;
  const map = new Map<string, Constant>(Object.entries(unsigned).map(([name, value]) => [name, { type: u32Type, value }]));
  map.set('EBUSY', { type: s32Type, value: 16 });
  map.set('ENOMEM', { type: s32Type, value: 12 });
  map.set('HUGE_PAGES', { type: { kind: 'bool' }, value: tdp.hugePages === true ? 1 : 0 });
  map.set('GUEST_WRITES', { type: { kind: 'bool' }, value: tdp.guestWrites === true ? 1 : 0 });
  map.set('GUEST_CHANGES_ROLE', { type: { kind: 'bool' }, value: tdp.guestChangesRole === true ? 1 : 0 });
  map.set('ALLOCATION_FAILS', { type: { kind: 'bool' }, value: tdp.allocationFails === true ? 1 : 0 });
  map.set('AD_BITS', { type: { kind: 'bool' }, value: tdp.adBits === true ? 1 : 0 });
  map.set('MANUAL_PROTECT', { type: { kind: 'bool' }, value: tdp.manualProtect === true ? 1 : 0 });
  map.set('INITIALLY_SET', { type: { kind: 'bool' }, value: tdp.initiallySet === true ? 1 : 0 });
  map.set('SLOT_ZAP_ALL', { type: { kind: 'bool' }, value: tdp.slotZapsItself === true ? 0 : 1 });
  map.set('SHARED_PFN', { type: { kind: 'bool' }, value: tdp.sharedPfn === true ? 1 : 0 });
  return map;
}

/** Stands for the value that `tdpConstantsOf` gives: never read, since procedures are compiled. */
function scaled<T>(): T {
  return undefined as T;
}
/** MMU-present. */
export const SPTE_MMU_PRESENT_MASK = scaled<u32>();
/** A translation, of whatever size, if present. */
export const SPTE_LAST_MASK = scaled<u32>();
export const PT_WRITABLE_MASK = scaled<u32>();
export const PT_DIRTY_MASK = scaled<u32>();
/** KVM itself has no reason to keep writes out, but dirty logging: a lock-free fault may set W. */
export const shadow_mmu_writable_mask = scaled<u32>();
/** The host lets the guest write to the page. */
export const shadow_host_writable_mask = scaled<u32>();
export const SPTE_ADDR_SHIFT = scaled<u32>();
export const SHADOW_NONPRESENT_VALUE = scaled<u32>();
/** REMOVED_SPTE until 6.10. Not present. */
export const FROZEN_SPTE = scaled<u32>();
export const SPTE_ENT_PER_PAGE = scaled<u32>();
export const PG_LEVEL_4K = scaled<u32>();
export const PG_LEVEL_2M = scaled<u32>();
export const PG_LEVEL_1G = scaled<u32>();
/** Level at which a huge page of the host is mapped. */
export const HUGE_LEVEL = scaled<u32>();
export const PT64_ROOT_LEVEL = scaled<u32>();
/** Numbers of rows. */
export const VCPUS = scaled<u32>();
export const PAGES = scaled<u32>();
export const GFNS = scaled<u32>();
export const INVALID_GPA = scaled<u32>();
export const TASKS = scaled<u32>();
export const MEMSLOTS = scaled<u32>();
/** Accesses of one vCPU's guest. */
export const BUDGET = scaled<u32>();
/** Of a part of a fault: nothing is decided yet. */
export const RET_PF_CONTINUE = scaled<u32>();
export const RET_PF_RETRY = scaled<u32>();
export const RET_PF_FIXED = scaled<u32>();
export const RET_PF_SPURIOUS = scaled<u32>();
/** Not one for the lock-free fault. */
export const RET_PF_INVALID = scaled<u32>();
/** Bits of `srcu` of a vCPU. */
export const SRCU_READING = scaled<u32>();
export const SRCU_WAITED = scaled<u32>();
export const EBUSY = scaled<s32>();
export const ENOMEM = scaled<s32>();
/** The host's pages are huge: faults map leaves of HUGE_LEVEL unless the slot is logged. */
export const HUGE_PAGES = scaled<boolean>();
/** Guests write by themselves, too; otherwise they fault only. */
export const GUEST_WRITES = scaled<boolean>();
/** Guests change what the role of their MMU depends on, so that their vCPUs drop a valid root. */
export const GUEST_CHANGES_ROLE = scaled<boolean>();
/** Allocations that may sleep may fail. */
export const ALLOCATION_FAILS = scaled<boolean>();
/** The CPU keeps D bits and logs pages whose D it sets (PML), and dirty logging goes by that. */
export const AD_BITS = scaled<boolean>();
/** `kvm->manual_dirty_log_protect`. */
export const MANUAL_PROTECT = scaled<boolean>();
/** `kvm_dirty_log_manual_protect_and_init_set()`. */
export const INITIALLY_SET = scaled<boolean>();
/** All gfns are backed by the same host page: two memslots over one range of host addresses. */
export const SHARED_PFN = scaled<boolean>();
