/**
 * How big a machine is. Every table and constant is made from these numbers; nothing else may be scaled.
 *
 * In: nothing. Out: `Bounds` and the arithmetic that several tables share. Never: a search word.
 */

export interface Bounds {
  readonly vcpus: number;
  /** Rows for shadow pages (`struct kvm_mmu_page`), zapped ones that are not freed yet included. */
  readonly pages: number;
  /** Entries per table: PT64_ENT_PER_PAGE (512 in the kernel). */
  readonly fanout: number;
  /** Levels of the tallest table: 4 or 5 in the kernel. */
  readonly levels: number;
  /** KVM_MMU_NUM_PREV_ROOTS (3 in the kernel). */
  readonly prevRoots: number;
  /** Entries of a special root (4 in the kernel), at least 1. */
  readonly paeRoots: number;
  /** Guest PGDs (CR3 values and EPTPs together). PGD n is the guest frame n. */
  readonly pgds: number;
  /** Guest frames: PGDs first, then the guest tables below them, then data. See `guestTableGfn`. */
  readonly gfns: number;
  /** Most parents that one shadow page can have: capacity of `parent_ptes`. */
  readonly parents: number;
  /** Actions that the guest of one vCPU may take. */
  readonly budget: number;
  /** Writes to a shadowed table that make it a flooded one (3 in the kernel). */
  readonly flood: number;
  /** BATCH_ZAP_PAGES (10 in the kernel). */
  readonly batch: number;
  /** `n_max_mmu_pages`: the page quota. */
  readonly quota: number;
  /** KVM_REFILL_PAGES (25 in the kernel): how many pages recycling leaves free. Left out: 1. */
  readonly refill?: number;
  /** Bits of `mmu_valid_gen`: 1 for the toggle (5.4+), more for the counter (3.11 to 5.0). */
  readonly generationBits: number;
  /** What `mmu_lock` is: a spinlock until 5.11, a rwlock from 5.12 on. */
  readonly mmuLock: 'spinlock' | 'rwlock';
  /** Guest tables whose contents the guest may change: frames 0 to this − 1. Left out: none, guest tables are a fixed forest. */
  readonly guestFrames?: number;
  /** Most pages that one recycling call may want, for the ghosts of I-37. Left out: 0, and recycling is not counted. */
  readonly recycled?: number;
  /**
   * Most leaf SPTEs of one gfn: capacity of its rmap. Left out: leaf SPTEs do not say what they translate to, and there are no
   * rmaps, no write protection and no unsync pages.
   */
  readonly rmap?: number;
  /** Whether switches of PGDs are watched for what the cache of roots held: X-02. */
  readonly watchCache?: boolean;
  /** What zaps of ranges cost is counted. */
  readonly costs?: boolean;
  /** Guests access memory for ever and try again until it is done, for progress properties. Left out: they have a budget. */
  readonly live?: boolean;
  /** Memslots are deleted and moved. */
  readonly memslots?: boolean;
}

/** Width of the address part of a scaled SPTE: row of a table page + 1, or pfn. */
export function spteAddressBits(bounds: Bounds): number {
  return Math.ceil(Math.log2(Math.max(bounds.pages + 1, bounds.rmap === undefined ? 0 : bounds.gfns)));
}
/** Entries of guest tables that may change, where pages can be out of date: a bit each, in ghosts. */
export function watchedEntries(bounds: Bounds): number {
  return bounds.rmap === undefined ? 0 : (bounds.guestFrames ?? 0) * bounds.fanout;
}
/** Slots of all vCPUs that may hold one root: current and previous ones of both MMUs, and special roots' entries. */
export function rootSlots(bounds: Bounds): number {
  return bounds.vcpus * 2 * (1 + bounds.prevRoots);
}
