/**
 * Named constants of the kernel, and the scaled values that the compiler gives them.
 *
 * In: bounds and the scenario's options. Out: `constantsOf` for the compiler, names for the editor.
 * Never: a value that procedures could change. The names exported here carry types only; the compiler
 * takes the values of `constantsOf`, and a file of procedures may not be run.
 */
import type { s32, u32 } from '../../compiler/subset/vocabulary.ts';
import type { TdpOptions } from '../tdp/machine/options.ts';
import { type Bounds, spteAddressBits } from './bounds.ts';

/** Requests that the model knows, by number; flags are above, as in the kernel. */
export const requestNumbers = {
  KVM_REQ_TLB_FLUSH: 0,
  KVM_REQ_MMU_RELOAD: 1,
  KVM_REQ_MMU_FREE_OBSOLETE_ROOTS: 2,
  KVM_REQ_LOAD_MMU_PGD: 3,
  KVM_REQ_TLB_FLUSH_CURRENT: 4,
  KVM_REQ_MMU_SYNC: 5,
} as const;
export const requestCount = 6;
export const requestFlags = { KVM_REQUEST_NO_WAKEUP: 1 << 8, KVM_REQUEST_WAIT: 1 << 9, KVM_REQUEST_NO_ACTION: 1 << 10 } as const;
/** Lists by row of `lists`. */
export const listNumbers = { LIST_ACTIVE_MMU_PAGES: 0, LIST_ZAPPED_OBSOLETE_PAGES: 1, LIST_INVALID: 2 } as const;
export const listCount = 3;

/** Facts of a scenario that no bound tells. */
export interface ModelOptions {
  /** `tdp_enabled`: the CPU has EPT or NPT and KVM uses it. */
  readonly tdp_enabled: boolean;
  /** L1's own MMU is direct (legacy TDP, or a guest that does not page). */
  readonly directL1?: boolean;
  /** Bit per PGD: as an EPTP its tables are one level less high. */
  readonly shortPgds?: number;
  /** PGD 1 is the table below entry 0 of PGD 0, too. */
  readonly sharedPgd?: boolean;
  /** Bit per vCPU: its L1 roots are special ones (`pae_root`). */
  readonly usesPaeRoot?: number;
  /** Facts of scenarios of the TDP MMU. */
  readonly tdp?: TdpOptions;
  /** What the guest of each vCPU may do: bit per vCPU. All default to none. */
  readonly guestSwitchesPgd?: number;
  readonly guestWritesPgd?: number;
  /** They write to PGDs 0 to this − 1 only; default: all. */
  readonly writtenPgds?: number;
  readonly guestFaults?: number;
  /** Of those guests, only L2 faults. */
  readonly onlyL2Faults?: boolean;
  readonly guestNests?: number;
  /** L1 rewrites entries of tables 0 to `guestFrames` − 1. */
  readonly guestWritesTables?: number;
  /** Of these tables only this one; default: any. */
  readonly writtenTable?: number;
  /** With rmaps. Its accesses to unmapped or protected pages may be writes; it writes to tables that its TLB lets it write to; it flushes its TLB. */
  readonly guestWriteFaults?: number;
  readonly guestStores?: number;
  readonly guestFlushes?: number;
  /** Any write to a table that is emulated may be one that no aligned entry is written with. */
  readonly misalignedWrites?: boolean;
  /** What it writes: 1 zero only; 2 also the entry as it was at first; 3 also the first entry of its table's first neighbour. */
  readonly guestValues?: number;
}

export type Constant = {
  readonly type:
    | { readonly kind: 'int'; readonly min: number; readonly max: number; readonly overflow: 'wrap'; readonly underflow: 'wrap' }
    | { readonly kind: 'bool' };
  readonly value: number;
};

