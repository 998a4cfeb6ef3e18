/**
 * States that make scenarios what they are. They look at root slots only, and at what services read without the lock,
 * so that looking for them costs no further preemption points.
 */
import {
  type bool,
  isAllocated,
  isDangling,
  listFirst,
  listIsEmpty,
  NULL,
  type Ref,
  type Root,
  rowAt,
  rowOf,
  type u32,
} from '../../compiler/subset/vocabulary.ts';
import { KVM_MMU_NUM_PREV_ROOTS, LIST_INVALID, MMUS, N_MAX_MMU_PAGES, PAE_ROOTS, PAGES, PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { lists } from '../machine/lists.ts';
import { mmus } from '../machine/mmus.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';

/** The page of a slot was zapped. */
export function interesting_is_zapped(hpa: Root<'pages', 1>): bool {
  if (hpa === NULL || isDangling(hpa)) return false;
  const sp = rowOf(hpa);
  return sp !== NULL && pages[sp].role.invalid;
}

/** The page of a slot is of an older generation and was not zapped yet. */
export function interesting_is_old(hpa: Root<'pages', 1>): bool {
  if (hpa === NULL || isDangling(hpa)) return false;
  const sp = rowOf(hpa);
  return sp !== NULL && !pages[sp].role.invalid && pages[sp].mmu_valid_gen !== vm.mmu_valid_gen;
}

/** A root was zapped, and some slot, or an entry of a special root, still refers to it. */
export function interesting_zapped_root_held(): bool {
  for (let m: u32 = 0; m < MMUS; m++) {
    const mmu: Ref<'mmus'> = rowAt(mmus, m);
    if (interesting_is_zapped(mmus[mmu].root.hpa)) return true;
    for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
      if (interesting_is_zapped(mmus[mmu].prev_roots[i].hpa)) return true;
    }
    for (let i: u32 = 0; i < PAE_ROOTS; i++) {
      if (interesting_is_zapped(mmus[mmu].pae_root[i])) return true;
    }
  }
  return false;
}

/** A vCPU holds a root that became obsolete with the generation and was not zapped yet. */
export function interesting_obsolete_root_held(): bool {
  for (let m: u32 = 0; m < MMUS; m++) {
    const mmu: Ref<'mmus'> = rowAt(mmus, m);
    if (interesting_is_old(mmus[mmu].root.hpa)) return true;
    for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
      if (interesting_is_old(mmus[mmu].prev_roots[i].hpa)) return true;
    }
  }
  return false;
}

/** A table of a nested guest, below a root, was zapped and is not freed yet. */
export function interesting_nested_table_zapped(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].role.guest_mode && pages[sp].role.invalid && pages[sp].role.level < PT64_ROOT_LEVEL) return true;
  }
  return false;
}

/** Recycling has taken a page of the old generation, and has not freed it yet. */
export function interesting_old_page_recycled(): bool {
  const sp = listFirst(lists[rowAt(lists, LIST_INVALID)].entries);
  return sp !== NULL && pages[sp].mmu_valid_gen !== vm.mmu_valid_gen;
}

/** Where the quota was reached at first: recycling took several pages. */
export function interesting_several_recycled(): bool {
  return vm.n_used_mmu_pages + 2 <= N_MAX_MMU_PAGES;
}

/** A current root links no table. */
export function interesting_root_is_empty(): bool {
  for (let m: u32 = 0; m < MMUS; m++) {
    const hpa = mmus[rowAt(mmus, m)].root.hpa;
    if (hpa !== NULL && !isDangling(hpa)) {
      const sp = rowOf(hpa);
      if (sp !== NULL && pages[sp].spt[0] === 0) return true;
    }
  }
  return false;
}

/** The current root of the first `guest_mmu` has no parent any more. */
export function interesting_root_lost_its_parent(): bool {
  const hpa = mmus[rowAt(mmus, 1)].root.hpa;
  if (hpa === NULL || isDangling(hpa)) return false;
  const sp = rowOf(hpa);
  return sp !== NULL && listIsEmpty(pages[sp].parent_ptes);
}

/** Every slot of some MMU holds a root. */
export function interesting_cache_full(): bool {
  for (let m: u32 = 0; m < MMUS; m++) {
    const mmu = rowAt(mmus, m);
    let full: bool = mmus[mmu].root.hpa !== NULL;
    for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
      if (mmus[mmu].prev_roots[i].hpa === NULL) full = false;
    }
    if (full) return true;
  }
  return false;
}
