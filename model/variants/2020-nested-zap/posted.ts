/** The mail of July 2020, v1, on top of `v58Rule.ts`: with TDP, a child without a parent goes with its last one, whatever MMU it is of. */
import {
  at,
  type bool,
  holdsExclusive,
  listIsEmpty,
  NULL,
  type Out,
  pointerTo,
  type Ref,
  type u32,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, PT64_ENT_PER_PAGE, tdp_enabled } from '../../machine/constants.ts';
import { pages } from '../../machine/pages.ts';
import { vm } from '../../machine/vm.ts';
import { list_add_link, list_del_link, list_move_link } from '../../procedures/lists.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { is_last_spte, is_shadow_present_pte, spte_to_child_sp } from '../../procedures/spte.ts';
import {
  is_obsolete_sp,
  kvm_mmu_prepare_zap_page,
  kvm_mmu_unlink_parents,
  mmu_page_zap_pte,
  unaccount_shadowed,
} from '../../procedures/zap.ts';

/** `kvm_mmu_page_unlink_children()`, v1. The test for a missing shadow page behind the SPTE is left out: there is one. */
export function kvm_mmu_page_unlink_children(sp: Ref<'pages'>, invalid_list: Ref<'lists'>): u32 {
  let zapped: u32 = 0;
  for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) {
    const sptep = pointerTo(pages, sp, 'spt', i);
    const spte = at(sptep);
    mmu_page_zap_pte(sptep, NULL);
    if (!is_shadow_present_pte(spte) || is_last_spte(spte)) continue;
    if (!tdp_enabled) continue;
    const child_sp = spte_to_child_sp(spte);
    if (listIsEmpty(pages[child_sp].parent_ptes)) zapped += kvm_mmu_prepare_zap_page(child_sp, invalid_list);
  }
  return zapped;
}

/** `__kvm_mmu_prepare_zap_page()` with the call of the mail, which adds to what unsync children count; otherwise as in 5.18. */
export function __kvm_mmu_prepare_zap_page(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: Out<u32>): bool {
  let zapped_root: bool = false;
  WARN_ON(!holdsExclusive(vm.mmu_lock));
  nr_zapped.value = 0;
  nr_zapped.value += kvm_mmu_page_unlink_children(sp, invalid_list);
  kvm_mmu_unlink_parents(sp);
  const list_unstable = nr_zapped.value !== 0;
  if (!pages[sp].role.invalid && !pages[sp].role.direct) unaccount_shadowed();
  if (pages[sp].root_count === 0) {
    nr_zapped.value += 1;
    if (pages[sp].role.invalid) list_add_link(sp, invalid_list);
    else list_move_link(sp, invalid_list);
    vm.n_used_mmu_pages -= 1;
  } else {
    list_del_link(sp);
    zapped_root = !is_obsolete_sp(sp);
  }
  pages[sp].role.invalid = true;
  if (zapped_root) kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
  return list_unstable;
}
