/**
 * Mutations of tdp_mmu.c: tables that are unlinked with the read lock, while faults are at work in them.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';
import { both, later, violates } from './words.ts';

const file = 'arch/x86/kvm/mmu/tdp_mmu.c';

export const tdpTablesEdits: readonly TreeEdit[] = [
  {
    name: 'old-value-is-not-what-was-replaced',
    trees: later,
    file,
    function: 'tdp_mmu_set_spte',
    changes: [{ at: 'kvm_tdp_mmu_write_spte', replace: 'old_spte = ', by: '' }],
    scenarios: ['3.4-A-init-dbit'],
    expected: violates('I-18'),
  },
  {
    name: 'frozen-entry-is-mapped',
    trees: later,
    file,
    function: 'kvm_tdp_mmu_map',
    changes: [{ delete: 'if \\(is_frozen_spte' }],
    scenarios: ['3.4-G'],
    expected: violates('I-18', 'I-43', 'WARN'),
  },
  {
    name: 'atomic-change-empties-exclusively',
    trees: both,
    file,
    function: 'tdp_mmu_set_spte_atomic',
    changes: [{ at: 'iter->level, true', replace: 'true', by: 'false' }],
    scenarios: ['2.7-huge'],
    expected: violates('I-18'),
  },
  {
    name: 'removed-table-empties-below-exclusively',
    trees: both,
    file,
    function: 'handle_removed_pt',
    changes: [{ at: 'SPTE, level, shared', replace: 'shared', by: 'false' }],
    scenarios: ['2.7-huge-1G'],
    expected: violates('I-18'),
  },
  {
    name: 'removed-table-emptied-in-the-wrong-mode',
    trees: both,
    file,
    function: 'handle_removed_pt',
    changes: [{ at: 'if \\(shared\\)', replace: 'shared', by: '!shared' }],
    scenarios: ['2.7-huge'],
    expected: violates('I-18'),
  },
  {
    name: 'table-replaced-without-flush',
    trees: both,
    file,
    function: 'tdp_mmu_map_handle_target_level',
    changes: [{ at: 'is_shadow_present_pte', replace: 'is_shadow', by: '!is_shadow' }],
    scenarios: ['2.7-huge'],
    expected: violates('I-05'),
  },
];
