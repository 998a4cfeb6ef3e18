/**
 * 2013, before the series (up to v3.10): a memslot change zaps every page under one hold of `mmu_lock`.
 *
 * There is no generation: it never changes here.
 */
import { type bool, holdsExclusive, NULL, type Out, type Ref, rowAt, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_RELOAD, LIST_ACTIVE_MMU_PAGES } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { pages } from '../../machine/pages.ts';
import { vm } from '../../machine/vm.ts';
import { list_move_link } from '../../procedures/lists.ts';
import { kvm_make_all_cpus_request } from '../../procedures/requests.ts';
import { kvm_mmu_page_unlink_children, kvm_mmu_unlink_parents, unaccount_shadowed } from '../../procedures/zap.ts';
import { kvm_mmu_zap_all } from './v310ZapAll.ts';

/** There is no such test yet: no page is obsolete. */
export function is_obsolete_sp(sp: Ref<'pages'>): bool {
  WARN_ON(sp === NULL);
  return false;
}

/**
 * `__kvm_mmu_prepare_zap_page()` until 5.8: a root in use is zapped and goes back to the head of the active list.
 * Each time costs all vCPUs a reload.
 */
export function __kvm_mmu_prepare_zap_page(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: Out<u32>): bool {
  WARN_ON(!holdsExclusive(vm.mmu_lock));
  nr_zapped.value = kvm_mmu_page_unlink_children(sp, invalid_list);
  kvm_mmu_unlink_parents(sp);
  const list_unstable = nr_zapped.value !== 0;
  if (!pages[sp].role.invalid && !pages[sp].role.direct) unaccount_shadowed();
  if (pages[sp].root_count === 0) {
    nr_zapped.value += 1;
    list_move_link(sp, invalid_list);
    vm.n_used_mmu_pages -= 1;
  } else {
    list_move_link(sp, rowAt(lists, LIST_ACTIVE_MMU_PAGES));
    kvm_make_all_cpus_request(KVM_REQ_MMU_RELOAD);
  }
  pages[sp].role.invalid = true;
  return list_unstable;
}

/** `kvm_arch_flush_shadow_memslot()`. */
export function kvm_arch_flush_shadow_memslot(): void {
  kvm_mmu_zap_all();
}
