/** Twin of the merged rule: the child goes although another table still links it. */
import { at, NULL, type Pointer, type Ref, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { tdp_enabled } from '../../machine/constants.ts';
import { pages } from '../../machine/pages.ts';
import { drop_spte } from '../../procedures/rmaps.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from '../../procedures/spte.ts';
import { drop_parent_pte, kvm_mmu_prepare_zap_page } from '../../procedures/zap.ts';

/** `mmu_page_zap_pte()` without the test of `parent_ptes`. */
export function mmu_page_zap_pte(spte: Pointer<'pages', 'spt'>, invalid_list: Ref<'lists'>): u32 {
  const pte = at(spte);
  if (!is_shadow_present_pte(pte)) return 0;
  if (is_last_spte(pte)) {
    drop_spte(spte);
    return 0;
  }
  const child = spte_to_child_sp(pte);
  drop_parent_pte(child, spte);
  if (tdp_enabled && invalid_list !== NULL && pages[child].role.guest_mode) return kvm_mmu_prepare_zap_page(child, invalid_list) ? 1 : 0;
  return 0;
}
