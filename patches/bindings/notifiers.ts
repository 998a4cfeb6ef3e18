/**
 * The host's notifiers, and walks over memslots and their rmaps: facts 2.17, 2.18, 5.4. Addresses of the host are counted in pages, and those of the
 * one slot begin at 0. Where memslots come and go there is at most one.
 */
import type { BindingPart } from './schema.ts';

const oneSlot = { lacks: 'memslots' } as const;
const slotsChange = { has: 'memslots' } as const;

export const notifiers: BindingPart = {
  subsystem: 'notifiers and slot walks',
  records: [
    'struct mmu_notifier_range',
    'struct kvm_mmu_notifier_range',
    'struct kvm_hva_range',
    'struct kvm_mmu_notifier_return',
    'struct slot_rmap_walk_iterator',
  ],
  typedefs: [{ c: 'kvm_mn_ret_t', is: 'struct kvm_mmu_notifier_return' }],
  types: [
    { c: ['pte_t'], is: { int: 'u32' } },
    { c: ['struct mmu_notifier *'], is: { only: 'notifier' } },
    { c: ['struct mm_struct *'], is: { only: 'hostMemory' } },
    { c: ['struct interval_tree_node *'], is: { only: 'slot' }, when: oneSlot },
    { c: ['struct interval_tree_node *'], is: { ref: 'memslots' }, when: slotsChange },
  ],
  objects: [
    { of: 'slot', c: ['userspace_addr'], is: { means: '0' } },
    { of: 'memslots', c: ['userspace_addr'], is: { means: '0' } },
    { of: 'vm', c: ['mn_invalidate_lock'], is: { means: '(published_slots()->mn_invalidate_lock)' }, when: slotsChange },
    { of: 'vm', c: ['mn_active_invalidate_count'], is: { means: '(published_slots()->mn_active_invalidate_count)' }, when: slotsChange },
    { of: 'x86Ops', c: ['set_apic_access_page_addr'], is: { means: '(bool)0' } },
    { of: 'x86Ops', c: ['cpu_dirty_log_size'], is: { means: 'AD_BITS' }, when: { has: 'pages.tdp_mmu_root_count' } },
    { of: 'x86Ops', c: ['cpu_dirty_log_size'], is: { means: '(bool)0' }, when: { lacks: 'pages.tdp_mmu_root_count' } },
  ],
  fields: [
    { of: 'slots', field: 'memslots', c: ['memslots'] },
    { of: 'slots', field: 'mn_invalidate_lock', c: ['mn_invalidate_lock'] },
    { of: 'slots', field: 'mn_active_invalidate_count', c: ['mn_active_invalidate_count'], as: 's32' },
    { of: 'rmaps', field: 'sptes', c: ['val'] },
  ],
  meanings: [
    { c: ['kvm_arch_nr_memslot_as_ids', 'kvm_arch_nr_vcpu_as_ids'], params: ['_kvm'], means: '1', first: true },
    { c: ['KVM_ADDRESS_SPACE_NUM'], means: '1' },
    { c: ['hva_to_gfn_memslot'], params: ['hva', 'slot'], means: '((slot)->base_gfn + (hva))', first: true },
    { c: ['container_of'], params: ['member', '_type', '_name'], means: '(member)' },
    { c: ['KVM_FILTER_SHARED', 'KVM_FILTER_PRIVATE'], means: '0' },
    { c: ['__pte'], params: ['_value'], means: '0' },
    { c: ['IS_KVM_NULL_FN'], params: ['fn'], means: '((fn) == (void *)kvm_null_fn)' },
    { c: ['kvm_x86_ops'], means: 'x86_ops()' },
  ],
  calls: [
    { c: ['mmu_notifier_to_kvm'], is: { only: 'vm' } },
    { c: ['published_slots'], is: { only: 'slots' } },
    { c: ['x86_ops'], is: { only: 'x86Ops' } },
    // Only the one who kills for memory must not wait; which of them an event is, is not known here.
    { c: ['mmu_notifier_range_blockable'], is: { choose: 'the event may block' } },
    { c: ['lockdep_is_held'], is: { lockQuery: 'held' } },
    { c: ['lockdep_assert_once'], is: { assert: 'warn', when: false } },
  ],
  iterations: [
    { c: ['kvm_for_each_memslot_in_hva_range', 'kvm_for_each_memslot_in_gfn_range'], over: { once: true }, cursor: 0, when: oneSlot },
  ],
  macros: [
    {
      c: ['kvm_for_each_memslot_in_hva_range'],
      params: ['node', 'slots', 'start', 'last'],
      body: 'for ((node) = (slots)->memslots; (node) != NULL; (node) = NULL)',
      when: slotsChange,
    },
    {
      c: ['kvm_for_each_memslot_in_gfn_range'],
      params: ['iter', 'slots', 'start', 'end'],
      body: 'for ((iter)->slot = (slots)->memslots; (iter)->slot != NULL && (iter)->slot->base_gfn >= (start) && (iter)->slot->base_gfn < (end); (iter)->slot = NULL)',
      when: slotsChange,
    },
    // Huge pages are the TDP MMU's only, so there are rmaps of one level. Empty ones are passed over, but the first.
    {
      c: ['for_each_slot_rmap_range'],
      params: ['slot', 'first', 'last', 'start', 'end', 'iter'],
      body: 'if ((first) <= PG_LEVEL_4K) for ((iter)->level = PG_LEVEL_4K, (iter)->gfn = (start); (iter)->gfn <= (end); (iter)->gfn++) if ((iter)->rmap = rmap_of_gfn((iter)->gfn), (iter)->gfn == (start) || (iter)->rmap->val)',
      when: { has: 'rmaps' },
    },
  ],
  ignorableFields: [
    { of: 'vm', c: ['mn_invalidate_lock', 'mn_active_invalidate_count'], when: oneSlot },
    { of: 'vm', c: ['mn_memslots_update_rcuwait'] },
    { of: 'struct kvm_gfn_range', c: ['arg', 'arg.*', 'attr_filter', 'pte'] },
    { of: 'struct kvm_mmu_notifier_range', c: ['arg', 'arg.*'] },
    { of: 'struct kvm_hva_range', c: ['pte'] },
  ],
  ignorableCalls: ['gfn_to_pfn_cache_invalidate_start', 'kvm_arch_guest_memory_reclaimed', 'rcuwait_wake_up'],
};
