/**
 * Mutations of mmu.c: requests, obsolete roots, what is put, flushed and invalidated.
 *
 * In: nothing. Out: edits, each with what it breaks, and the smallest scenarios that show it. Never: a line of the kernel; places are named.
 */
import type { TreeEdit } from '../treeEdit.ts';

const file = 'arch/x86/kvm/mmu/mmu.c';

export const shadowEdits: readonly TreeEdit[] = [
  {
    name: 'previous-roots-test-the-current-one',
    trees: ['6.1', '6.12'],
    function: '__kvm_mmu_free_obsolete_roots',
    changes: [
      {
        at: 'prev_roots',
        replace: 'prev_roots\\[i\\]',
        by: 'root',
      },
    ],
    scenarios: ['3.3-B'],
    expected: {
      verdict: 'violated',
      breaks: ['I-10', 'I-36'],
    },
    file,
  },
  {
    name: 'current-root-not-tested',
    trees: ['6.1', '6.12'],
    function: '__kvm_mmu_free_obsolete_roots',
    changes: [
      {
        delete: 'mmu->root\\.hpa',
      },
    ],
    scenarios: ['3.2-C'],
    expected: {
      verdict: 'violated',
      breaks: ['I-04', 'I-10'],
    },
    file,
  },
  {
    name: 'obsolete-roots-not-freed',
    trees: ['6.1', '6.12'],
    function: '__kvm_mmu_free_obsolete_roots',
    changes: [
      {
        delete: 'if \\(roots_to_free\\)',
      },
    ],
    scenarios: ['3.2-C'],
    expected: {
      verdict: 'violated',
      breaks: ['I-04', 'I-10'],
    },
    file,
  },
  {
    name: 'guest-mmu-forgotten',
    trees: ['6.1', '6.12'],
    function: 'kvm_mmu_free_obsolete_roots',
    changes: [
      {
        delete: 'guest_mmu',
      },
    ],
    scenarios: ['3.2-C'],
    expected: {
      verdict: 'violated',
      breaks: ['I-04', 'I-10'],
    },
    file,
  },
  {
    name: 'root-stays-in-slot',
    trees: ['6.1', '6.12'],
    function: 'mmu_free_root_page',
    changes: [
      {
        delete: 'INVALID_PAGE;',
      },
    ],
    scenarios: ['3.2-C'],
    expected: {
      verdict: 'violated',
      breaks: ['I-02', 'I-26'],
    },
    file,
  },
  {
    name: 'freed-roots-not-committed',
    trees: ['6.1', '6.12'],
    function: 'kvm_mmu_free_roots',
    changes: [
      {
        delete: 'kvm_mmu_commit_zap_page',
      },
    ],
    scenarios: ['3.2-C'],
    expected: {
      verdict: 'violated',
      breaks: ['I-27'],
    },
    file,
  },
  {
    name: 'freed-roots-under-the-read-lock',
    trees: ['6.1', '6.12'],
    function: 'kvm_mmu_free_roots',
    changes: [
      {
        at: 'write_lock',
        replace: 'write_lock',
        by: 'read_lock',
      },
      {
        at: 'write_unlock',
        replace: 'write_unlock',
        by: 'read_unlock',
      },
    ],
    scenarios: ['3.2-C'],
    expected: {
      verdict: 'violated',
      breaks: ['I-02', 'I-08', 'I-15'],
    },
    file,
  },
  {
    name: 'root-in-use-recycled',
    trees: ['6.1', '6.12'],
    function: 'kvm_mmu_zap_oldest_mmu_pages',
    changes: [
      {
        delete: 'root_count',
      },
    ],
    scenarios: ['3.2-B'],
    expected: {
      verdict: 'violated',
      breaks: ['I-07'],
    },
    file,
  },
  {
    name: 'range-zap-drops-flush',
    trees: ['6.12'],
    function: 'kvm_zap_gfn_range',
    changes: [
      {
        delete: 'if \\(flush\\)',
      },
    ],
    scenarios: ['3.5-A-yield'],
    expected: {
      verdict: 'violated',
      breaks: ['I-20'],
    },
    file,
  },
  {
    name: 'range-zap-invalidation-not-ended',
    trees: ['6.12'],
    function: 'kvm_zap_gfn_range',
    changes: [
      {
        delete: 'mmu_invalidate_end',
      },
    ],
    scenarios: ['3.5-D'],
    expected: {
      verdict: 'violated',
      breaks: ['I-41'],
    },
    file,
  },
  {
    name: 'range-zap-invalidation-not-begun',
    trees: ['6.12'],
    function: 'kvm_zap_gfn_range',
    changes: [
      {
        delete: 'mmu_invalidate_begin',
      },
      {
        delete: 'mmu_invalidate_end',
      },
      {
        delete: 'range_add',
      },
    ],
    scenarios: ['3.5-D'],
    expected: {
      verdict: 'violated',
      breaks: ['I-06'],
    },
    file,
  },
  {
    name: 'range-zap-invalidation-ends-first',
    trees: ['6.12'],
    function: 'kvm_zap_gfn_range',
    changes: [
      {
        move: 'mmu_invalidate_end',
        before: 'kvm_rmap_zap_gfn_range',
      },
    ],
    scenarios: ['3.5-D', '3.5-A-yield'],
    expected: {
      verdict: 'holds',
      why: 'all of it is in one hold of mmu_lock for writing: nobody can come in between, unless the zap yields',
    },
    file,
  },
];
