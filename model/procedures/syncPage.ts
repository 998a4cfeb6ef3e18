/**
 * One shadow page is brought up to date (arch/x86/kvm/mmu/paging_tmpl.h, 5.18 to 6.12).
 *
 * Guest entries hold no access bits, so a translation that still leads to the same gfn stays as it is. A page can always be synced:
 * that its role does not fit the vCPU is left out.
 */

import { at, type bool, pointerTo, type Ref, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PT64_ENT_PER_PAGE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { guest_entry } from './guestMemory.ts';
import { drop_spte } from './rmaps.ts';
import { is_shadow_present_pte, spte_to_pfn } from './spte.ts';

/** `FNAME(sync_page)()`: translations whose guest entry leads elsewhere now are dropped. Whether TLBs must be flushed. */
export function sync_page(sp: Ref<'pages'>): bool {
  let flush: bool = false;
  for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
    const sptep = pointerTo(pages, sp, 'spt', i);
    const spte = at(sptep);
    if (is_shadow_present_pte(spte) && guest_entry(pages[sp].gfn, i) !== spte_to_pfn(spte) + 1) {
      drop_spte(sptep);
      flush = true;
    }
  }
  return flush;
}
