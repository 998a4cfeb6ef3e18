/**
 * States that make scenarios what they are.
 */

import { type bool, isAllocated, isContended, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';

/** A root was zapped, and some slot still refers to it. */
export function interesting_zapped_root_held(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].role.invalid && pages[sp].root_count !== 0) return true;
  }
  return false;
}

/** A zap of everything is under way, has let go of `mmu_lock`, and an obsolete page is still active. */
export function interesting_obsolete_while_yielded(): bool {
  if (isContended(vm.mmu_lock)) return false;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && !pages[sp].role.invalid && pages[sp].mmu_valid_gen !== vm.mmu_valid_gen) return true;
  }
  return false;
}

/** Some page is zapped. */
export function interesting_zapped_page(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].role.invalid) return true;
  }
  return false;
}

/** A root that some slot holds is of an older generation. */
export function interesting_obsolete_root_held(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].root_count !== 0 && pages[sp].mmu_valid_gen !== vm.mmu_valid_gen) return true;
  }
  return false;
}
