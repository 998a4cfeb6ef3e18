/**
 * Mutations of the notifier: ranges, counts and sequences of invalidations, and who asks for them.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';
import { both, earlier, later, violates } from './words.ts';

const common = 'virt/kvm/kvm_main.c';
const mmu = 'arch/x86/kvm/mmu/mmu.c';
const header = 'include/linux/kvm_host.h';

export const invalidationEdits: readonly TreeEdit[] = [
  {
    name: 'invalidation-not-counted',
    trees: both,
    file: common,
    function: 'kvm_mmu_invalidate_begin',
    changes: [{ delete: 'in_progress\\+\\+' }],
    scenarios: ['2.17'],
    expected: violates('I-06', 'I-20'),
  },
  {
    name: 'invalidation-handler-not-called',
    trees: both,
    file: common,
    function: '__kvm_handle_hva_range',
    changes: [{ delete: 'if \\(!IS_KVM_NULL_FN\\(range->on_lock' }],
    scenarios: ['3.5-A'],
    expected: violates('I-06', 'I-20', 'I-29'),
  },
  {
    name: 'invalidation-not-sequenced',
    trees: both,
    file: common,
    function: 'kvm_mmu_invalidate_end',
    changes: [{ delete: 'invalidate_seq\\+\\+' }],
    scenarios: ['3.5-D'],
    expected: violates('I-06'),
  },
  {
    name: 'invalidation-not-ended',
    trees: both,
    file: common,
    function: 'kvm_mmu_invalidate_end',
    changes: [{ delete: 'in_progress--' }],
    scenarios: ['3.5-D'],
    expected: violates('I-41'),
  },
  {
    name: 'invalidation-ended-twice',
    trees: both,
    file: common,
    function: 'kvm_mmu_invalidate_end',
    changes: [{ double: 'in_progress--' }],
    scenarios: ['3.5-D'],
    expected: violates('fault:underflow'),
  },
  {
    name: 'retry-ignores-progress',
    trees: later,
    file: header,
    function: 'mmu_invalidate_retry_gfn',
    changes: [{ delete: 'if \\(unlikely' }],
    scenarios: ['3.5-A'],
    expected: violates('I-06', 'I-20', 'I-25', 'I-29'),
  },
  {
    name: 'retry-misses-the-first-gfn',
    trees: later,
    file: header,
    function: 'mmu_invalidate_retry_gfn',
    changes: [{ at: 'gfn >=', replace: '>=', by: '>' }],
    scenarios: ['3.5-A'],
    expected: violates('I-06', 'I-20', 'I-25', 'I-29'),
  },
  {
    name: 'flush-does-not-interrupt',
    trees: both,
    file: common,
    function: 'kvm_make_vcpu_request',
    changes: [{ at: 'needs_ipi', replace: '\\(kvm_request_needs_ipi', by: '(!kvm_request_needs_ipi' }],
    scenarios: ['2.2'],
    expected: violates('I-03', 'I-05'),
  },
  {
    name: 'retry-ignores-sequence',
    trees: later,
    file: header,
    function: 'mmu_invalidate_retry_gfn',
    changes: [{ delete: 'invalidate_seq !=' }],
    scenarios: ['3.5-A'],
    expected: violates('I-06', 'I-20', 'I-25', 'I-29'),
  },
  {
    name: 'retry-ignores-progress-until-6.7',
    trees: earlier,
    file: header,
    function: 'mmu_invalidate_retry_hva',
    changes: [{ delete: 'if \\(unlikely' }],
    scenarios: ['3.5-A'],
    expected: violates('I-06', 'I-20', 'I-25', 'I-29'),
  },
  {
    name: 'retry-ignores-sequence-until-6.7',
    trees: earlier,
    file: header,
    function: 'mmu_invalidate_retry_hva',
    changes: [{ delete: 'invalidate_seq !=' }],
    scenarios: ['3.5-A'],
    expected: violates('I-06', 'I-20', 'I-25', 'I-29'),
  },
  {
    name: 'stale-check-looks-at-the-root-only',
    trees: later,
    file: mmu,
    function: 'is_page_fault_stale',
    changes: [{ at: 'mmu_invalidate_retry_gfn', replace: 'mmu_invalidate_retry_gfn\\(.*\\)', by: 'false' }],
    scenarios: ['2.21'],
    expected: violates('I-20', 'I-25'),
  },
  {
    name: 'stale-check-looks-at-the-root-only-until-6.7',
    trees: earlier,
    file: mmu,
    function: 'is_page_fault_stale',
    changes: [{ at: 'mmu_invalidate_retry_hva', replace: 'mmu_invalidate_retry_hva\\(.*\\)', by: 'false' }],
    scenarios: ['3.5-A'],
    expected: violates('I-06', 'I-20', 'I-25', 'I-29'),
  },
];
