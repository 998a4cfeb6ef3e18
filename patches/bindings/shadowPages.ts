/** Shadow pages, their lists, and the generation: facts 1.2, 1.4, 5.1, 5.4. */
import type { BindingPart } from './schema.ts';

export const shadowPages: BindingPart = {
  subsystem: 'shadow pages',
  objects: [
    { of: 'vm', c: ['arch.active_mmu_pages'], is: { row: 'lists', stride: 0, offset: 'LIST_ACTIVE_MMU_PAGES' } },
    { of: 'vm', c: ['arch.zapped_obsolete_pages'], is: { row: 'lists', stride: 0, offset: 'LIST_ZAPPED_OBSOLETE_PAGES' } },
    { of: 'pages', c: ['link'], is: { same: true } },
  ],
  fields: [
    { of: 'vm', field: 'mmu_valid_gen', c: ['arch.mmu_valid_gen'] },
    { of: 'vm', field: 'n_used_mmu_pages', c: ['arch.n_used_mmu_pages'] },
    { of: 'vm', field: 'indirect_shadow_pages', c: ['arch.indirect_shadow_pages'] },
    { of: 'pages', field: 'role.level', c: ['role.level'], as: 's32' },
    { of: 'pages', field: 'role.direct', c: ['role.direct'] },
    { of: 'pages', field: 'role.guest_mode', c: ['role.guest_mode'] },
    { of: 'pages', field: 'role.invalid', c: ['role.invalid'] },
    { of: 'pages', field: 'gfn', c: ['gfn'] },
    { of: 'pages', field: 'root_count', c: ['root_count'], as: 's32' },
    { of: 'pages', field: 'mmu_valid_gen', c: ['mmu_valid_gen'], as: 's32' },
    { of: 'pages', field: 'spt', c: ['spt', 'spt[]'] },
    // A list of the model, as a value: whether something is on it.
    { of: 'pages', field: 'parent_ptes', c: ['parent_ptes.val', 'parent_ptes'] },
    { of: 'pages', field: 'write_flooding_count', c: ['write_flooding_count'], as: 's32' },
  ],
  meanings: [
    { c: ['SPTE_ENT_PER_PAGE'], means: 'PT64_ENT_PER_PAGE' },
    { c: ['PT64_BASE_ADDR_MASK'], means: 'SPTE_BASE_ADDR_MASK' },
    { c: ['PT_PAGE_TABLE_LEVEL'], means: 'PG_LEVEL_4K' },
  ],
  contracts: [
    { c: ['is_last_spte'], era: 'all', params: ['u64', 'int'], pass: [0] },
    { c: ['mmu_page_zap_pte'], era: 'until 5.9', params: ['struct kvm *', 'struct kvm_mmu_page *', 'u64 *'], pass: [2] },
    {
      c: ['mmu_page_zap_pte'],
      era: 'from 5.10',
      params: ['struct kvm *', 'struct kvm_mmu_page *', 'u64 *', 'struct list_head *'],
      pass: [2, 3],
    },
    { c: ['kvm_mmu_page_unlink_children'], era: 'until 5.9', params: ['struct kvm *', 'struct kvm_mmu_page *'], pass: [1] },
    {
      c: ['kvm_mmu_page_unlink_children'],
      era: 'from 5.10',
      params: ['struct kvm *', 'struct kvm_mmu_page *', 'struct list_head *'],
      pass: [1, 2],
    },
  ],
  declarators: [{ c: ['LIST_HEAD'], row: 'lists', number: 'LIST_INVALID' }],
  calls: [
    { c: ['list_add'], is: { list: 'add' } },
    { c: ['list_add_tail'], is: { list: 'addTail' } },
    { c: ['list_empty'], is: { list: 'isEmpty' } },
  ],
  iterations: [
    { c: ['list_for_each_entry'], over: 'list', direction: 'forward', cursor: 0, list: 1, next: null },
    { c: ['list_for_each_entry_reverse'], over: 'list', direction: 'backward', cursor: 0, list: 1, next: null },
    { c: ['list_for_each_entry_safe'], over: 'list', direction: 'forward', cursor: 0, list: 2, next: 1 },
    { c: ['list_for_each_entry_safe_reverse'], over: 'list', direction: 'backward', cursor: 0, list: 2, next: 1 },
  ],
};
