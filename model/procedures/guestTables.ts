/**
 * The walk of the guest's own page tables (arch/x86/kvm/mmu/paging_tmpl.h `FNAME(walk_addr)()`,
 * `FNAME(gpte_changed)()`, 5.8 to 6.12; 2.6 of the facts, steps 1 and 8).
 *
 * Left out: A and D bits of guest entries, huge guest pages, the prefetch of neighbours.
 */

import type { bool, Ref, Small, u32 } from '../../compiler/subset/vocabulary.ts';
import { PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { mmus } from '../machine/mmus.ts';
import { vcpus } from '../machine/vcpus.ts';
import { guest_entry, shadow_pt_index } from './guestMemory.ts';
import { get_guest_pgd } from './roots.ts';

/** `struct guest_walker`: the entries that the walk read, by level. Each is 0 or a frame + 1. */
export interface GuestWalker {
  pte1: Small<63>;
  pte2: Small<63>;
  pte3: Small<63>;
  pte4: Small<63>;
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
