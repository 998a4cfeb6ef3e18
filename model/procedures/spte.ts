/**
 * SPTEs: scaled integers. 0 is empty; without SPTE_LAST_MASK the address of the next table (row + 1 of its
 * shadow page); with it a translation, which where there are rmaps holds its pfn and W. No MMIO, no A and D, no other permissions.
 */

import { type bool, indexOf, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PT_WRITABLE_MASK, SPTE_BASE_ADDR_MASK, SPTE_LAST_MASK } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';

/** `is_shadow_present_pte()`: MMU-present. */
export function is_shadow_present_pte(pte: u32): bool {
  return pte !== 0;
}

/** `is_last_spte()`: a translation, of whatever size. The level is told by the mask here, as PT_PAGE_SIZE_MASK tells it above 4K. */
export function is_last_spte(pte: u32): bool {
  return (pte & SPTE_LAST_MASK) !== 0;
}

/** `is_writable_pte()`. */
export function is_writable_pte(pte: u32): bool {
  return (pte & PT_WRITABLE_MASK) !== 0;
}

/** `spte_to_pfn()`. */
export function spte_to_pfn(pte: u32): u32 {
  return pte & SPTE_BASE_ADDR_MASK;
}

/** `make_nonleaf_spte()`: a link to the table of `sp`. */
export function make_nonleaf_spte(sp: Ref<'pages'>): u32 {
  return indexOf(sp) + 1;
}

/** `to_shadow_page(pte & PT64_BASE_ADDR_MASK)`: the shadow page that a link leads to. */
export function spte_to_child_sp(pte: u32): Ref<'pages'> {
  return rowAt(pages, (pte & SPTE_BASE_ADDR_MASK) - 1);
}