/** Values of all constants below, in the encoding of the compiler. */
export function constantsOf(bounds: Bounds, options: ModelOptions): ReadonlyMap<string, Constant> {
  const waited = requestFlags.KVM_REQUEST_WAIT | requestFlags.KVM_REQUEST_NO_WAKEUP;
  const leaf = 2 ** spteAddressBits(bounds);
  const unsigned: Record<string, number> = {
    ...requestFlags,
    ...listNumbers,
    KVM_REQUEST_MASK: 0xff,
    KVM_REQ_TLB_FLUSH: requestNumbers.KVM_REQ_TLB_FLUSH | waited,
    KVM_REQ_MMU_RELOAD: requestNumbers.KVM_REQ_MMU_RELOAD | waited,
    KVM_REQ_MMU_FREE_OBSOLETE_ROOTS: requestNumbers.KVM_REQ_MMU_FREE_OBSOLETE_ROOTS | waited,
    KVM_REQ_LOAD_MMU_PGD: requestNumbers.KVM_REQ_LOAD_MMU_PGD,
    KVM_REQ_TLB_FLUSH_CURRENT: requestNumbers.KVM_REQ_TLB_FLUSH_CURRENT,
    KVM_REQ_MMU_SYNC: requestNumbers.KVM_REQ_MMU_SYNC,
    OUTSIDE_GUEST_MODE: 0,
    IN_GUEST_MODE: 1,
    EXITING_GUEST_MODE: 2,
    READING_SHADOW_PAGE_TABLES: 3,
    SRCU_READING: 1,
    SRCU_WAITED: 2,
    KVM_MMU_NUM_PREV_ROOTS: bounds.prevRoots,
    KVM_MMU_ROOT_CURRENT: 1,
    KVM_MMU_ROOTS_ALL: 0xffff_ffff,
    PT64_ENT_PER_PAGE: bounds.fanout,
    PG_LEVEL_4K: 1,
    PT64_ROOT_LEVEL: bounds.levels,
    PAE_ROOTS: bounds.paeRoots,
    SPTE_LAST_MASK: leaf,
    SPTE_BASE_ADDR_MASK: leaf - 1,
    PT_WRITABLE_MASK: leaf * 2,
    BATCH_ZAP_PAGES: bounds.batch,
    WRITE_FLOODING_LIMIT: bounds.flood,
    KVM_MIN_FREE_MMU_PAGES: 1,
    KVM_REFILL_PAGES: bounds.refill ?? 1,
    N_MAX_MMU_PAGES: bounds.quota,
    VCPUS: bounds.vcpus,
    MMUS: bounds.vcpus * 2,
    PAGES: bounds.pages,
    PARENTS: bounds.parents,
    ADDRESSES: bounds.fanout ** bounds.levels,
    BUDGET: bounds.budget,
    SHORT_PGDS: options.shortPgds ?? 0,
    USES_PAE_ROOT: options.usesPaeRoot ?? 0,
    GUEST_SWITCHES_PGD: options.guestSwitchesPgd ?? 0,
    GUEST_WRITES_PGD: options.guestWritesPgd ?? 0,
    WRITTEN_PGDS: options.writtenPgds ?? bounds.pgds,
    GUEST_FAULTS: options.guestFaults ?? 0,
    GUEST_NESTS: options.guestNests ?? 0,
    GUEST_WRITES_TABLES: options.guestWritesTables ?? 0,
    GUEST_VALUES: options.guestValues ?? 1,
    GUEST_STORES: options.guestStores ?? 0,
    GUEST_FLUSHES: options.guestFlushes ?? 0,
    GUEST_WRITE_FAULTS: options.guestWriteFaults ?? 0,
    GUEST_FRAMES: bounds.guestFrames ?? 0,
    FIRST_WRITTEN_TABLE: options.writtenTable ?? 0,
    WRITTEN_TABLES: options.writtenTable === undefined ? Math.max(1, bounds.guestFrames ?? 0) : 1,
    LISTS: listCount,
    PGDS: bounds.pgds,
    OTHER_PGDS: Math.max(1, bounds.pgds - 1),
    GFNS: bounds.gfns,
    RET_PF_RETRY: 1,
    RET_PF_FIXED: 2,
    RET_PF_EMULATE: 3,
  };
  const u32Type = { kind: 'int', min: 0, max: 0xffff_ffff, overflow: 'wrap', underflow: 'wrap' } as const;
  const s32Type = { kind: 'int', min: -0x8000_0000, max: 0x7fff_ffff, overflow: 'wrap', underflow: 'wrap' } as const;
  const map = new Map<string, Constant>(Object.entries(unsigned).map(([name, value]) => [name, { type: u32Type, value }]));
  map.set('ENOSPC', { type: s32Type, value: 28 });
  map.set('RMAPS', { type: { kind: 'bool' }, value: bounds.rmap === undefined ? 0 : 1 });
  map.set('MISALIGNED_WRITES', { type: { kind: 'bool' }, value: options.misalignedWrites === true ? 1 : 0 });
  map.set('SHARED_PGD', { type: { kind: 'bool' }, value: options.sharedPgd === true ? 1 : 0 });
  map.set('L1_FAULTS', { type: { kind: 'bool' }, value: options.onlyL2Faults === true ? 0 : 1 });
  map.set('DIRECT_L1', { type: { kind: 'bool' }, value: options.directL1 === true ? 1 : 0 });
  map.set('tdp_enabled', { type: { kind: 'bool' }, value: options.tdp_enabled ? 1 : 0 });
  return map;
}

