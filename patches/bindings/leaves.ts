/**
 * Making SPTEs of the TDP MMU: facts 5.5. They have the address, W, D, why W may be set, and that they are leaves, which the kernel tells by PS and the
 * level. All other bits are nothing here; a patch to them is not modelled (`untold`).
 */
import type { BindingPart } from './schema.ts';

const when = { has: 'pages.tdp_mmu_root_count' } as const;
const otherBits = [
  'PT_PAGE_SIZE_MASK',
  'SPTE_TDP_AD_DISABLED',
  'SPTE_TDP_AD_DISABLED_MASK',
  'SPTE_TDP_AD_WRPROT_ONLY',
  'SPTE_TDP_AD_WRPROT_ONLY_MASK',
  'shadow_user_mask',
  'shadow_me_value',
];

export const leaves: BindingPart = {
  subsystem: 'leaves of the TDP MMU',
  // Of both: a role that only one side has a part of equals no other.
  objects: [
    { of: 'pages', c: ['role.ad_disabled'], is: { means: '!AD_BITS' }, when },
    { of: 'vcpus', c: ['root_role.ad_disabled'], is: { means: '!AD_BITS' }, when },
  ],
  meanings: [
    { c: otherBits, means: '0', when },
    // What make_spte() makes is a leaf.
    { c: ['shadow_present_mask'], means: 'SPTE_LAST_MASK', when },
    { c: ['SPTE_BASE_ADDR_MASK'], means: '(~((1UL << SPTE_ADDR_SHIFT) - 1))', when },
    { c: ['kvm_is_mmio_pfn'], params: ['_pfn'], means: '(bool)0', first: true, when },
    { c: ['is_rsvd_spte', 'get_rsvd_bits'], params: ['_check', '_spte', '_level'], means: '0', first: true, when },
    // A is not tracked.
    { c: ['mark_spte_for_access_track', 'make_spte_executable'], params: ['spte'], means: '(spte)', first: true, when },
    // No shadow page is there that a gfn could be protected for.
    {
      c: ['mmu_try_to_unsync_pages'],
      params: ['_kvm', '_slot', '_gfn', '_sync', '_prefetch'],
      means: '0',
      first: true,
      when,
    },
  ],
  contracts: [
    {
      when,
      c: ['make_huge_page_split_spte'],
      era: 'from 5.18',
      params: ['struct kvm *', 'u64', 'union kvm_mmu_page_role', 'int'],
      pass: [1, 'a2.level', 3],
      give: { 2: { level: 'child_level' } },
    },
  ],
  // Addresses of the host in SPTEs.
  scaledLiterals: ['make_spte', 'make_huge_page_split_spte', 'spte_to_pfn'].map((c) => ({
    when,
    c,
    literal: 'PAGE_SHIFT',
    means: 'SPTE_ADDR_SHIFT',
  })),
  untold: [
    ...otherBits,
    'shadow_accessed_mask',
    'shadow_x_mask',
    'shadow_nx_mask',
    'shadow_memtype_mask',
    'shadow_acc_track_mask',
    'spte_shadow_accessed_mask',
    'mark_spte_for_access_track',
    'make_spte_executable',
    'restore_acc_track_spte',
    'is_nx_huge_page_enabled',
    'kvm_is_mmio_pfn',
    'is_rsvd_spte',
    'get_rsvd_bits',
  ],
};
