/**
 * VM-wide state as far as the TDP MMU needs it, and the host's view of the memory behind it.
 *
 * In: bounds. Out: the schema, and the name `vm` for procedures. Never: state of one vCPU or one thread.
 */
import type { z } from 'zod';
import {
  bits,
  counter,
  flag,
  ghost,
  list,
  mutex,
  ref,
  rwlock,
  saturating,
  singletonTable,
  uint,
} from '../../../compiler/machine/schema.ts';
import { singleton } from '../../../compiler/subset/vocabulary.ts';
import type { RootBounds } from './rootBounds.ts';

export function vmTable(bounds: RootBounds) {
  const roots = {
    /** Roots whose work is queued, or under way (5.18 to 6.3). */
    tdp_mmu_zap_wq: list(ref('pages'), bounds.pages),
    /** Bit per vCPU: a root was invalidated, and the request to drop it has not reached that vCPU. */
    requestOwed: ghost(bits(bounds.vcpus)),
    /** A request to free obsolete roots was made since the fast zap under way began; and one that returned made it too early. */
    freeRequested: ghost(flag()),
    requestMissed: ghost(flag()),
  };
  return singletonTable({
    /** A waiting writer keeps new readers out, as in the kernel's queued rwlock. */
    mmu_lock: rwlock({ writerPreference: true }),
    slots_lock: mutex(),
    tdp_mmu_pages_lock: mutex(),
    /** Bounded, not wrapping: runs are too short to come round. */
    mmu_invalidate_seq: uint(7),
    mmu_invalidate_in_progress: counter(3),
    /** INVALID_GPA, which kernels have there that begin with no range, is one above the last end; what goes up to the end of all addresses stops there. */
    mmu_invalidate_range_start: saturating(bounds.gfns + 1),
    mmu_invalidate_range_end: saturating(bounds.gfns + 1),
    /** Which roots there are, newest first; walkers go by `link` of each. Changed under `tdp_mmu_pages_lock`. */
    tdp_mmu_roots: list(ref('pages'), bounds.pages),
    /** Bit per gfn: the host's page tables do not map the page behind it (any more). */
    host_unmapped: bits(bounds.gfns),
    /** Bit per pfn: the host has freed the page. */
    host_freed: bits(bounds.gfns),
    /** KVM_MEM_LOG_DIRTY_PAGES of the one slot. */
    dirty_logging: flag(),
    /** `dirty_bitmap` of the one slot: bit per gfn. */
    dirty_bitmap: bits(bounds.gfns),
    /** Bit per gfn: its translation is older than a zap that is under way, or was installed from data that is. */
    suspect: ghost(bits(bounds.gfns)),
    /** Notifier events, and zaps of ranges, that have begun and not ended. */
    eventsOpen: ghost(uint(3)),
    /** Zaps of ranges that are under way. */
    zapsOpen: ghost(saturating(3)),
    /** Bit per gfn: written by a guest since it was last reported. */
    writtenUnreported: ghost(bits(bounds.gfns)),
    /** Bit per gfn: reported by a harvest that has not returned yet. */
    harvesting: ghost(bits(bounds.gfns)),
    /** Bit per gfn: an SPTE said that it was written to, and says so no longer; whoever took that away has yet to tell the host. */
    dirtyInHand: ghost(bits(bounds.gfns)),
    /** Dirty logging was enabled and its flush is over. */
    loggingSettled: ghost(flag()),
    ...(bounds.loadsRoots === true ? roots : ({} as typeof roots)),
  });
}
export type Vm = z.infer<ReturnType<typeof vmTable>>;
export const vm = singleton<Vm>('vm');
