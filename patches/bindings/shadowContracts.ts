/**
 * The shadow MMU: how the kernel's parameters go with those of the model's procedures, by version (facts 1.7, 2.4, 2.6, 2.9, 2.10, 2.22).
 *
 * Of what the model's procedures are not given: access rights are all, a fault comes from nowhere else than its gfn, and the pfn is the gfn. A
 * parameter of which nothing is said and that the function never reads may be anything; one that reads it has no adapter.
 */
import type { BindingPart } from './schema.ts';

const when = { has: 'rmaps' } as const;
const notTdp = { lacks: 'pages.tdp_mmu_root_count' } as const;

const writtenEntry = { 1: '(gfn << PAGE_SHIFT) + (index << 3)', 3: '(MISALIGNED_WRITES && a_write_is_misaligned() ? 2 : 8)' };

export const shadowContracts: BindingPart = {
  subsystem: 'shadow MMU: parameters',
  contracts: [
    {
      when: notTdp,
      c: ['direct_page_fault'],
      era: 'from 5.16',
      params: ['struct kvm_vcpu *', 'struct kvm_page_fault *'],
      pass: [0, 'a1->gfn', 'a1->write'],
      give: {
        1: {
          addr: '(addr << PAGE_SHIFT)',
          gfn: 'addr',
          write: 'write',
          is_tdp: '(bool)1',
          max_level: 'PG_LEVEL_4K',
          req_level: 'PG_LEVEL_4K',
          goal_level: 'PG_LEVEL_4K',
        },
      },
      gives:
        '(result == RET_PF_FIXED || result == RET_PF_SPURIOUS ? RET_PF_FIXED : result == RET_PF_EMULATE || result == RET_PF_WRITE_PROTECTED ? RET_PF_EMULATE : RET_PF_RETRY)',
    },
    {
      when,
      c: ['mmu_set_spte'],
      era: 'from 5.16',
      params: ['struct kvm_vcpu *', 'struct kvm_memory_slot *', 'u64 *', 'unsigned int', 'gfn_t', 'kvm_pfn_t', 'struct kvm_page_fault *'],
      pass: [0, 2, 4, 'a6->write'],
      give: {
        3: 'ACC_ALL',
        5: 'gfn',
        // The host lets a read map what may be written to only where that is mapped already, so that guests have both.
        6: {
          write: 'write',
          map_writable: '(write || (is_writable_pte(*(sptep)) && spte_to_pfn(*(sptep)) == gfn))',
          addr: 'gfn',
          gfn: 'gfn',
          pfn: 'gfn',
          max_level: 'PG_LEVEL_4K',
          req_level: 'PG_LEVEL_4K',
          goal_level: 'PG_LEVEL_4K',
        },
      },
      // That a write was caught is one thing in the model, and that there was nothing to do is no other than that it was done.
      gives:
        '(result == RET_PF_EMULATE || result == RET_PF_WRITE_PROTECTED ? RET_PF_EMULATE : result == RET_PF_RETRY ? RET_PF_RETRY : RET_PF_FIXED)',
    },
    {
      when,
      c: ['kvm_mmu_get_child_sp'],
      era: 'from 5.19',
      params: ['struct kvm_vcpu *', 'u64 *', 'gfn_t', 'bool', 'unsigned int'],
      pass: [0, 1, 2, 3],
      give: { 4: 'ACC_ALL' },
      // Who calls the model's knows that the entry is empty; C's callers ask it.
      fromC: false,
    },
    {
      when,
      c: ['mmu_alloc_root'],
      era: 'from 5.19',
      params: ['struct kvm_vcpu *', 'gfn_t', 'int', 'u8'],
      pass: [0, 1, 3, 'a0->arch.mmu->root_role.direct'],
      give: { 2: '0' },
      gives: 'root_to_sp(result)',
    },
    {
      when,
      c: ['rmap_add'],
      era: 'from 5.14',
      params: ['struct kvm_vcpu *', 'struct kvm_memory_slot *', 'u64 *', 'gfn_t', 'unsigned int'],
      pass: [3, 2],
      give: { 4: 'ACC_ALL' },
    },
    {
      when,
      c: ['mmu_try_to_unsync_pages'],
      era: 'from 5.16',
      params: ['struct kvm *', 'struct kvm_memory_slot *', 'gfn_t', 'bool', 'bool'],
      pass: [2],
      give: { 3: '(bool)1', 4: '(bool)0' },
      gives: 'result != 0',
    },
    {
      when,
      c: ['mmu_sync_children'],
      era: 'from 5.11',
      params: ['struct kvm_vcpu *', 'struct kvm_mmu_page *', 'bool'],
      pass: [0, 1, 2],
      gives: 'result != 0',
    },
    {
      when,
      c: ['kvm_mmu_slot_gfn_write_protect'],
      era: 'all',
      params: ['struct kvm *', 'struct kvm_memory_slot *', 'u64', 'int'],
      pass: [2],
      give: { 3: 'PG_LEVEL_4K' },
    },
    // A write to an entry of a guest's table; one that is misaligned has two bytes. Bound without a machine: the model has it under another name.
    {
      c: ['kvm_mmu_pte_write'],
      era: 'until 6.5',
      params: ['struct kvm_vcpu *', 'gpa_t', 'u8 *', 'int', 'struct kvm_page_track_notifier_node *'],
      pass: ['a1 >> PAGE_SHIFT', 'offset_in_page(a1) >> 3'],
      give: writtenEntry,
    },
    {
      c: ['kvm_mmu_track_write'],
      era: 'from 6.6',
      params: ['struct kvm_vcpu *', 'gpa_t', 'u8 *', 'int'],
      pass: ['a1 >> PAGE_SHIFT', 'offset_in_page(a1) >> 3'],
      give: writtenEntry,
      procedure: 'kvm_mmu_pte_write',
    },
  ],
  calls: [{ c: ['a_write_is_misaligned'], is: { choose: 'write is misaligned' } }],
};
