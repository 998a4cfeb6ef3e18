/**
 * States that make the scenarios of nested guests what they are. They look at rest, or at what the guest's own thread writes.
 */
import { type bool, isAllocated, listIsEmpty, listLength, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { N_MAX_MMU_PAGES, PAGES, PG_LEVEL_4K, PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';

/** No table of a nested guest is left between its root and its level-1 tables: the middle was zapped. */
export function interesting_middle_zapped(): bool {
  let found: bool = false;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].role.guest_mode) {
      if (pages[sp].role.level === PT64_ROOT_LEVEL) found = true;
      else if (pages[sp].role.level !== PG_LEVEL_4K) return false;
    }
  }
  return found;
}

/** A table of a nested guest has no parent, since the guest overwrote the entry that led to it. */
export function interesting_orphan_by_entry(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (
      isAllocated(sp) &&
      pages[sp].role.guest_mode &&
      pages[sp].root_count === 0 &&
      pages[sp].orphaned === 0 &&
      listIsEmpty(pages[sp].parent_ptes)
    )
      return true;
  }
  return false;
}

/** The quota is reached. */
export function interesting_quota_reached(): bool {
  return vm.n_used_mmu_pages >= N_MAX_MMU_PAGES;
}

/** A table that two tables linked has one parent left. */
export function interesting_one_parent_left(): bool {
  let tops: u32 = 0;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].role.guest_mode && pages[sp].role.level === PG_LEVEL_4K && listLength(pages[sp].parent_ptes) === 1)
      tops += 1;
  }
  return tops !== 0;
}
