/**
 * The worker that takes tables back that NX huge pages made necessary (`kvm_recover_nx_huge_pages()` in arch/x86/kvm/mmu/mmu.c, 6.4 to
 * 6.12; 2.20 of the facts). Which tables those are is left open: here it is the table of level 2 that maps gfn 0.
 */
import { acquire, type bool, NULL, type Ref, release, rowAt, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { SHADOW_NONPRESENT_VALUE } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_flush_remote_tlbs } from './flush.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { tdp_mmu_set_spte } from './setSpte.ts';
import { is_last_spte, is_shadow_present_pte, kvm_tdp_mmu_read_spte, spte_to_child_sp } from './spte.ts';

/** `kvm_tdp_mmu_zap_sp()`: unlinks the table from its parent. */
export function kvm_tdp_mmu_zap_sp(sp: Ref<'pages'>): bool {
  if (WARN_ON(pages[sp].ptep === NULL)) return false;
  const old_spte = kvm_tdp_mmu_read_spte(pages[sp].ptep);
  if (WARN_ON(!is_shadow_present_pte(old_spte))) return false;
  tdp_mmu_set_spte(pages[sp].ptep, old_spte, SHADOW_NONPRESENT_VALUE);
  return true;
}

/** `kvm_recover_nx_huge_pages()`: flushes before it leaves its RCU section. */
export function kvm_recover_nx_huge_pages(): void {
  acquire(vm.mmu_lock);
  rcu_read_lock();
  const spte = pages[vcpus[rowAt(vcpus, 0)].root].spt[0];
  if (is_shadow_present_pte(spte) && !is_last_spte(spte)) {
    kvm_tdp_mmu_zap_sp(spte_to_child_sp(spte));
    kvm_flush_remote_tlbs();
  }
  rcu_read_unlock();
  release(vm.mmu_lock);
}
