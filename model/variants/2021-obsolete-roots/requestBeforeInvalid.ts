/**
 * Mutant of the 2021 patch: the new request where the old one was, before `role.invalid` is set. This is why the
 * patch moved it.
 */

import { type bool, holdsExclusive, type Out, type Ref, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_FREE_OBSOLETE_ROOTS } from '../../machine/constants.ts';
import { pages } from '../../machine/pages.ts';
import { vm } from '../../machine/vm.ts';
import { list_add_link, list_del_link, list_move_link } from '../../procedures/lists.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { is_obsolete_sp, kvm_mmu_page_unlink_children, kvm_mmu_unlink_parents, unaccount_shadowed } from '../../procedures/zap.ts';

/** `__kvm_mmu_prepare_zap_page()` with the request in the old place. */
export function __kvm_mmu_prepare_zap_page(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: Out<u32>): bool {
  WARN_ON(!holdsExclusive(vm.mmu_lock));
  nr_zapped.value = kvm_mmu_page_unlink_children(sp, invalid_list);
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
    if (!is_obsolete_sp(sp)) kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);
  }
  pages[sp].role.invalid = true;
  return list_unstable;
}
