/**
 * Which files of a tree hold what the model is about, and which functions of files that hold more.
 */

export interface Source {
  /** Where it is, newest place first: files have moved. */
  readonly paths: readonly string[];
  /** Functions that belong to it; left out: all. */
  readonly only?: RegExp;
  /** A header: its functions are called, and its macros expanded. */
  readonly header?: true;
}

/** Notifiers, flushes and requests; the rest of the file is about files, memslots and vCPUs. */
const ofKvmMain =
  /^(kvm_(mmu_)?(notifier|invalidate)_|kvm_mmu_(invalidate|notifier)|__kvm_handle_hva|kvm_handle_hva|kvm_handle_gfn_range|kvm_mmu_unmap_gfn_range|kvm_inc_notifier|kvm_dec_notifier|kvm_flush_remote_tlbs|kvm_make_(all_cpus|vcpus|vcpu)_request|kvm_make_all_cpus|kvm_kick_many_cpus|kvm_request_needs_ipi|kvm_null_fn|kvm_set_spte_gfn|kvm_change_spte_gfn|mark_page_dirty|kvm_vcpu_mark_page_dirty|kvm_(get|clear)_dirty_log|kvm_swap_active_memslots|kvm_invalidate_memslot|install_new_memslots)/;
const ofX86 =
  /^(vcpu_enter_guest|kvm_service_local_tlb_flush|kvm_vcpu_flush_tlb|kvm_vcpu_reload_apic|kvm_mmu_slot_apply_flags|kvm_arch_flush_shadow|kvm_arch_sync_dirty_log|kvm_invalidate_pcid|kvm_set_cr3|kvm_handle_invpcid|kvm_zap_all|kvm_mmu_new_cr3)/;

/** Nothing of it but structures. */
const noFunction = /^$/;

export const sources: readonly Source[] = [
  { paths: ['arch/x86/include/asm/kvm_host.h'], header: true, only: noFunction },
  { paths: ['include/linux/mmu_notifier.h'], header: true, only: noFunction },
  { paths: ['arch/x86/kvm/mmu/mmu.c', 'arch/x86/kvm/mmu.c'] },
  { paths: ['arch/x86/kvm/mmu/paging_tmpl.h', 'arch/x86/kvm/paging_tmpl.h'] },
  { paths: ['arch/x86/kvm/mmu/tdp_mmu.c'] },
  { paths: ['arch/x86/kvm/mmu/tdp_iter.c'] },
  { paths: ['arch/x86/kvm/mmu/spte.c'] },
  { paths: ['arch/x86/kvm/mmu/tdp_iter.h'], header: true },
  { paths: ['arch/x86/kvm/mmu/tdp_mmu.h'], header: true },
  { paths: ['arch/x86/kvm/mmu/spte.h'], header: true },
  { paths: ['arch/x86/kvm/mmu/mmu_internal.h'], header: true },
  { paths: ['arch/x86/kvm/mmu.h'], header: true },
  { paths: ['virt/kvm/kvm_main.c'], only: ofKvmMain },
  { paths: ['arch/x86/kvm/x86.c'], only: ofX86 },
  {
    paths: ['include/linux/kvm_host.h'],
    header: true,
    only: /^(__?)?kvm_(make|test|check|clear)_request|^kvm_request_pending|^mmu_(invalidate|notifier)_retry|^kvm_vcpu_exiting_guest_mode|^kvm_slot_dirty_track/,
  },
];
