/**
 * Mutations of tdp_mmu.c: walks over roots and their references, lock modes, flushes.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';

const file = 'arch/x86/kvm/mmu/tdp_mmu.c';

export const tdpEdits: readonly TreeEdit[] = [
  {
    name: 'next-root-puts-twice',
    trees: ['6.12'],
    function: 'tdp_mmu_next_root',
    changes: [
      {
        double: ['rcu_read_unlock', 'if \\(prev_root\\)'],
      },
    ],
    scenarios: ['3.4-E-later'],
    expected: {
      verdict: 'violated',
      breaks: ['I-26', 'I-27'],
    },
    file,
  },
  {
    name: 'next-root-not-referenced',
    trees: ['6.12'],
    function: 'tdp_mmu_next_root',
    changes: [
      {
        at: 'kvm_tdp_mmu_get_root',
        replace: 'kvm_tdp_mmu_get_root\\(next_root\\)',
        by: 'true',
      },
    ],
    scenarios: ['3.4-E-later'],
    expected: {
      verdict: 'violated',
      breaks: ['I-26', 'I-27'],
    },
    file,
  },
  {
    name: 'scheduled-root-put-twice',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_zap_invalidated_roots',
    changes: [
      {
        double: 'put_root',
      },
    ],
    scenarios: ['2.6-zap'],
    expected: {
      verdict: 'violated',
      breaks: ['fault:useAfterFree'],
    },
    file,
  },
  {
    name: 'write-mode-in-read-mode',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_zap_invalidated_roots',
    changes: [
      {
        at: 'tdp_mmu_zap_root\\(',
        replace: 'true',
        by: 'false',
      },
    ],
    scenarios: ['2.6-zap'],
    expected: {
      verdict: 'violated',
      breaks: ['I-24'],
    },
    file,
  },
];
