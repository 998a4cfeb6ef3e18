/** Twin: the SPTE with W is written first, and the pages that shadow the gfn are marked after it. */
import { at, type bool, type Pointer, put, type Ref, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { PT_WRITABLE_MASK, RET_PF_EMULATE, RET_PF_FIXED, SPTE_LAST_MASK } from '../../machine/constants.ts';
import { kvm_flush_remote_tlbs } from '../../procedures/remoteFlush.ts';
import { drop_spte, rmap_add } from '../../procedures/rmaps.ts';
import { is_shadow_present_pte, is_writable_pte, spte_to_pfn } from '../../procedures/spte.ts';
import { kvm_slot_page_track_is_active, mmu_try_to_unsync_pages } from '../../procedures/writeProtection.ts';

/** `mmu_set_spte()` with the two steps of `make_spte()` and the write the wrong way round. */
export function mmu_set_spte(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, gfn: u32, write: bool): u32 {
  let flush: bool = false;
  let old_spte = at(sptep);
  if (is_shadow_present_pte(old_spte) && spte_to_pfn(old_spte) !== gfn) {
    drop_spte(sptep);
    old_spte = 0;
    flush = true;
  }
  if (is_shadow_present_pte(old_spte) && !write) return RET_PF_FIXED;
  let spte: u32 = SPTE_LAST_MASK | gfn;
  if (write && !kvm_slot_page_track_is_active(gfn)) spte |= PT_WRITABLE_MASK;
  put(sptep, spte);
  if (is_writable_pte(spte)) mmu_try_to_unsync_pages(gfn);
  if (flush) kvm_flush_remote_tlbs();
  if (!is_shadow_present_pte(old_spte)) rmap_add(gfn, sptep);
  if (write && !is_writable_pte(spte)) return RET_PF_EMULATE;
  return RET_PF_FIXED;
}
