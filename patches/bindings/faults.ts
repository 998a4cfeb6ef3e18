/** Page faults and loading roots: facts 2.6 to 2.8, 2.10. No confidential guests, no memory types, no page that is faulted in asynchronously. */
import type { BindingPart } from './schema.ts';

const tdp = { has: 'pages.tdp_mmu_root_count' } as const;
const notTdp = { lacks: 'pages.tdp_mmu_root_count' } as const;
const withUnmapped = { has: 'vm.host_unmapped' } as const;

export const faults: BindingPart = {
  subsystem: 'faults',
  objects: [
    { of: 'vm', c: ['arch.has_private_mem'], is: { means: '(bool)0' } },
    { of: 'vm', c: ['arch.pre_fault_allowed'], is: { means: '(bool)1' } },
    { of: 'vm', c: ['arch.vm_type'], is: { means: 'KVM_X86_DEFAULT_VM' } },
    {
      of: 'slot',
      c: ['flags'],
      is: { means: '(the_vm()->dirty_logging ? KVM_MEM_LOG_DIRTY_PAGES : 0)' },
      when: { has: 'vm.dirty_logging' },
    },
    { of: 'slot', c: ['flags'], is: { means: '0' }, when: { lacks: 'vm.dirty_logging' } },
    { of: 'memslots', c: ['flags'], is: { means: '((self)->invalid ? KVM_MEMSLOT_INVALID : 0)' } },
    { of: 'vcpus', c: ['fault_at_work'], is: { row: 'faults', stride: 1, offset: 0 }, when: { has: 'faults' } },
    { of: 'mmus', c: ['cpu_role.base.level'], is: { means: '((self)->usesPaeRoot ? PT32E_ROOT_LEVEL : PT64_ROOT_4LEVEL)' } },
    { of: 'vcpus', c: ['cpu_role.base.level'], is: { means: 'PT64_ROOT_4LEVEL' }, when: tdp },
    { of: 'vcpus', c: ['page_fault'], is: { means: 'kvm_tdp_page_fault' }, when: tdp },
  ],
  fields: [
    { of: 'vm', field: 'host_unmapped', c: ['host_unmapped'] },
    { of: 'faults', field: 'slot', c: ['slot'] },
    { of: 'mmus', field: 'usesPaeRoot', c: ['usesPaeRoot'] },
  ],
  meanings: [
    { c: ['KVM_X86_DEFAULT_VM', 'KVM_X86_QUIRK_SLOT_ZAP_ALL', 'KVM_HVA_ERR_BAD'], means: '0' },
    // A quirk is there unless somebody has switched it off, as in scenarios of memslots whose leaves alone are zapped.
    { c: ['kvm_check_has_quirk'], params: ['_kvm', '_quirk'], means: '(bool)1', first: true, when: notTdp },
    { c: ['kvm_check_has_quirk'], params: ['_kvm', '_quirk'], means: 'SLOT_ZAP_ALL', first: true, when: tdp },
    { c: ['KVM_MEM_LOG_DIRTY_PAGES'], means: '1' },
    { c: ['KVM_MEMSLOT_INVALID'], means: '65536' },
    { c: ['APIC_ACCESS_PAGE_PRIVATE_MEMSLOT'], means: '509' },
    // No level that any table of the model has: roots without a page are told by it.
    { c: ['PT32E_ROOT_LEVEL'], means: '0' },
    { c: ['kvm_mem_is_private'], params: ['_kvm', '_gfn'], means: '(bool)0', first: true },
    { c: ['kvm_arch_has_private_mem'], params: ['_kvm'], means: '(bool)0', first: true },
    { c: ['kvm_faultin_pfn_private'], params: ['_vcpu', '_fault'], means: '(WARN_ON(1) ? -EFAULT : -EFAULT)', first: true },
    { c: ['kvm_can_do_async_pf', 'is_guest_mode'], params: ['_vcpu'], means: '(bool)0', when: tdp },
    { c: ['kvm_can_do_async_pf'], params: ['_vcpu'], means: '(bool)0', when: notTdp },
    { c: ['kvm_apicv_activated', 'kvm_arch_has_noncoherent_dma'], params: ['_kvm'], means: '(bool)1' },
    { c: ['shadow_memtype_mask'], means: '0' },
    { c: ['kvm_is_visible_memslot'], params: ['slot'], means: '((slot) && !((slot)->flags & KVM_MEMSLOT_INVALID))', first: true },
    // Where the host maps nothing, user space hears of it, and comes back.
    { c: ['KVM_PFN_ERR_FAULT'], means: 'GFNS' },
    { c: ['is_error_pfn', 'is_error_noslot_pfn'], params: ['pfn'], means: '((pfn) == KVM_PFN_ERR_FAULT)', when: withUnmapped },
    { c: ['is_error_pfn', 'is_error_noslot_pfn'], params: ['_pfn'], means: '(bool)0', when: { lacks: 'vm.host_unmapped' } },
    // Nothing of the TDP MMU is write-tracked, and its pages are not counted.
    { c: ['kvm_gfn_is_write_tracked'], params: ['_kvm', '_slot', '_gfn'], means: '(bool)0', first: true, when: tdp },
    { c: ['kvm_slot_page_track_is_active'], params: ['_kvm', '_slot', '_gfn', '_mode'], means: '(bool)0', first: true, when: tdp },
    { c: ['make_mmu_pages_available'], params: ['_vcpu'], means: '0', first: true, when: tdp },
    { c: ['FROZEN_SPTE', 'REMOVED_SPTE'], means: '0', when: { has: 'frames' } },
    { c: ['mark_page_dirty_in_slot'], params: ['_kvm', '_slot', '_gfn'], means: '(void)0', first: true, when: notTdp },
    { c: ['smp_store_release'], params: ['place', 'value'], means: '(*(place) = (value))' },
    // Every gfn that a guest has is in the one slot.
    {
      c: ['kvm_handle_noslot_fault'],
      params: ['_vcpu', '_fault', '_access'],
      means: '(WARN_ON(1) ? RET_PF_RETRY : RET_PF_RETRY)',
      first: true,
      when: { lacks: 'memslots' },
    },
    { c: ['kvm_handle_bad_page'], params: ['_vcpu', '_gfn', '_pfn'], means: 'RET_PF_RETRY', first: true },
    { c: ['kvm_handle_error_pfn'], params: ['_vcpu', '_fault'], means: 'RET_PF_RETRY', first: true },
    {
      c: ['host_pfn_of'],
      params: ['gfn'],
      means: '(the_vm()->host_unmapped & (1UL << (gfn)) ? KVM_PFN_ERR_FAULT : host_pfn(gfn))',
      when: withUnmapped,
    },
    { c: ['host_pfn_of'], params: ['gfn'], means: '(gfn)', when: { lacks: 'vm.host_unmapped' } },
    {
      c: ['__gfn_to_pfn_memslot'],
      params: ['_slot', 'gfn', '_atomic', '_async', '_write', 'writable', '_hva'],
      means: '(*(writable) = 1, host_pfn_of(gfn))',
      first: true,
      when: { until: '6.1' },
    },
    {
      c: ['__gfn_to_pfn_memslot'],
      params: ['_slot', 'gfn', '_atomic', '_interruptible', '_async', '_write', 'writable', '_hva'],
      means: '(*(writable) = 1, host_pfn_of(gfn))',
      first: true,
      when: { from: '6.2' },
    },
    {
      c: ['kvm_mmu_topup_memory_cache'],
      params: ['_cache', '_min'],
      means: '(ALLOCATION_FAILS && allocation_fails() ? -ENOMEM : 0)',
      when: tdp,
    },
    { c: ['kvm_mmu_topup_memory_cache'], params: ['_cache', '_min'], means: '0', when: notTdp },
    // A vCPU finds a page wherever it takes one: its caches are full, which user space hears of if it cannot be.
    { c: ['mmu_topup_memory_caches'], params: ['_vcpu', '_maybe_indirect'], means: '0', first: true, when: tdp },
    // A fault that reads is not fixed without mmu_lock, and no SPTE that an MMU without rmaps makes lets anybody write.
    { c: ['fast_page_fault'], params: ['_vcpu', '_fault'], means: 'RET_PF_INVALID', first: true, when: notTdp },
    // The shadow MMU's machine has no host that takes pages away. SPTEs say what they lead to only where there are rmaps.
    {
      c: ['kvm_faultin_pfn'],
      params: ['_vcpu', 'fault'],
      means: '((fault)->pfn = RMAPS ? (fault)->gfn : 0, (fault)->map_writable = 1, RET_PF_CONTINUE)',
      first: true,
      when: { ...notTdp, until: '6.1' },
    },
    {
      c: ['kvm_faultin_pfn'],
      params: ['_vcpu', 'fault', '_access'],
      means: '((fault)->pfn = RMAPS ? (fault)->gfn : 0, (fault)->map_writable = 1, RET_PF_CONTINUE)',
      first: true,
      when: { ...notTdp, from: '6.2' },
    },
    // Special roots are there from the beginning.
    { c: ['mmu_alloc_special_roots'], params: ['_vcpu'], means: '0', first: true, when: notTdp },
    // Rmaps are always there in the model.
    { c: ['kvm_shadow_root_allocated'], params: ['_kvm'], means: '(bool)1', first: true },
    // Nothing else is ever returned in the place of a page.
    { c: ['ERR_PTR'], params: ['_error'], means: '((struct kvm_mmu_page *)NULL)' },
    { c: ['IS_ERR'], params: ['pointer'], means: '((pointer) == NULL)' },
    {
      c: ['SPTE_INDEX', 'SHADOW_PT_INDEX'],
      params: ['address', 'level'],
      means: 'shadow_pt_index((address) >> PAGE_SHIFT, level)',
      when: { has: 'frames' },
    },
    {
      c: ['KVM_PAGES_PER_HPAGE'],
      params: ['level'],
      means:
        '((level) <= 1 ? 1 : (level) == 2 ? PT64_ENT_PER_PAGE : (level) == 3 ? PT64_ENT_PER_PAGE * PT64_ENT_PER_PAGE : PT64_ENT_PER_PAGE * PT64_ENT_PER_PAGE * PT64_ENT_PER_PAGE)',
      when: { has: 'frames' },
    },
    // The walk of shadow tables: their addresses are rows. A root without a page has its first table below entry 0.
    {
      c: ['shadow_walk_init_using_root'],
      params: ['walk', 'vcpu', 'root', 'address'],
      means:
        '((walk)->addr = (address), (walk)->shadow_addr = root_to_sp(root) ? (root) : (vcpu)->arch.mmu->pae_root[0], (walk)->level = (vcpu)->arch.mmu->root_role.level)',
      first: true,
      when: { has: 'frames' },
    },
    {
      c: ['__shadow_walk_next'],
      params: ['walk', 'spte'],
      means:
        '(!is_shadow_present_pte(spte) || is_last_spte(spte) ? ((walk)->level = 0, (void)0) : ((walk)->shadow_addr = (hpa_t)spte_to_child_sp(spte), (walk)->level -= 1, (void)0))',
      first: true,
      when: { has: 'frames' },
    },
    { c: ['__va'], params: ['address'], means: '((struct kvm_mmu_page *)(hpa_t)(address))->spt', when: { has: 'frames' } },
    {
      c: ['kvm_mmu_hugepage_adjust'],
      params: ['_vcpu', 'fault'],
      means: '((fault)->goal_level = PG_LEVEL_4K, (fault)->req_level = PG_LEVEL_4K)',
      first: true,
      when: notTdp,
    },
    { c: ['PFERR_FETCH_MASK'], means: '16' },
    { c: ['PFERR_WRITE_MASK'], means: '2' },
    { c: ['PFERR_PRESENT_MASK'], means: '1' },
    { c: ['PFERR_RSVD_MASK'], means: '8' },
    { c: ['PFERR_USER_MASK'], means: '4' },
    { c: ['PFERR_PRIVATE_ACCESS'], means: '32' },
    { c: ['PFERR_GUEST_FINAL_MASK'], means: '0' },
    { c: ['signal_pending'], params: ['_task'], means: 'a_signal_came()' },
    { c: ['current'], means: '0' },
    {
      c: ['kvm_page_track_flush_slot'],
      params: ['kvm', 'slot'],
      means: 'kvm_mmu_invalidate_zap_pages_in_memslot(kvm, slot, the_tracker())',
      first: true,
    },
  ],
  calls: [
    { c: ['the_vm'], is: { only: 'vm' } },
    { c: ['the_tracker'], is: { only: 'tracker' } },
    { c: ['a_signal_came'], is: { choose: 'a signal came' } },
  ],
  contracts: [
    // A fault of the shadow MMU is no structure in the model. No host event makes it stale: mmu_invalidate_retry_*() are false there, and members are 0.
    {
      when: notTdp,
      c: ['is_page_fault_stale'],
      era: 'from 5.16',
      params: ['struct kvm_vcpu *', 'struct kvm_page_fault *'],
      pass: [0],
      give: { 1: {} },
    },
  ],
  ignorableFields: [
    // The shadow MMU's machine has no host that takes pages away; rmaps are always there.
    { of: 'vm', c: ['mmu_invalidate_in_progress'], when: { lacks: 'vm.mmu_invalidate_seq' } },
    { of: 'vm', c: ['slots_arch_lock', 'arch.shadow_root_allocated'] },
  ],
  ignorableCalls: [
    'local_irq_disable',
    'kvm_x86_flush_tlb_all',
    'kvm_mmu_prepare_memory_fault_exit',
    'direct_pte_prefetch',
    'FNAME_pte_prefetch',
    'printk_once',
    'kvm_mmu_hugepage_account',
  ],
};
