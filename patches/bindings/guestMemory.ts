/**
 * The guest's own tables and writes to them: facts 1.6, 2.9, 2.22. Where they lie in memory, addresses are counted in bytes: an entry has 8, a page
 * as many as a table has entries.
 */
import type { BindingPart } from './schema.ts';

const when = { has: 'frames' } as const;

export const guestMemory: BindingPart = {
  subsystem: 'guest memory',
  // Pages of the host are not counted in bytes.
  scaledLiterals: [{ c: 'spte_to_pfn', literal: 'PAGE_SHIFT', means: '0', when: { lacks: 'pages.tdp_mmu_root_count' } }],
  sizes: [
    { c: 'pt_element_t', is: 8 },
    { c: 'u64', is: 8 },
  ],
  types: [
    { c: ['pt_element_t'], is: { int: 'u32' } },
    // What is written: read again from memory.
    { c: ['u8 *'], is: { only: 'written bytes' } },
    { c: ['struct kvm_page_track_notifier_node *'], is: { only: 'tracker' } },
  ],
  objects: [
    { of: 'mmus', c: ['sync_spte'], is: { means: 'FNAME_sync_spte' } },
    { of: 'mmus', c: ['sync_page'], is: { means: 'FNAME_sync_page' } },
  ],
  meanings: [
    { c: ['PAGE_SHIFT'], means: '(PT64_ENT_PER_PAGE <= 2 ? 4 : PT64_ENT_PER_PAGE <= 4 ? 5 : 6)', when },
    // Pages of the guest are its tables of 8-byte entries; a table that is not there any more reads as it was.
    {
      c: ['kvm_vcpu_read_guest_atomic'],
      params: ['_vcpu', 'gpa', 'data', '_bytes'],
      means: '(*(data) = guest_entry((gpa) >> PAGE_SHIFT, offset_in_page(gpa) >> 3), 0)',
      first: true,
      when,
    },
    { c: ['is_pae'], params: ['_vcpu'], means: '(bool)0', first: true },
    { c: ['FNAME_is_present_gpte'], params: ['gpte'], means: '((gpte) != 0)', first: true, when },
    { c: ['FNAME_is_rsvd_bits_set'], params: ['_mmu', '_gpte', '_level'], means: '(bool)0', first: true, when },
    { c: ['FNAME_gpte_access'], params: ['_gpte'], means: 'ACC_ALL', first: true, when },
    { c: ['PT_HAVE_ACCESSED_DIRTY'], params: ['_mmu'], means: '(bool)0' },
    { c: ['PTTYPE'], means: '64' },
    { c: ['gpte_to_gfn'], params: ['gpte'], means: '((gpte) - 1)', first: true, when },
    { c: ['sync_mmio_spte'], params: ['_vcpu', '_sptep', '_gfn', '_access'], means: '(bool)0', first: true },
    { c: ['shadow_present_mask'], means: '1', when: { lacks: 'pages.tdp_mmu_root_count' } },
  ],
  ignorableCalls: ['FNAME_protect_clean_gpte'],
};
