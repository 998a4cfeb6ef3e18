/** The retry protocol against the host, and memslots: facts 1.7, 1.9, 5.1, 5.4. Where the machine has one slot, nobody names it. */
import type { BindingPart } from './schema.ts';

const oneSlot = { lacks: 'memslots' } as const;

export const invalidation: BindingPart = {
  subsystem: 'invalidation and memslots',
  // They agree on what stands for no range yet.
  together: [{ c: ['kvm_mmu_invalidate_begin', 'kvm_mmu_invalidate_range_add'] }],
  records: ['struct kvm_gfn_range', 'struct kvm_memslot_iter'],
  types: [
    { c: ['struct kvm_memory_slot *'], is: { only: 'slot' }, when: oneSlot },
    { c: ['struct kvm_memory_slot *'], is: { ref: 'memslots' }, when: { has: 'memslots' } },
    { c: ['struct kvm_memslots *'], is: { only: 'slots' } },
  ],
  objects: [
    { of: 'slot', c: ['base_gfn'], is: { means: '0' } },
    { of: 'slot', c: ['npages'], is: { means: 'GFNS' } },
    { of: 'slot', c: ['as_id', 'id'], is: { means: '0' } },
    { of: 'memslots', c: ['npages'], is: { means: '1' } },
    { of: 'memslots', c: ['as_id', 'id'], is: { means: '0' } },
    { of: 'vcpus', c: ['arch.mmu_page_header_cache'], is: { only: 'pageHeaders' } },
    {
      of: 'vcpus',
      c: ['arch.mmu_shadow_page_cache', 'arch.mmu_shadowed_info_cache', 'arch.mmu_pte_list_desc_cache'],
      is: { only: 'stock' },
    },
  ],
  fields: [
    { of: 'vm', field: 'mmu_invalidate_seq', c: ['mmu_invalidate_seq', 'mmu_notifier_seq'] },
    { of: 'vm', field: 'mmu_invalidate_in_progress', c: ['mmu_invalidate_in_progress', 'mmu_notifier_count'], as: 's32' },
    { of: 'vm', field: 'mmu_invalidate_range_start', c: ['mmu_invalidate_range_start', 'mmu_notifier_range_start'] },
    { of: 'vm', field: 'mmu_invalidate_range_end', c: ['mmu_invalidate_range_end', 'mmu_notifier_range_end'] },
    { of: 'vm', field: 'dirty_logging', c: ['dirty_logging'] },
    { of: 'memslots', field: 'base_gfn', c: ['base_gfn'] },
    { of: 'memslots', field: 'invalid', c: ['invalid'] },
  ],
  scaledLiterals: [
    // All addresses. Until 6.7 that is no value of its own; it is that of INVALID_GPA, of which mmu_invalidate_retry_gfn() (6.8), the model's, warns
    // as those kernels do not. Where the tree has that warning, too, it must be seen.
    { c: 'kvm_zap_gfn_range', literal: '-1ul', means: 'GFNS', when: { has: 'vm.mmu_invalidate_range_end', until: '6.7' } },
  ],
  meanings: [
    { c: ['max'], params: ['a', 'b'], means: '((a) > (b) ? (a) : (b))' },
    { c: ['max_t'], params: ['_type', 'a', 'b'], means: '((a) > (b) ? (a) : (b))' },
    { c: ['min'], params: ['a', 'b'], means: '((a) < (b) ? (a) : (b))' },
    { c: ['min_t'], params: ['_type', 'a', 'b'], means: '((a) < (b) ? (a) : (b))' },
    // No gfn that there is, and no end of a range.
    { c: ['INVALID_GPA'], means: 'GFNS + 1' },
    { c: ['kvm_memslots_have_rmaps'], params: ['_kvm'], means: '(bool)0', first: true, when: { lacks: 'rmaps' } },
    { c: ['kvm_memslots_have_rmaps'], params: ['_kvm'], means: 'RMAPS', first: true, when: { has: 'rmaps' } },
    { c: ['kvm_rmap_zap_gfn_range'], params: ['_kvm', '_start', '_end'], means: '(bool)0', first: true, when: { lacks: 'rmaps' } },
    // A full flush is sound wherever one of a range is asked for, and the shadow MMU's machine has no other.
    {
      c: ['kvm_flush_remote_tlbs_gfn', 'kvm_flush_remote_tlbs_range', 'kvm_flush_remote_tlbs_with_address'],
      params: ['kvm', '_from', '_many'],
      means: 'kvm_flush_remote_tlbs(kvm)',
      first: true,
      when: { has: 'lists' },
    },
    {
      c: ['kvm_flush_remote_tlbs_sptep'],
      params: ['kvm', '_sptep'],
      means: 'kvm_flush_remote_tlbs(kvm)',
      first: true,
      when: { has: 'lists' },
    },
    { c: ['KVM_INVALID_HVA'], means: '0' },
  ],
};
