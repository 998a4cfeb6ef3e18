/**
 * Mutations of spte.c and spte.h: what leaves of the TDP MMU are made of.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';
import { both, violates } from './words.ts';

const file = 'arch/x86/kvm/mmu/spte.c';

export const leavesEdits: readonly TreeEdit[] = [
  {
    name: 'leaf-without-mmu-writable',
    trees: both,
    file,
    function: 'make_spte',
    changes: [{ at: 'spte \\|= PT_WRITABLE_MASK', replace: ' \\| shadow_mmu_writable_mask', by: '' }],
    scenarios: ['3.4-D'],
    expected: violates('I-47'),
  },
  {
    name: 'leaf-of-no-page',
    trees: both,
    file,
    function: 'make_spte',
    changes: [{ delete: 'pfn << PAGE_SHIFT' }],
    scenarios: ['3.4-D'],
    expected: violates('I-42'),
  },
  {
    name: 'leaf-write-not-logged',
    trees: both,
    file,
    function: 'make_spte',
    changes: [{ delete: 'mark_page_dirty_in_slot' }],
    scenarios: ['3.4-A-init'],
    expected: violates('I-16', 'I-17'),
  },
  {
    name: 'leaf-without-ps',
    trees: both,
    file,
    function: 'make_spte',
    changes: [{ delete: 'if \\(level > PG_LEVEL_4K\\)$' }],
    scenarios: ['3.4-D'],
    expected: { verdict: 'notModelled', why: 'SPTEs of the model have no PS: a bit of their own says that they are leaves' },
  },
  {
    name: 'split-child-of-the-first-page',
    trees: both,
    file,
    function: 'make_huge_page_split_spte',
    changes: [{ delete: 'index \\* KVM_PAGES_PER_HPAGE' }],
    scenarios: ['3.4-E-later'],
    expected: violates('I-21'),
  },
  {
    name: 'pfn-of-the-other-bits',
    trees: both,
    file: 'arch/x86/kvm/mmu/spte.h',
    function: 'spte_to_pfn',
    changes: [{ at: 'SPTE_BASE_ADDR_MASK', replace: 'SPTE_BASE_ADDR_MASK', by: '~SPTE_BASE_ADDR_MASK' }],
    scenarios: ['3.4-E-across'],
    expected: violates('I-18'),
  },
];
