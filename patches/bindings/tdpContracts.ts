/**
 * The TDP MMU: how the kernel's parameters go with those of the model's procedures, by version (facts 2.7, 2.13 to 2.15, 5.5, 5.8).
 *
 * Where nothing is said, parameters go in their order. Levels and gfns that the model's procedures are not given are those of the SPTE's table.
 */
import type { BindingPart } from './schema.ts';

const when = { has: 'pages.tdp_mmu_root_count' } as const;
const levelOf = (sptep: string): string => `sp_of_table(${sptep})->role.level`;
const gfnOf = (sptep: string): string => `sp_of_table(${sptep})->gfn + index_of_sptep(${sptep}) * pages_per_hpage(${levelOf(sptep)})`;
/** The mode in which the caller holds mmu_lock, of which the model's procedures are not told. */
const shared = 'mmu_lock_is_shared(&kvm->mmu_lock)';

/** Members of a fault that the model's has not. Of a slot that is logged, only a write maps what can be written to. */
const fault = {
  addr: 'self->gfn',
  // What is not present needs no lock-free fault, and that is all there is where no guest writes to what is.
  present: 'GUEST_WRITES',
  // Addresses of the host are counted in pages, and those of the one slot begin at 0.
  hva: 'self->gfn',
  is_tdp: '(bool)1',
  max_level: '(self->logging ? PG_LEVEL_4K : HUGE_LEVEL)',
  req_level: 'self->goal_level',
  map_writable: '(self->write || !self->logging)',
} as const;

