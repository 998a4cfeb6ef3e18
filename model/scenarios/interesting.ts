/**
 * States that make scenarios what they are.
 */
import { PAGES } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { type bool, isAllocated, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';

/** A root was zapped, and some slot still refers to it. */
export function interesting_zapped_root_held(): bool {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp) && pages[sp].role.invalid && pages[sp].root_count !== 0) return true;
  }
  return false;
}
