/**
 * Mutations of the fault path in mmu.c: what is looked at before a translation is made, and the fault that takes no lock.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';
import { both, earlier, later, violates } from './words.ts';

const file = 'arch/x86/kvm/mmu/mmu.c';

export const faultsEdits: readonly TreeEdit[] = [
  {
    name: 'tdp-fault-not-asked-whether-stale',
    trees: later,
    file,
    function: 'kvm_tdp_mmu_page_fault',
    changes: [{ delete: 'if \\(is_page_fault_stale' }],
    scenarios: ['3.5-D'],
    expected: violates('I-25'),
  },
  {
    name: 'tdp-fault-not-asked-whether-stale-until-6.2',
    trees: earlier,
    file,
    function: 'direct_page_fault',
    changes: [{ at: ['read_lock', 'is_page_fault_stale'], replace: 'if \\(!is_page_fault_stale\\(vcpu, fault\\)\\)', by: '' }],
    scenarios: ['3.5-D'],
    expected: violates('I-25'),
  },
  {
    name: 'tdp-fault-without-the-lock',
    trees: later,
    file,
    function: 'kvm_tdp_mmu_page_fault',
    changes: [{ delete: 'read_lock' }, { delete: 'read_unlock' }],
    scenarios: ['3.5-D'],
    expected: violates('I-24'),
  },
  {
    name: 'sequence-read-after-the-page',
    trees: later,
    file,
    function: 'kvm_faultin_pfn',
    changes: [{ move: 'fault->mmu_seq =', behind: 'ret = __kvm_faultin_pfn' }],
    scenarios: ['3.5-A'],
    expected: violates('I-29'),
  },
  {
    name: 'sequence-read-after-the-page-until-6.7',
    trees: earlier,
    file,
    function: 'kvm_faultin_pfn',
    changes: [{ move: 'fault->mmu_seq =', behind: ['async = false', 'fault->pfn ='] }],
    scenarios: ['3.5-A'],
    expected: violates('I-29'),
  },
  {
    name: 'lock-free-fault-not-asked-why-protected',
    trees: both,
    file,
    function: 'fast_page_fault',
    changes: [{ at: 'is_mmu_writable_spte', replace: ' && is_mmu_writable_spte\\(spte\\)', by: '' }],
    scenarios: ['3.4-A-init'],
    expected: violates('I-47'),
  },
  {
    name: 'lock-free-fault-of-a-huge-page',
    trees: both,
    file,
    function: 'fast_page_fault',
    changes: [{ delete: 'if \\(sp->role\\.level > PG_LEVEL_4K' }],
    scenarios: ['3.4-A-init'],
    expected: {
      verdict: 'notExercised',
      why: 'no lock-free fault meets a huge page there that lost W: splitting it fails in none of these runs',
    },
  },
  {
    name: 'lock-free-fault-writes-plainly',
    trees: both,
    file,
    function: 'fast_pf_fix_direct_spte',
    changes: [
      { at: 'try_cmpxchg64', replace: 'if \\(!try_cmpxchg64\\(sptep, &old_spte, new_spte\\)\\)', by: 'WRITE_ONCE(*sptep, new_spte);' },
      { delete: 'return false' },
    ],
    scenarios: ['3.4-B-fast'],
    expected: violates('I-18'),
  },
  {
    name: 'lock-free-fault-not-dirty',
    trees: both,
    file,
    function: 'fast_pf_fix_direct_spte',
    changes: [{ delete: 'if \\(is_writable_pte' }],
    scenarios: ['3.4-A'],
    expected: violates('I-16', 'I-17'),
  },
  {
    name: 'lock-free-fault-outside-of-the-walk',
    trees: both,
    file,
    function: 'fast_page_fault',
    changes: [{ delete: 'walk_shadow_page_lockless_begin' }, { delete: 'walk_shadow_page_lockless_end' }],
    scenarios: ['3.4-B-fast'],
    expected: violates('fault:useAfterFree'),
  },
  {
    name: 'slot-zapped-without-its-flush',
    trees: later,
    file,
    function: 'kvm_mmu_zap_memslot_pages_and_flush',
    changes: [{ at: ['out_flush:', 'kvm_mmu_remote_flush_or_zap'], replace: 'flush\\);', by: 'false);' }],
    scenarios: ['2.21'],
    expected: violates('I-20'),
  },
  {
    name: 'slot-not-zapped',
    trees: later,
    file,
    function: 'kvm_arch_flush_shadow_memslot',
    changes: [{ at: 'flush = kvm_unmap_gfn_range', replace: 'kvm_unmap_gfn_range\\(kvm, &range\\)', by: 'false' }],
    scenarios: ['2.21'],
    expected: violates('I-20', 'I-52'),
  },
];