export const tdpContracts: BindingPart = {
  subsystem: 'TDP MMU: parameters',
  structures: [
    {
      when,
      c: ['struct tdp_iter'],
      // The model keeps of the path the root and the table of level 2; that of level 3 below a higher root is found from it.
      shown: { root: 'sp_of_table(self->pt_path[PT64_ROOT_LEVEL - 1])', middle: 'sp_of_table(self->pt_path[1])' },
      given: {
        // Above it, and behind a yield, a table of the path may be freed already: the way down puts another in its place.
        'pt_path[0]':
          '(PT64_ROOT_LEVEL == 1 ? table_of(self->root) : self->valid && !self->yielded && self->level == PG_LEVEL_4K ? table_of(sp_of_table(self->sptep)) : NULL)',
        'pt_path[1]':
          '(PT64_ROOT_LEVEL == 2 ? table_of(self->root) : self->valid && !self->yielded && self->level <= 2 ? table_of(self->middle) : NULL)',
        'pt_path[2]':
          '(PT64_ROOT_LEVEL == 3 ? table_of(self->root) : self->valid && !self->yielded && self->level < 3 ? table_of(sp_of_table(self->middle->ptep)) : NULL)',
        'pt_path[3]': 'table_of(self->root)',
        root_level: 'PT64_ROOT_LEVEL',
      },
    },
    {
      when: { has: 'pages.tdp_mmu_root_count', lacks: 'memslots' },
      c: ['struct kvm_page_fault'],
      // The model's fault knows of its slot whether it was logged when it was found.
      shown: { logging: 'slot_is_logged(self->slot)' },
      given: { ...fault, slot: 'self->logging' },
    },
    {
      when: { has: 'memslots' },
      c: ['struct kvm_page_fault'],
      // Where slots come and go none is logged, and the model keeps that of a fault in a row of its own.
      shown: { logging: '(bool)0' },
      given: { ...fault, slot: 'vcpu->fault_at_work.slot' },
    },
  ],
  meanings: [
    { c: ['table_of'], params: ['sp'], means: '((sp) ? (sp)->spt : NULL)', when },
    { c: ['BITS_PER_LONG'], means: '32' },
  ],
  calls: [{ c: ['mmu_lock_is_shared'], is: { lockQuery: 'heldShared' } }],
  contracts: [
    {
      when,
      c: ['handle_changed_spte', '__handle_changed_spte'],
      era: 'all',
      params: ['struct kvm *', 'int', 'gfn_t', 'u64', 'u64', 'int', 'bool'],
      pass: [3, 4, 6],
    },
    {
      when,
      c: ['handle_removed_pt'],
      era: 'all',
      params: ['struct kvm *', 'tdp_ptep_t', 'bool'],
      pass: ['sp_of_table(a1)', 2],
      give: { 1: 'sp->spt' },
    },
    { when, c: ['kvm_tdp_mmu_spte_need_atomic_write'], era: 'from 6.4', params: ['u64', 'int'], pass: [0] },
    {
      when,
      c: ['kvm_tdp_mmu_write_spte', 'tdp_mmu_clear_spte_bits'],
      era: 'all',
      params: ['tdp_ptep_t', 'u64', 'u64', 'int'],
      pass: [0, 1, 2],
      give: { 3: levelOf('sptep') },
    },
    {
      when,
      c: ['tdp_mmu_set_spte'],
      era: 'from 6.4',
      params: ['struct kvm *', 'int', 'tdp_ptep_t', 'u64', 'u64', 'gfn_t', 'int'],
      pass: [2, 3, 4],
      give: { 1: '0', 5: gfnOf('sptep'), 6: levelOf('sptep') },
    },
    {
      when,
      c: ['tdp_mmu_set_spte'],
      era: 'until 6.3',
      params: ['struct kvm *', 'struct tdp_iter *', 'u64'],
      pass: ['a1->sptep', 'a1->old_spte', 2],
      give: { 1: { sptep: 'sptep', old_spte: 'seen', gfn: gfnOf('sptep'), level: levelOf('sptep') } },
      gives: 'a1->old_spte',
    },
    {
      when,
      c: ['tdp_mmu_link_sp'],
      era: 'all',
      params: ['struct kvm *', 'struct tdp_iter *', 'struct kvm_mmu_page *', 'bool'],
      pass: [1, 2],
      give: { 3: '(bool)1' },
    },
    {
      when,
      c: ['tdp_mmu_next_root'],
      era: 'until 6.7',
      params: ['struct kvm *', 'struct kvm_mmu_page *', 'bool', 'bool'],
      pass: [1, 3],
      give: { 2: shared },
      // The model asks the lock; whether C names the mode rightly is for the tree's own function to assert.
      fromC: false,
    },
    {
      when,
      c: ['kvm_tdp_mmu_put_root'],
      era: 'until 6.7',
      params: ['struct kvm *', 'struct kvm_mmu_page *', 'bool'],
      pass: [1],
      give: { 2: shared },
      fromC: false,
    },
    {
      when,
      c: ['kvm_mmu_notifier_invalidate_range_start', 'kvm_mmu_notifier_invalidate_range_end'],
      era: 'all',
      params: ['struct mmu_notifier *', 'struct mmu_notifier_range *'],
      pass: ['a1->start', 'a1->end'],
      give: { 1: { start: 'start', end: 'end' } },
    },
    {
      when,
      c: ['kvm_tdp_mmu_unmap_gfn_range'],
      era: 'from 5.13',
      params: ['struct kvm *', 'struct kvm_gfn_range *', 'bool'],
      pass: ['a1->start', 'a1->end', 'a1->may_block', 2],
      give: { 1: { start: 'start', end: 'end', may_block: 'may_block' } },
    },
    {
      when,
      c: ['kvm_mmu_slot_try_split_huge_pages'],
      era: 'from 5.18',
      params: ['struct kvm *', 'struct kvm_memory_slot *', 'int'],
      pass: ['a1->base_gfn', 'a1->base_gfn + a1->npages'],
      // The model's callers ask for the whole of the one slot, as far down as it goes.
      give: { 2: 'PG_LEVEL_4K' },
    },
    {
      when,
      c: ['kvm_faultin_pfn'],
      era: 'from 5.19',
      params: ['struct kvm_vcpu *', 'struct kvm_page_fault *', 'unsigned int'],
      pass: [0, 1],
      give: { 2: 'ACC_ALL' },
    },
    // Where the tree's own does not stand in, the model's is called.
    {
      when,
      c: ['is_page_fault_stale'],
      era: 'from 5.16',
      params: ['struct kvm_vcpu *', 'struct kvm_page_fault *'],
      pass: [0, 'a1->gfn', 'a1->pfn', 'a1->mmu_seq', 'a1->goal_level', 'slot_is_logged(a1->slot)', 'a1->write'],
    },
    // Until 6.2 it was for both MMUs. Bound without a machine: the model has it under the later name.
    {
      c: ['direct_page_fault'],
      era: 'until 6.2',
      params: ['struct kvm_vcpu *', 'struct kvm_page_fault *'],
      pass: [0, 1],
      procedure: 'kvm_tdp_mmu_page_fault',
    },
    {
      when,
      c: ['mmu_invalidate_retry_gfn'],
      era: 'from 6.8',
      params: ['struct kvm *', 'unsigned long', 'gfn_t'],
      pass: [1, 2],
      gives: 'result != 0',
    },
    // Until 6.7 the range came with the beginning: an empty one, which `kvm_mmu_invalidate_range_add()` of the model widens.
    {
      when,
      c: ['kvm_mmu_invalidate_begin'],
      era: 'until 6.7',
      params: ['struct kvm *', 'unsigned long', 'unsigned long'],
      pass: [],
      give: { 1: 'GFNS', 2: '0' },
      // Without its range nothing is being invalidated.
      fromC: false,
    },
    {
      when,
      c: ['kvm_mmu_invalidate_end'],
      era: 'until 6.7',
      params: ['struct kvm *', 'unsigned long', 'unsigned long'],
      pass: [],
      give: { 1: '0', 2: '0' },
    },
  ],
};
