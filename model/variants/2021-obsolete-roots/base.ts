/**
 * 2021, before the patch (5.16 and 5.17): zapping any root in use makes every vCPU unload all of its roots.
 *
 * The request comes before `role.invalid` is set. That is harmless here: the service looks at no page, and it needs
 * `mmu_lock`, which the zapper holds.
 */

import { acquire, type bool, holdsExclusive, type Out, type Ref, release, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_RELOAD } from '../../machine/constants.ts';
import { pages } from '../../machine/pages.ts';
import { vm } from '../../machine/vm.ts';
import { list_add_link, list_del_link, list_move_link } from '../../procedures/lists.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { is_obsolete_sp, kvm_mmu_page_unlink_children, kvm_mmu_unlink_parents, unaccount_shadowed } from '../../procedures/zap.ts';
import { kvm_zap_obsolete_pages } from '../../procedures/zapAll.ts';

/** `__kvm_mmu_prepare_zap_page()`, 5.16 and 5.17. */
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
    if (!is_obsolete_sp(sp)) kvm_make_all_cpus_request(KVM_REQ_MMU_RELOAD);
  }
  pages[sp].role.invalid = true;
  return list_unstable;
}

/** `kvm_mmu_zap_all_fast()`, 5.16 and 5.17. */
export function kvm_mmu_zap_all_fast(): void {
  WARN_ON(!holdsExclusive(vm.slots_lock));
  acquire(vm.mmu_lock);
  vm.mmu_valid_gen = vm.mmu_valid_gen !== 0 ? 0 : 1;
  kvm_make_all_cpus_request(KVM_REQ_MMU_RELOAD);
  kvm_zap_obsolete_pages();
  release(vm.mmu_lock);
}
