/**
 * Reverse maps: which leaf SPTEs translate to a gfn, so that it can be write-protected (arch/x86/kvm/mmu/mmu.c, 5.18 to 6.12; 1.7 of
 * the facts).
 *
 * One memslot, whose pages never move: pfn = gfn, so what `kvm_mmu_page_get_gfn()` remembers is what the SPTE says. Left out: the
 * chunks that lists are kept in, levels above 4K, A and D. Without rmaps leaf SPTEs say nothing, and nothing is protected.
 */

import {
  at,
  type bool,
  listAdd,
  listFirst,
  listNext,
  listRemove,
  NULL,
  type Pointer,
  put,
  rowAt,
  type u32,
} from '../../compiler/subset/vocabulary.ts';
import { PT_WRITABLE_MASK, RMAPS } from '../machine/constants.ts';
import { rmaps } from '../machine/rmaps.ts';
import { is_writable_pte, spte_to_pfn } from './spte.ts';

/** `rmap_add()`. */
export function rmap_add(gfn: u32, sptep: Pointer<'pages', 'spt'>): void {
  if (!RMAPS) return;
  listAdd(rmaps[rowAt(rmaps, gfn)].sptes, sptep);
}

/** `rmap_remove()`, with `pte_list_remove()`, for which an SPTE that is not there is corruption: a fault. */
export function rmap_remove(gfn: u32, sptep: Pointer<'pages', 'spt'>): void {
  listRemove(rmaps[rowAt(rmaps, gfn)].sptes, sptep);
}

/** `drop_spte()`: a translation goes. */
export function drop_spte(sptep: Pointer<'pages', 'spt'>): void {
  if (!RMAPS) {
    put(sptep, 0);
    return;
  }
  const gfn = spte_to_pfn(at(sptep));
  put(sptep, 0);
  rmap_remove(gfn, sptep);
}

/** `spte_write_protect()`: whether there was something to take away, so that TLBs must be flushed. */
export function spte_write_protect(sptep: Pointer<'pages', 'spt'>): bool {
  const spte = at(sptep);
  if (!is_writable_pte(spte)) return false;
  put(sptep, spte & ~PT_WRITABLE_MASK);
  return true;
}

/** `kvm_mmu_slot_gfn_write_protect()` with `rmap_write_protect()`: every translation to `gfn`. */
export function kvm_mmu_slot_gfn_write_protect(gfn: u32): bool {
  if (!RMAPS) return false;
  let flush: bool = false;
  let sptep = listFirst(rmaps[rowAt(rmaps, gfn)].sptes);
  while (sptep !== NULL) {
    if (spte_write_protect(sptep)) flush = true;
    sptep = listNext(rmaps[rowAt(rmaps, gfn)].sptes, sptep);
  }
  return flush;
}
