/** Dirty logging: facts 2.16, 2.18. */
import type { BindingPart } from './schema.ts';

const tdp = { has: 'pages.tdp_mmu_root_count' } as const;

export const dirtyLog: BindingPart = {
  subsystem: 'dirty logging',
  meanings: [
    { c: ['kvm_dirty_log_manual_protect_and_init_set'], params: ['_kvm'], means: 'INITIALLY_SET', first: true, when: tdp },
    {
      c: ['kvm_dirty_log_manual_protect_and_init_set'],
      params: ['_kvm'],
      means: '(bool)0',
      first: true,
      when: { lacks: 'pages.tdp_mmu_root_count' },
    },
    // A parameter of the module, which may change at any time.
    { c: ['eager_page_split'], means: 'eager_page_split_is_set()' },
    { c: ['PMD_SIZE'], means: 'KVM_PAGES_PER_HPAGE(PG_LEVEL_2M)' },
    { c: ['ALIGN'], params: ['x', 'size'], means: '(((x) + (size) - 1) / (size) * (size))' },
  ],
  calls: [{ c: ['eager_page_split_is_set'], is: { choose: 'eager_page_split' } }],
};
