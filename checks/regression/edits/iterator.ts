/**
 * Mutations of the iterator of the TDP MMU, and of how it writes SPTEs.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';
import { both, earlier, later, violates } from './words.ts';

const header = 'arch/x86/kvm/mmu/tdp_iter.h';
const iterator = 'arch/x86/kvm/mmu/tdp_iter.c';

export const iteratorEdits: readonly TreeEdit[] = [
  {
    name: 'volatile-bits-plain-store',
    trees: later,
    file: header,
    function: 'kvm_tdp_mmu_write_spte',
    changes: [{ at: 'need_atomic_write', replace: 'kvm_tdp_mmu_spte_need_atomic_write\\(.*\\)\\)', by: 'false)' }],
    scenarios: ['3.4-B-fast'],
    expected: violates('I-18'),
  },
  {
    name: 'dirty-bit-not-volatile',
    trees: both,
    file: 'arch/x86/kvm/mmu/spte.c',
    function: 'spte_has_volatile_bits',
    changes: [{ at: 'shadow_dirty_mask', replace: '!\\(spte & shadow_dirty_mask\\)', by: 'false' }],
    scenarios: ['3.4-A-init-dbit'],
    expected: violates('I-18'),
  },
  {
    name: 'volatile-bits-plain-store-until-6.3',
    trees: earlier,
    file: header,
    function: 'kvm_tdp_mmu_write_spte',
    changes: [{ delete: 'is_shadow_present_pte' }],
    scenarios: ['3.4-B-fast'],
    expected: violates('I-18'),
  },
  {
    name: 'iterator-not-restarted',
    trees: both,
    file: iterator,
    function: 'tdp_iter_next',
    changes: [{ delete: 'iter->yielded' }],
    scenarios: ['3.4-E-later'],
    expected: violates('I-40'),
  },
  {
    name: 'iterator-advances-after-restart',
    trees: both,
    file: iterator,
    function: 'tdp_iter_next',
    changes: [{ delete: ['iter->yielded', 'return'] }],
    scenarios: ['2.15'],
    expected: violates('I-27', 'I-30'),
  },
  {
    name: 'iterator-restart-keeps-yielded',
    trees: both,
    file: iterator,
    function: 'tdp_iter_restart',
    changes: [{ delete: 'yielded = false' }],
    scenarios: ['3.4-E-later'],
    expected: violates('WARN'),
  },
  {
    name: 'iterator-steps-up-in-the-midst',
    trees: later,
    file: iterator,
    function: 'try_step_up',
    changes: [{ delete: 'iter->gfn =' }],
    scenarios: ['3.4-E-across'],
    expected: violates('I-16'),
  },
  {
    name: 'iterator-restart-at-the-level',
    trees: both,
    file: iterator,
    function: 'tdp_iter_restart',
    changes: [{ delete: 'root_level' }],
    scenarios: ['3.4-E-later'],
    expected: violates('fault:bug'),
  },
];
