/** Dirty logging: facts 2.16, 2.18. */
import type { BindingPart } from './schema.ts';

const tdp = { has: 'pages.tdp_mmu_root_count' } as const;

export const dirtyLog: BindingPart = {
  subsystem: 'dirty logging',
  // Functions for both MMUs have a local of it, which the TDP MMU does not use.
  types: [{ c: ['struct kvm_rmap_head *'], is: { only: 'noRmap' }, when: tdp }],
  meanings: [
    { c: ['kvm_dirty_log_manual_protect_and_init_set'], params: ['_kvm'], means: 'INITIALLY_SET', first: true, when: tdp },
    {
      c: ['kvm_dirty_log_manual_protect_and_init_set'],
      params: ['_kvm'],
      means: '(bool)0',
      first: true,
      when: { lacks: 'pages.tdp_mmu_root_count' },
    },
    // A parameter of the module, which may change at any time. The TDP MMU's scenarios are about what splitting leaves: it is on, as by default.
    { c: ['eager_page_split'], means: '(bool)1', when: tdp },
    { c: ['eager_page_split'], means: 'eager_page_split_is_set()', when: { lacks: 'pages.tdp_mmu_root_count' } },
    { c: ['PMD_SIZE'], means: 'KVM_PAGES_PER_HPAGE(PG_LEVEL_2M)' },
    { c: ['ALIGN'], params: ['x', 'size'], means: '(((x) + (size) - 1) / (size) * (size))' },
  ],
  contracts: [
    {
      when: tdp,
      c: ['kvm_arch_mmu_enable_log_dirty_pt_masked'],
      era: 'all',
      params: ['struct kvm *', 'struct kvm_memory_slot *', 'gfn_t', 'unsigned long'],
      // The model's mask begins at gfn 0.
      pass: ['a3 << a2'],
      give: { 2: '0', 3: 'mask' },
    },
  ],
  calls: [{ c: ['eager_page_split_is_set'], is: { choose: 'eager_page_split' } }],
};
