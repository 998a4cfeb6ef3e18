/** Splitting huge pages that the shadow MMU maps: facts 2.16. Its machine maps none, so its rmaps of higher levels are empty. */
import type { BindingPart } from './schema.ts';

export const splits: BindingPart = {
  subsystem: 'splitting huge pages',
  objects: [
    { of: 'vm', c: ['arch.split_desc_cache', 'arch.split_shadow_page_cache'], is: { only: 'stock' } },
    { of: 'vm', c: ['arch.split_page_header_cache'], is: { only: 'pageHeaders' } },
  ],
  meanings: [
    { c: ['SPLIT_DESC_CACHE_MIN_NR_OBJECTS', 'KVM_ARCH_NR_OBJS_PER_MEMORY_CACHE'], means: '1' },
    {
      c: ['make_huge_page_split_spte'],
      params: ['_kvm', 'spte', '_role', 'index'],
      means: '((spte) + (index))',
      first: true,
      when: { has: 'rmaps' },
    },
    { c: ['need_topup'], params: ['_cache', '_min'], means: 'a_cache_runs_low()', first: true },
    {
      c: ['__kvm_mmu_topup_memory_cache'],
      params: ['_cache', '_capacity', '_min'],
      means: '0',
      when: { lacks: 'pages.tdp_mmu_root_count' },
    },
  ],
  calls: [{ c: ['a_cache_runs_low'], is: { choose: 'a cache runs low' } }],
};
