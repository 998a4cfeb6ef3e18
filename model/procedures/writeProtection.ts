/**
 * Whether the guest may write to a gfn: tables of level 1 go unsync, higher ones stay protected (arch/x86/kvm/mmu/mmu.c, 5.18 to 6.12;
 * 2.22 of the facts).
 */

import { type bool, isAllocated, rowAt, type u32, WARN_ON } from '../../compiler/subset/vocabulary.ts';
import { PAGES, PG_LEVEL_4K } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { kvm_unsync_page } from './unsync.ts';
import { is_obsolete_sp } from './zap.ts';

/** `kvm_slot_page_track_is_active()`: some table above level 1 that was not zapped shadows `gfn`. */
export function kvm_slot_page_track_is_active(gfn: u32): bool {
  for (let i: u32 = 0; i < PAGES; i++) {
    const sp = rowAt(pages, i);
    if (
      isAllocated(sp) &&
      pages[sp].hashed &&
      pages[sp].gfn === gfn &&
      !pages[sp].role.direct &&
      !pages[sp].role.invalid &&
      pages[sp].role.level > PG_LEVEL_4K
    )
      return true;
  }
  return false;
}

/** `mmu_try_to_unsync_pages()`: whether `gfn` must stay protected. The pages are marked before the caller writes a SPTE with W. */
export function mmu_try_to_unsync_pages(gfn: u32): bool {
  if (kvm_slot_page_track_is_active(gfn)) return true;
  for (let i: u32 = 0; i < PAGES; i++) {
    const sp = rowAt(pages, i);
    if (isAllocated(sp) && pages[sp].hashed && pages[sp].gfn === gfn && !pages[sp].role.direct && !is_obsolete_sp(sp)) {
      if (!pages[sp].unsync) {
        WARN_ON(pages[sp].role.level !== PG_LEVEL_4K);
        kvm_unsync_page(sp);
      }
    }
  }
  return false;
}
