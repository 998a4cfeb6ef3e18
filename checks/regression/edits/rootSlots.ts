/**
 * Mutations of mmu.c: what a vCPU of the TDP MMU does with the slot that holds its root.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';
import { both, earlier, later, violates } from './words.ts';

const file = 'arch/x86/kvm/mmu/mmu.c';

export const rootSlotsEdits: readonly TreeEdit[] = [
  {
    name: 'slot-puts-its-root-as-if-shared',
    trees: earlier,
    file,
    function: 'mmu_free_root_page',
    changes: [{ at: 'kvm_tdp_mmu_put_root', replace: 'false', by: 'true' }],
    scenarios: ['2.12'],
    expected: violates('I-24'),
  },
  {
    name: 'slot-does-not-put-its-root',
    trees: both,
    file,
    function: 'mmu_free_root_page',
    changes: [{ at: 'kvm_tdp_mmu_put_root', replace: 'kvm_tdp_mmu_put_root\\(.*\\);', by: ';' }],
    scenarios: ['2.15'],
    expected: violates('X-14'),
  },
  {
    name: 'slot-puts-its-root-twice',
    trees: both,
    file,
    function: 'mmu_free_root_page',
    changes: [{ at: 'kvm_tdp_mmu_put_root', replace: '(kvm_tdp_mmu_put_root\\(.*\\));', by: '$1, $1;' }],
    scenarios: ['2.12'],
    expected: violates('I-49', 'fault:underflow'),
  },
  {
    name: 'special-root-stays-in-slot',
    trees: both,
    file,
    function: 'kvm_mmu_free_roots',
    changes: [{ delete: 'root\\.hpa = INVALID_PAGE' }],
    scenarios: ['3.3-G'],
    expected: violates('fault:nullDereference'),
  },
  {
    name: 'roots-freed-with-the-write-lock',
    trees: later,
    file,
    function: 'kvm_mmu_free_roots',
    changes: [
      { at: 'read_lock', replace: 'read_lock', by: 'write_lock' },
      { at: 'read_unlock', replace: 'read_unlock', by: 'write_unlock' },
    ],
    scenarios: ['2.12'],
    expected: violates('I-24'),
  },
  {
    name: 'free-roots-tests-turned-round',
    trees: both,
    file,
    function: 'kvm_mmu_free_roots',
    changes: [
      { at: 'free_active_root = ', replace: '\\(roots_to_free & KVM_MMU_ROOT_CURRENT\\)', by: 'VALID_PAGE(mmu->root.hpa)' },
      { at: '&& VALID_PAGE\\(mmu->root\\.hpa', replace: 'VALID_PAGE\\(mmu->root\\.hpa\\)', by: '(roots_to_free & KVM_MMU_ROOT_CURRENT)' },
    ],
    scenarios: ['2.12', '3.3-B'],
    expected: { verdict: 'holds', why: 'it is the same test' },
  },
  {
    name: 'direct-root-makes-no-room',
    trees: both,
    file,
    function: 'mmu_alloc_direct_roots',
    changes: [{ delete: 'make_mmu_pages_available' }, { delete: 'if \\(r < 0\\)' }],
    scenarios: ['3.1-D-direct'],
    expected: violates('X-15'),
  },
  {
    name: 'direct-root-made-without-the-lock',
    trees: both,
    file,
    function: 'mmu_alloc_direct_roots',
    changes: [{ delete: 'write_lock' }, { delete: 'write_unlock' }],
    scenarios: ['3.1-D-direct'],
    expected: violates('I-02', 'I-15'),
  },
  {
    name: 'direct-root-not-kept',
    trees: both,
    file,
    function: 'mmu_alloc_direct_roots',
    changes: [{ delete: ['mmu_alloc_root\\(vcpu, 0, 0', 'root\\.hpa = root'] }],
    scenarios: ['3.1-D-direct'],
    expected: violates('I-02'),
  },
  {
    name: 'direct-root-pgd-set-first',
    trees: both,
    file,
    function: 'mmu_alloc_direct_roots',
    changes: [{ move: 'root\\.pgd = 0', behind: 'write_lock' }],
    scenarios: ['3.1-D-direct'],
    expected: { verdict: 'holds', why: 'nobody reads it before the root' },
  },
  {
    name: 'root-loaded-before-there-is-one',
    trees: both,
    file,
    function: 'kvm_mmu_load',
    changes: [{ move: 'kvm_mmu_load_pgd', before: 'mmu_alloc_special_roots' }],
    scenarios: ['3.1-D-direct'],
    expected: violates('I-01'),
  },
];
