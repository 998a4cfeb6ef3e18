/** Until 5.8, with `v58Rule.ts`, in place of `v58Children.ts`: a root that is zapped in use goes back to the head of the active list, and all vCPUs reload. */
import {
  type bool,
  holdsExclusive,
  NULL,
  type Out,
  pointerTo,
  type Ref,
  rowAt,
  type u32,
  WARN_ON,
} from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_RELOAD, LIST_ACTIVE_MMU_PAGES, PT64_ENT_PER_PAGE, RMAPS } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { pages } from '../../machine/pages.ts';
import { vm } from '../../machine/vm.ts';
import { list_move_link } from '../../procedures/lists.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { kvm_unlink_unsync_page } from '../../procedures/unsync.ts';
import {
  is_obsolete_sp,
  kvm_mmu_unlink_parents,
  mmu_page_zap_pte,
  mmu_zap_unsync_children,
  unaccount_shadowed,
} from '../../procedures/zap.ts';

/** `kvm_mmu_page_unlink_children()`, 5.8. */
export function kvm_mmu_page_unlink_children(sp: Ref<'pages'>): void {
  for (let i: u32 = 0; i < PT64_ENT_PER_PAGE; i++) mmu_page_zap_pte(pointerTo(pages, sp, 'spt', i), NULL);
}

/** `__kvm_mmu_prepare_zap_page()`, 5.4 to 5.8: the page stays on the active list, invalid, until its last slot lets go. */
export function __kvm_mmu_prepare_zap_page(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: Out<u32>): bool {
  WARN_ON(!holdsExclusive(vm.mmu_lock));
  nr_zapped.value = mmu_zap_unsync_children(sp, invalid_list);
  kvm_mmu_page_unlink_children(sp);
  kvm_mmu_unlink_parents(sp);
  const list_unstable = nr_zapped.value !== 0;
  if (!pages[sp].role.invalid && !pages[sp].role.direct) unaccount_shadowed();
  if (RMAPS && pages[sp].unsync) kvm_unlink_unsync_page(sp);
  if (pages[sp].root_count === 0) {
    nr_zapped.value += 1;
    list_move_link(sp, invalid_list);
    vm.n_used_mmu_pages -= 1;
  } else {
    list_move_link(sp, rowAt(lists, LIST_ACTIVE_MMU_PAGES));
    if (!is_obsolete_sp(sp)) kvm_make_all_cpus_request(KVM_REQ_MMU_RELOAD);
  }
  pages[sp].role.invalid = true;
  return list_unstable;
}
