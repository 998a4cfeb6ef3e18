/** Until 5.9: zapping a page unlinks its children, and zaps none of them. */
import { at, type Pointer, type Ref, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { drop_spte } from '../../procedures/rmaps.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from '../../procedures/spte.ts';
import { drop_parent_pte } from '../../procedures/zap.ts';

/** `mmu_page_zap_pte()`, 5.8: the list, which it did not take then, is not looked at. */
export function mmu_page_zap_pte(spte: Pointer<'pages', 'spt'>, invalid_list: Ref<'lists'>): u32 {
  const pte = at(spte);
  if (!is_shadow_present_pte(pte)) return 0;
  if (is_last_spte(pte)) drop_spte(spte);
  else drop_parent_pte(spte_to_child_sp(pte), spte);
  return 0;
}
