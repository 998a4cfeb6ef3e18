/**
 * Kernel functions (arch/x86/kvm/mmu, 5.18 to 6.12) of which only scenarios with rmaps and unsync pages show enough.
 *
 * In: nothing. Out: their names; patches on trees that change one of them are judged in these scenarios, too. Never: a function of the model by another name.
 */
export const unsyncFunctions: readonly string[] = [
  // Translations, and what may be written through them.
  'mmu_set_spte',
  'make_spte',
  'mmu_spte_update',
  'mmu_spte_update_no_track',
  'mmu_spte_set',
  'mmu_spte_clear_track_bits',
  'drop_spte',
  'spte_write_protect',
  'rmap_write_protect',
  'kvm_vcpu_write_protect_gfn',
  'kvm_mmu_slot_gfn_write_protect',
  'gfn_to_rmap',
  'rmap_add',
  '__rmap_add',
  'rmap_remove',
  // Pages that the guest may outdate.
  'mmu_try_to_unsync_pages',
  'kvm_unsync_page',
  'mark_unsync',
  'kvm_mmu_mark_parents_unsync',
  'clear_unsync_child_bit',
  'kvm_unlink_unsync_page',
  'mmu_pages_add',
  '__mmu_unsync_walk',
  'mmu_unsync_walk',
  'mmu_pages_first',
  'mmu_pages_next',
  'mmu_pages_clear_parents',
  'mmu_zap_unsync_children',
  // Bringing them up to date.
  'mmu_sync_children',
  'kvm_sync_page',
  '__kvm_sync_page',
  'kvm_sync_page_check',
  'kvm_sync_spte',
  'FNAME_sync_spte',
  'FNAME_sync_page',
  'FNAME_prefetch_invalid_gpte',
  'is_unsync_root',
  'kvm_mmu_sync_roots',
  'kvm_mmu_sync_prev_roots',
  // Where tables are made, found, linked and written to.
  'kvm_mmu_find_shadow_page',
  'account_shadowed',
  '__link_shadow_page',
  'link_shadow_page',
  'mmu_page_zap_pte',
  'kvm_mmu_pte_write',
  'kvm_mmu_track_write',
];
