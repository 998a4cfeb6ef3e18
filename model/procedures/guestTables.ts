/**
 * The guest's own page tables: what they hold, and the walk of them (arch/x86/kvm/mmu/paging_tmpl.h `FNAME(walk_addr)()`,
 * `FNAME(gpte_changed)()`, 5.8 to 6.12; 2.6 of the facts, steps 1 and 8).
 *
 * An entry holds no access bits: whatever is present allows everything. Level-1 entries that never change are present.
 * Left out: A and D bits of guest entries, huge guest pages, the prefetch of neighbours.
 */

import { type bool, type Ref, rowAt, type Small, type u32 } from '../../compiler/subset/vocabulary.ts';
import { GUEST_FRAMES, PGDS, PT64_ENT_PER_PAGE, PT64_ROOT_LEVEL, SHARED_PGD } from '../machine/constants.ts';
import { frames } from '../machine/frames.ts';
import { mmus } from '../machine/mmus.ts';
import { vcpus } from '../machine/vcpus.ts';
import { get_guest_pgd } from './roots.ts';

/** `struct guest_walker`: the entries that the walk read, by level. Each is 0 or a frame + 1. */
export interface GuestWalker {
  pte1: Small<63>;
  pte2: Small<63>;
  pte3: Small<63>;
  pte4: Small<63>;
}

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

/** `walker->ptes[level - 1]`. */
export function walked_pte(walker: GuestWalker, level: u32): u32 {
  if (level === 1) return walker.pte1;
  if (level === 2) return walker.pte2;
  if (level === 3) return walker.pte3;
  return walker.pte4;
}

/** `FNAME(walk_addr)()`: reads the guest's entries from its root down, without a lock. False: the guest has a fault of its own. */
export function walk_addr(walker: GuestWalker, vcpu: Ref<'vcpus'>, addr: u32): bool {
  const top = mmus[vcpus[vcpu].mmu].root_role.level;
  let table: u32 = get_guest_pgd(vcpu, vcpus[vcpu].mmu);
  for (let depth: u32 = 0; depth < PT64_ROOT_LEVEL; depth++) {
    if (depth < top) {
      const level = top - depth;
      const pte = guest_entry(table, shadow_pt_index(addr, level));
      if (pte === 0) return false;
      if (level === 1) walker.pte1 = pte;
      else if (level === 2) walker.pte2 = pte;
      else if (level === 3) walker.pte3 = pte;
      else walker.pte4 = pte;
      table = pte - 1;
    }
  }
  return true;
}

/** `FNAME(gpte_changed)()`: the entry of `level` that the walk read is another one now. */
export function gpte_changed(vcpu: Ref<'vcpus'>, walker: GuestWalker, addr: u32, level: u32): bool {
  let table: u32 = get_guest_pgd(vcpu, vcpus[vcpu].mmu);
  if (level < mmus[vcpus[vcpu].mmu].root_role.level) table = walked_pte(walker, level + 1) - 1;
  return guest_entry(table, shadow_pt_index(addr, level)) !== walked_pte(walker, level);
}