/** Stands for the value that `constantsOf` gives: never read, since procedures are compiled. */
function scaled<T>(): T {
  return undefined as T;
}
export const KVM_REQUEST_MASK = scaled<u32>();
export const KVM_REQUEST_WAIT = scaled<u32>();
export const KVM_REQUEST_NO_WAKEUP = scaled<u32>();
export const KVM_REQUEST_NO_ACTION = scaled<u32>();
export const KVM_REQ_TLB_FLUSH = scaled<u32>();
export const KVM_REQ_MMU_RELOAD = scaled<u32>();
export const KVM_REQ_MMU_FREE_OBSOLETE_ROOTS = scaled<u32>();
export const KVM_REQ_LOAD_MMU_PGD = scaled<u32>();
export const KVM_REQ_TLB_FLUSH_CURRENT = scaled<u32>();
export const KVM_REQ_MMU_SYNC = scaled<u32>();
export const OUTSIDE_GUEST_MODE = scaled<u32>();
export const IN_GUEST_MODE = scaled<u32>();
export const EXITING_GUEST_MODE = scaled<u32>();
export const READING_SHADOW_PAGE_TABLES = scaled<u32>();
/** Bits of `srcu` of a vCPU. */
export const SRCU_READING = scaled<u32>();
export const SRCU_WAITED = scaled<u32>();
export const KVM_MMU_NUM_PREV_ROOTS = scaled<u32>();
export const KVM_MMU_ROOT_CURRENT = scaled<u32>();
export const KVM_MMU_ROOTS_ALL = scaled<u32>();
export const PT64_ENT_PER_PAGE = scaled<u32>();
export const PG_LEVEL_4K = scaled<u32>();
export const PT64_ROOT_LEVEL = scaled<u32>();
/** Entries of a special root: 4 in the kernel. */
export const PAE_ROOTS = scaled<u32>();
/** This SPTE is a translation, not a link to another table. */
export const SPTE_LAST_MASK = scaled<u32>();
export const SPTE_BASE_ADDR_MASK = scaled<u32>();
/** The guest may write through this translation. Only where there are rmaps. */
export const PT_WRITABLE_MASK = scaled<u32>();
/** Leaf SPTEs hold pfn and W, and are in rmaps; pages of level 1 may be unsync. */
export const RMAPS = scaled<boolean>();
export const BATCH_ZAP_PAGES = scaled<u32>();
/** Writes that make a shadowed table a flooded one: 3 in the kernel. */
export const WRITE_FLOODING_LIMIT = scaled<u32>();
export const KVM_MIN_FREE_MMU_PAGES = scaled<u32>();
export const KVM_REFILL_PAGES = scaled<u32>();
/** `n_max_mmu_pages`, which nobody changes here. */
export const N_MAX_MMU_PAGES = scaled<u32>();
export const LIST_ACTIVE_MMU_PAGES = scaled<u32>();
export const LIST_ZAPPED_OBSOLETE_PAGES = scaled<u32>();
export const LIST_INVALID = scaled<u32>();
/** Numbers of rows. */
export const VCPUS = scaled<u32>();
export const MMUS = scaled<u32>();
export const PAGES = scaled<u32>();
export const LISTS = scaled<u32>();
export const PGDS = scaled<u32>();
/** PGDs beside the one that is loaded. */
export const OTHER_PGDS = scaled<u32>();
export const GFNS = scaled<u32>();
/** Most parents of one shadow page. */
export const PARENTS = scaled<u32>();
/** Pages that a table of full height translates. */
export const ADDRESSES = scaled<u32>();
/** Actions of one vCPU's guest. */
export const BUDGET = scaled<u32>();
/** What guests may do: a bit per vCPU. */
export const USES_PAE_ROOT = scaled<u32>();
export const GUEST_SWITCHES_PGD = scaled<u32>();
export const GUEST_WRITES_PGD = scaled<u32>();
export const WRITTEN_PGDS = scaled<u32>();
export const GUEST_FAULTS = scaled<u32>();
export const GUEST_NESTS = scaled<u32>();
export const GUEST_WRITES_TABLES = scaled<u32>();
export const GUEST_WRITE_FAULTS = scaled<u32>();
export const GUEST_STORES = scaled<u32>();
export const GUEST_FLUSHES = scaled<u32>();
export const MISALIGNED_WRITES = scaled<boolean>();
/** Whether L1 faults, too, where guests fault. */
export const L1_FAULTS = scaled<boolean>();
/** Values that L1 may write to an entry of a table. */
export const GUEST_VALUES = scaled<u32>();
/** Guest tables that may change, and which of them L1 chooses from (at least 1, so that a choice is one). */
export const GUEST_FRAMES = scaled<u32>();
export const FIRST_WRITTEN_TABLE = scaled<u32>();
export const WRITTEN_TABLES = scaled<u32>();
/** PGDs whose tables are one level less high; and whether PGD 1 is also a table of PGD 0. */
export const SHORT_PGDS = scaled<u32>();
export const SHARED_PGD = scaled<boolean>();
export const DIRECT_L1 = scaled<boolean>();
export const RET_PF_RETRY = scaled<u32>();
export const RET_PF_FIXED = scaled<u32>();
export const RET_PF_EMULATE = scaled<u32>();
export const ENOSPC = scaled<s32>();
export const tdp_enabled = scaled<boolean>();
