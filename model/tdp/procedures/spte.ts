/**
 * SPTEs of the TDP MMU: scaled integers with the kernel's masks. Left out: MMIO, access bits, NX; A is not
 * tracked, and the host lets the guest write to all its pages.
 */

import { at, type bool, indexOf, type Pointer, type Ref, rowAt, type u32 } from '../../../compiler/subset/vocabulary.ts';
import {
  AD_BITS,
  FROZEN_SPTE,
  PG_LEVEL_4K,
  PT_DIRTY_MASK,
  PT_WRITABLE_MASK,
  PT64_ROOT_LEVEL,
  SHARED_PFN,
  SPTE_ADDR_SHIFT,
  SPTE_ENT_PER_PAGE,
  SPTE_LAST_MASK,
  SPTE_MMU_PRESENT_MASK,
  shadow_host_writable_mask,
  shadow_mmu_writable_mask,
} from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';

export function is_shadow_present_pte(pte: u32): bool {
  return (pte & SPTE_MMU_PRESENT_MASK) !== 0;
}
export function is_frozen_spte(pte: u32): bool {
  return pte === FROZEN_SPTE;
}
/** `is_last_spte()`: a translation, if it is present. */
export function is_last_spte(pte: u32): bool {
  return (pte & SPTE_LAST_MASK) !== 0;
}
export function is_writable_pte(pte: u32): bool {
  return (pte & PT_WRITABLE_MASK) !== 0;
}
/** `is_mmu_writable_spte()`: W may be set without `mmu_lock`. */
export function is_mmu_writable_spte(pte: u32): bool {
  return (pte & shadow_mmu_writable_mask) !== 0;
}
/** `is_dirty_spte()`: without D bits whatever may be written to counts as written to. */
export function is_dirty_spte(pte: u32): bool {
  return (pte & (AD_BITS ? PT_DIRTY_MASK : PT_WRITABLE_MASK)) !== 0;
}
/** `spte_has_volatile_bits()`: the lock-free fault may set W, or the CPU D, while `mmu_lock` is held for write. */
export function spte_has_volatile_bits(pte: u32): bool {
  if (!is_writable_pte(pte) && is_mmu_writable_spte(pte)) return true;
  return AD_BITS && is_writable_pte(pte) && (pte & PT_DIRTY_MASK) === 0;
}
export function spte_to_pfn(pte: u32): u32 {
  return pte >> SPTE_ADDR_SHIFT;
}
/** `make_nonleaf_spte()`: a link to the table of `sp`: it allows writing, and has no D. */
export function make_nonleaf_spte(sp: Ref<'pages'>): u32 {
  return (indexOf(sp) << SPTE_ADDR_SHIFT) | SPTE_MMU_PRESENT_MASK | PT_WRITABLE_MASK;
}
/** All bits of a translation but those that say to what: W, D, and why W may be set. */
export function spte_permissions(pte: u32): u32 {
  return pte & (PT_WRITABLE_MASK | PT_DIRTY_MASK | shadow_mmu_writable_mask | shadow_host_writable_mask);
}
/** A translation with W, D, MMU-writable and host-writable as in `permissions`. */
export function make_leaf_spte(pfn: u32, permissions: u32): u32 {
  return (pfn << SPTE_ADDR_SHIFT) | SPTE_MMU_PRESENT_MASK | SPTE_LAST_MASK | permissions;
}
/** `spte_to_child_sp()`. */
export function spte_to_child_sp(pte: u32): Ref<'pages'> {
  return rowAt(pages, pte >> SPTE_ADDR_SHIFT);
}
/** `kvm_tdp_mmu_read_spte()`. */
export function kvm_tdp_mmu_read_spte(sptep: Pointer<'pages', 'spt'>): u32 {
  return at(sptep);
}
/** `KVM_PAGES_PER_HPAGE()`: gfns that an entry of a table of `level` maps. */
export function pages_per_hpage(level: u32): u32 {
  if (level === PG_LEVEL_4K) return 1;
  if (level === 2) return SPTE_ENT_PER_PAGE;
  if (PT64_ROOT_LEVEL < 4 || level === 3) return SPTE_ENT_PER_PAGE * SPTE_ENT_PER_PAGE;
  return SPTE_ENT_PER_PAGE * SPTE_ENT_PER_PAGE * SPTE_ENT_PER_PAGE;
}
/** `SPTE_INDEX()`. */
export function spte_index(gfn: u32, level: u32): u32 {
  return (gfn / pages_per_hpage(level)) % SPTE_ENT_PER_PAGE;
}
/** `gfn_round_for_level()`. */
export function gfn_round_for_level(gfn: u32, level: u32): u32 {
  return gfn - (gfn % pages_per_hpage(level));
}
/** Host memory: the page behind a gfn, while the host maps one. */
export function host_pfn(gfn: u32): u32 {
  return SHARED_PFN ? 0 : gfn;
}
