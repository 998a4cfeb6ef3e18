/**
 * Mutations of tdp_mmu.c: zaps, flushes that are owed, yields, faults, tables that go.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';
import { both, earlier, later, violates } from './words.ts';

const file = 'arch/x86/kvm/mmu/tdp_mmu.c';

export const tdpZapsEdits: readonly TreeEdit[] = [
  {
    name: 'leaf-zap-owes-nothing',
    trees: later,
    file,
    function: 'tdp_mmu_zap_leafs',
    changes: [{ delete: '!root->role\\.invalid' }],
    scenarios: ['3.5-B'],
    expected: violates('I-20'),
  },
  {
    name: 'leaf-zap-owes-nothing-until-6.8',
    trees: earlier,
    file,
    function: 'tdp_mmu_zap_leafs',
    changes: [{ delete: 'flush = true' }],
    scenarios: ['3.5-B'],
    expected: violates('I-20'),
  },
  {
    name: 'leaf-zap-flushes-invalid-only',
    trees: later,
    file,
    function: 'tdp_mmu_zap_leafs',
    changes: [{ at: 'root->role\\.invalid', replace: '!root', by: 'root' }],
    scenarios: ['3.5-B'],
    expected: violates('I-20'),
  },
  {
    name: 'leaf-zap-yields-with-flush-pending',
    trees: both,
    file,
    function: 'tdp_mmu_zap_leafs',
    changes: [{ at: 'cond_resched', replace: 'flush', by: 'false' }],
    scenarios: ['3.5-A-yield'],
    expected: violates('I-20'),
  },
  {
    name: 'unmap-drops-flush',
    trees: both,
    file,
    function: 'kvm_tdp_mmu_unmap_gfn_range',
    changes: [{ at: 'tdp_mmu_zap_leafs', replace: 'flush = ', by: '' }],
    scenarios: ['3.5-B'],
    expected: violates('I-20'),
  },
  {
    name: 'notifier-walks-valid-roots-only',
    trees: both,
    file,
    function: 'kvm_tdp_mmu_unmap_gfn_range',
    changes: [{ at: 'for_each', replace: 'false\\)', by: 'true)' }],
    scenarios: ['3.5-E'],
    expected: violates('I-06', 'I-29'),
  },
  {
    name: 'yield-drops-flush',
    trees: both,
    file,
    function: 'tdp_mmu_iter_cond_resched',
    changes: [{ delete: 'if \\(flush\\)' }],
    scenarios: ['3.5-A-yield'],
    expected: violates('I-20'),
  },
  {
    name: 'yield-without-progress',
    trees: both,
    file,
    function: 'tdp_mmu_iter_cond_resched',
    changes: [{ delete: 'yielded_gfn' }],
    scenarios: ['3.5-F'],
    expected: violates('I-34'),
  },
  {
    name: 'yield-swaps-lock-modes',
    trees: both,
    file,
    function: 'tdp_mmu_iter_cond_resched',
    changes: [{ at: 'if \\(shared\\)', replace: 'shared', by: '!shared' }],
    scenarios: ['3.4-E-across'],
    expected: violates('fault:notHeld'),
  },
  {
    name: 'map-table-not-freed',
    trees: later,
    file,
    function: 'kvm_tdp_mmu_map',
    changes: [{ delete: 'tdp_mmu_free_sp' }],
    scenarios: ['3.4-B'],
    expected: violates('I-27'),
  },
  {
    name: 'link-write-mode-assumed',
    trees: earlier,
    file,
    function: 'tdp_mmu_link_sp',
    changes: [{ at: 'if \\(shared\\)', replace: 'shared', by: '!shared' }],
    scenarios: ['3.4-B'],
    expected: violates('I-24'),
  },
  {
    name: 'removed-table-not-freed',
    trees: both,
    file,
    function: 'handle_removed_pt',
    changes: [{ delete: 'call_rcu' }],
    scenarios: ['3.4-C'],
    expected: violates('I-27'),
  },
  {
    name: 'removed-table-freed-at-once',
    trees: both,
    file,
    function: 'handle_removed_pt',
    changes: [{ at: 'call_rcu', replace: 'call_rcu.*;', by: 'tdp_mmu_free_sp(sp);' }],
    scenarios: ['3.4-C'],
    expected: violates('I-05', 'I-03'),
  },
];
