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
  {
    name: 'next-root-keeps-the-last',
    trees: ['6.12'],
    function: 'tdp_mmu_next_root',
    changes: [{ delete: ['rcu_read_unlock', 'if \\(prev_root\\)'] }],
    scenarios: ['2.12'],
    expected: { verdict: 'violated', breaks: ['I-02'] },
    file,
  },
  {
    name: 'next-root-puts-first',
    trees: ['6.12'],
    function: 'tdp_mmu_next_root',
    changes: [{ move: ['rcu_read_unlock', 'if \\(prev_root\\)'], before: 'rcu_read_lock' }],
    scenarios: ['2.12'],
    expected: { verdict: 'violated', breaks: ['fault:useAfterFree'] },
    file,
  },
  {
    name: 'root-freed-at-once',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_put_root',
    changes: [{ at: 'call_rcu', replace: 'call_rcu.*;', by: 'tdp_mmu_free_sp(root);' }],
    scenarios: ['2.12'],
    expected: { verdict: 'violated', breaks: ['fault:useAfterFree'] },
    file,
  },
  {
    name: 'root-left-in-the-list',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_put_root',
    changes: [{ delete: 'list_del_rcu' }],
    scenarios: ['2.12'],
    expected: { verdict: 'violated', breaks: ['I-27'] },
    file,
  },
  {
    name: 'root-list-unlocked',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_put_root',
    changes: [{ delete: 'spin_lock' }, { delete: 'spin_unlock' }],
    scenarios: ['2.12'],
    expected: { verdict: 'violated', breaks: ['fault:useAfterFree'] },
    file,
  },
  {
    name: 'scheduled-root-not-put',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_zap_invalidated_roots',
    changes: [{ delete: 'put_root' }],
    scenarios: ['2.12'],
    expected: { verdict: 'violated', breaks: ['I-02'] },
    file,
  },
  {
    name: 'scheduled-root-not-zapped',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_zap_invalidated_roots',
    changes: [{ delete: 'tdp_mmu_zap_root\\(' }],
    scenarios: ['2.12'],
    expected: { verdict: 'violated', breaks: ['I-30'] },
    file,
  },
  {
    name: 'scheduled-root-put-first',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_zap_invalidated_roots',
    changes: [{ move: 'put_root', before: 'tdp_mmu_zap_root\\(' }],
    scenarios: ['2.12'],
    expected: { verdict: 'holds', why: 'the walk has a reference of its own on the root that it zaps' },
    file,
  },
  {
    name: 'invalidation-schedules-nothing',
    trees: ['6.12'],
    function: 'kvm_tdp_mmu_invalidate_all_roots',
    changes: [{ delete: 'root_to_zap = true' }],
    scenarios: ['2.12'],
    expected: { verdict: 'violated', breaks: ['I-30'] },
    file,
  },
];
