/**
 * Mutations of tdp_mmu.c: write protection, dirty bits, splits of huge pages.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';
import { both, earlier, later, violates } from './words.ts';

const file = 'arch/x86/kvm/mmu/tdp_mmu.c';

export const dirtyLogEdits: readonly TreeEdit[] = [
  {
    name: 'wrprot-leaves-w',
    trees: both,
    file,
    function: 'wrprot_gfn_range',
    changes: [{ at: 'new_spte =', replace: ' & ~PT_WRITABLE_MASK', by: '' }],
    scenarios: ['3.4-A'],
    expected: violates('I-16', 'I-17'),
  },
  {
    name: 'wrprot-skips-leaves',
    trees: both,
    file,
    function: 'wrprot_gfn_range',
    changes: [{ at: 'is_last_spte', replace: '!is_last_spte', by: 'is_last_spte' }],
    scenarios: ['3.4-A'],
    expected: violates('I-16', 'I-17'),
  },
  {
    name: 'wrprot-write-mode-assumed',
    trees: later,
    file,
    function: 'wrprot_gfn_range',
    changes: [
      {
        at: 'tdp_mmu_set_spte_atomic',
        replace: 'if \\(tdp_mmu_set_spte_atomic\\(kvm, &iter, new_spte\\)\\)',
        by: 'tdp_mmu_iter_set_spte(kvm, &iter, new_spte);',
      },
      { delete: 'goto retry' },
    ],
    scenarios: ['3.4-A'],
    expected: violates('I-24'),
  },
  {
    name: 'wrprot-write-mode-assumed-until-6.3',
    trees: earlier,
    file,
    function: 'wrprot_gfn_range',
    changes: [
      {
        at: 'tdp_mmu_set_spte_atomic',
        replace: 'if \\(tdp_mmu_set_spte_atomic\\(kvm, &iter, new_spte\\)\\)',
        by: 'tdp_mmu_set_spte(kvm, &iter, new_spte);',
      },
      { delete: 'goto retry' },
    ],
    scenarios: ['3.4-A'],
    expected: violates('I-24'),
  },
  {
    name: 'wrprot-yield-in-write-mode',
    trees: both,
    file,
    function: 'wrprot_gfn_range',
    changes: [{ at: 'cond_resched', replace: 'true', by: 'false' }],
    scenarios: ['3.4-A'],
    expected: violates('fault:notHeld'),
  },
  {
    name: 'split-table-freed-after-success',
    trees: both,
    file,
    function: 'tdp_mmu_split_huge_pages_root',
    changes: [{ delete: ['tdp_mmu_split_huge_page\\(', 'sp = NULL'] }],
    scenarios: ['3.4-E-later'],
    expected: violates('I-26'),
  },
  {
    name: 'split-goes-on-after-sleep',
    trees: later,
    file,
    function: 'tdp_mmu_split_huge_pages_root',
    changes: [{ delete: 'yielded = true' }, { delete: ['tdp_mmu_alloc_sp', 'continue'] }],
    scenarios: ['3.4-C'],
    expected: violates('I-03'),
  },
  {
    name: 'split-goes-on-after-sleep-until-6.9',
    trees: earlier,
    file,
    function: 'tdp_mmu_split_huge_pages_root',
    changes: [{ delete: 'if \\(iter\\.yielded' }],
    scenarios: ['3.4-C'],
    expected: violates('I-03'),
  },
  {
    name: 'split-goes-on-with-the-iterator',
    trees: later,
    file,
    function: 'tdp_mmu_split_huge_pages_root',
    changes: [{ delete: 'yielded = true' }],
    scenarios: ['3.4-E-later'],
    expected: violates('I-40'),
  },
  {
    name: 'split-goes-on-with-the-iterator-until-6.9',
    trees: earlier,
    file,
    function: 'tdp_mmu_alloc_sp_for_split',
    changes: [{ delete: 'yielded = true' }],
    scenarios: ['3.4-C'],
    expected: violates('I-03'),
  },
  {
    name: 'split-links-before-filling',
    trees: both,
    file,
    function: 'tdp_mmu_split_huge_page',
    changes: [{ move: 'for \\(', behind: 'if \\(ret\\)' }],
    scenarios: ['3.4-E-later'],
    expected: violates('I-21'),
  },
  {
    name: 'split-fills-one-entry-less',
    trees: both,
    file,
    function: 'tdp_mmu_split_huge_page',
    changes: [{ at: 'for \\(', replace: 'i = 0', by: 'i = 1' }],
    scenarios: ['3.4-E-later'],
    expected: violates('I-21'),
  },
  {
    name: 'split-keeps-the-root-without-memory',
    trees: both,
    file,
    function: 'kvm_tdp_mmu_try_split_huge_pages',
    changes: [{ delete: 'put_root' }],
    scenarios: ['3.4-D'],
    expected: violates('X-14'),
  },
  {
    name: 'split-puts-the-root-twice-without-memory',
    trees: both,
    file,
    function: 'kvm_tdp_mmu_try_split_huge_pages',
    changes: [{ double: 'put_root' }],
    scenarios: ['3.4-D'],
    expected: violates('X-14'),
  },
  {
    name: 'split-not-retried',
    trees: both,
    file,
    function: 'tdp_mmu_split_huge_pages_root',
    changes: [{ at: 'goto retry', replace: 'goto retry', by: 'continue' }],
    scenarios: ['3.4-D'],
    expected: {
      verdict: 'holds',
      why: 'a splitter that loses its exchange goes on behind the huge page: splitting is best effort, as where there is no memory; what is left huge loses W, or D, as it is',
    },
  },
];
