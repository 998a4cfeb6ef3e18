/**
 * Guest memory as far as it holds page tables: what they hold, and where in them an address is looked up.
 *
 * An entry holds no access bits: whatever is present allows everything. Level-1 entries that never change are present.
 */

import { rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { GUEST_FRAMES, PGDS, PT64_ENT_PER_PAGE, PT64_ROOT_LEVEL, SHARED_PGD } from '../machine/constants.ts';
import { frames } from '../machine/frames.ts';

/** `SHADOW_PT_INDEX()`: which entry of a table of `level` translates the page `addr`. */
export function shadow_pt_index(addr: u32, level: u32): u32 {
  let index: u32 = addr;
  for (let l: u32 = 1; l < PT64_ROOT_LEVEL; l++) {
    if (l < level) index = index / PT64_ENT_PER_PAGE;
  }
  return index % PT64_ENT_PER_PAGE;
}

/** The guest table that entry `index` of the guest table `gfn` leads to at first: guest tables begin as a forest. */
export function guest_table_gfn(gfn: u32, index: u32): u32 {
  if (SHARED_PGD && gfn === 0 && index === 0) return 1;
  return PGDS + gfn * PT64_ENT_PER_PAGE + index;
}

/** Guest memory: what entry `index` of the guest table `gfn` holds now, 0 or a frame + 1. */
export function guest_entry(gfn: u32, index: u32): u32 {
  if (gfn < GUEST_FRAMES) return frames[rowAt(frames, gfn)].entries[index];
  return guest_table_gfn(gfn, index) + 1;
}

/** What a guest writes, by number: nothing present, the entry as it was at first, or where entry 0 of table `PGDS` leads at first. */
export function guest_value(gfn: u32, index: u32, choice: u32): u32 {
  if (choice === 0) return 0;
  if (choice === 1) return guest_table_gfn(gfn, index) + 1;
  return guest_table_gfn(PGDS, 0) + 1;
}

/** Before anything is shadowed: the tables that may change are a forest, too. */
export function init_guest_tables(): void {
  for (let gfn: u32 = 0; gfn < GUEST_FRAMES; gfn++) {
    for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) frames[rowAt(frames, gfn)].entries[i] = guest_table_gfn(gfn, i) + 1;
  }
}
