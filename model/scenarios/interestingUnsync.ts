/**
 * States that make the scenarios of unsync pages what they are.
 */
import { type bool, isAllocated, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { GUEST_FRAMES, N_MAX_MMU_PAGES, PAGES, PT64_ENT_PER_PAGE, SPTE_BASE_ADDR_MASK, SPTE_LAST_MASK } from '../machine/constants.ts';
import { frames } from '../machine/frames.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';

/** An unsync page translates to what its guest entry no longer leads to. */
export function interesting_outdated(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].unsync && pages[sp].gfn < GUEST_FRAMES) {
      for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
        const spte = pages[sp].spt[i];
        if ((spte & SPTE_LAST_MASK) !== 0 && frames[rowAt(frames, pages[sp].gfn)].entries[i] !== (spte & SPTE_BASE_ADDR_MASK) + 1)
          return true;
      }
    }
  }
  return false;
}

/** A bit of `unsync_child_bitmap` leads to no unsync page any more. */
export function interesting_stale_bit(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp)) {
      for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
        if ((pages[sp].unsync_child_bitmap & (1 << i)) !== 0 && pages[sp].spt[i] === 0) return true;
      }
    }
  }
  return false;
}

/**
 * The quota is not used up, although it was: a fault that recycles makes at least one table, so this recycling zapped more than the one page
 * that was wanted. (Where one vCPU faults, nobody sees the middle of it.)
 */
export function interesting_quota_left(): bool {
  return vm.n_used_mmu_pages < N_MAX_MMU_PAGES;
}
