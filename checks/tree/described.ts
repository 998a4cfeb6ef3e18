/**
 * The functions that the facts describe step by step (section 2), by all the names that they had: which of them a tree's import reaches is what
 * importing is measured by. Helpers that a description goes through by name are among them.
 */
import type { TreeReport } from './treeReport.ts';

/** By section of the facts. A function of several versions has several names; a tree has those that it has. */
export const describedFunctions: readonly { readonly facts: string; readonly about: string; readonly names: string }[] = [
  {
    facts: '2.1',
    about: 'zapping a page',
    names:
      'kvm_mmu_prepare_zap_page __kvm_mmu_prepare_zap_page mmu_zap_unsync_children mmu_unsync_walk __mmu_unsync_walk mmu_pages_clear_parents mmu_page_zap_pte kvm_mmu_page_unlink_children kvm_mmu_unlink_parents drop_spte drop_parent_pte mmu_spte_clear_track_bits unaccount_shadowed kvm_mod_used_mmu_pages',
  },
  {
    facts: '2.2',
    about: 'freeing zapped pages',
    names: 'kvm_mmu_commit_zap_page kvm_mmu_free_shadow_page kvm_mmu_remote_flush_or_zap',
  },
  {
    facts: '2.3',
    about: 'page quota and recycling',
    names: 'make_mmu_pages_available kvm_mmu_zap_oldest_mmu_pages kvm_mmu_available_pages',
  },
  {
    facts: '2.4',
    about: 'finding or making a page',
    names:
      'kvm_mmu_find_shadow_page kvm_mmu_alloc_shadow_page __kvm_mmu_get_shadow_page kvm_mmu_get_shadow_page kvm_mmu_get_child_sp kvm_mmu_child_role account_shadowed clear_sp_write_flooding_count',
  },
  {
    facts: '2.5',
    about: 'linking',
    names: '__link_shadow_page link_shadow_page mmu_page_add_parent_pte validate_direct_spte drop_large_spte',
  },
  {
    facts: '2.6',
    about: 'page faults of the shadow MMU',
    names:
      'FNAME(walk_addr) FNAME(walk_addr_generic) FNAME(page_fault) FNAME(fetch) FNAME(gpte_changed) direct_page_fault direct_map mmu_topup_memory_caches kvm_faultin_pfn __kvm_faultin_pfn kvm_mmu_faultin_pfn __kvm_mmu_faultin_pfn is_page_fault_stale page_fault_handle_page_track mmu_set_spte kvm_arch_vcpu_pre_fault_memory kvm_tdp_map_page',
  },
  {
    facts: '2.7',
    about: 'page faults of the TDP MMU',
    names: 'kvm_tdp_page_fault kvm_tdp_mmu_page_fault kvm_tdp_mmu_map tdp_mmu_map_handle_target_level tdp_mmu_link_sp',
  },
  {
    facts: '2.8',
    about: 'fast page faults',
    names: 'fast_page_fault fast_pf_fix_direct_spte page_fault_can_be_fast walk_shadow_page_lockless_begin walk_shadow_page_lockless_end',
  },
  {
    facts: '2.9',
    about: 'emulated writes and flooding',
    names: 'kvm_mmu_pte_write kvm_mmu_track_write detect_write_flooding detect_write_misaligned get_written_sptes mmu_pte_write_fetch_gpte',
  },
  {
    facts: '2.10',
    about: 'roots of a vCPU',
    names:
      'kvm_mmu_new_pgd fast_pgd_switch cached_root_find_and_keep_current cached_root_find_without_current is_root_usable kvm_mmu_load kvm_mmu_reload mmu_alloc_direct_roots mmu_alloc_shadow_roots mmu_alloc_special_roots mmu_alloc_root mmu_first_shadow_root_alloc kvm_mmu_free_roots mmu_free_root_page kvm_mmu_unload kvm_mmu_free_obsolete_roots __kvm_mmu_free_obsolete_roots is_obsolete_root is_obsolete_sp kvm_tdp_mmu_alloc_root kvm_tdp_mmu_get_vcpu_root_hpa',
  },
  {
    facts: '2.11',
    about: 'zapping everything',
    names:
      'kvm_mmu_zap_all_fast kvm_zap_obsolete_pages kvm_mmu_zap_all kvm_arch_flush_shadow_memslot kvm_mmu_invalidate_zap_pages_in_memslot kvm_mmu_zap_memslot kvm_mmu_zap_memslot_pages_and_flush kvm_mmu_zap_memslot_leafs',
  },
  {
    facts: '2.12',
    about: 'roots of the TDP MMU',
    names:
      'kvm_tdp_mmu_get_root kvm_tdp_mmu_put_root tdp_mmu_next_root kvm_tdp_mmu_invalidate_all_roots kvm_tdp_mmu_zap_invalidated_roots tdp_mmu_zap_root __tdp_mmu_zap_root',
  },
  {
    facts: '2.13',
    about: 'removed tables',
    names: 'handle_removed_pt handle_changed_spte __handle_changed_spte tdp_mmu_unlink_sp',
  },
  {
    facts: '2.14',
    about: 'atomic zap',
    names: 'tdp_mmu_zap_spte_atomic tdp_mmu_set_spte_atomic __tdp_mmu_set_spte_atomic',
  },
  {
    facts: '2.15',
    about: 'iterator, yields, zaps of ranges',
    names:
      'tdp_iter_start tdp_iter_restart tdp_iter_next try_step_down try_step_side try_step_up tdp_mmu_iter_cond_resched tdp_mmu_zap_leafs kvm_tdp_mmu_zap_leafs kvm_tdp_mmu_unmap_gfn_range kvm_tdp_mmu_handle_gfn kvm_zap_gfn_range kvm_rmap_zap_gfn_range',
  },
  {
    facts: '2.16',
    about: 'splitting huge pages',
    names:
      'tdp_mmu_split_huge_pages_root tdp_mmu_split_huge_page tdp_mmu_alloc_sp_for_split kvm_tdp_mmu_try_split_huge_pages kvm_mmu_slot_try_split_huge_pages kvm_mmu_try_split_huge_pages kvm_shadow_mmu_try_split_huge_pages shadow_mmu_try_split_huge_pages shadow_mmu_try_split_huge_page shadow_mmu_split_huge_page shadow_mmu_get_sp_for_split need_topup_split_caches_or_resched topup_split_caches',
  },
  {
    facts: '2.17',
    about: 'host notifiers',
    names:
      'kvm_mmu_notifier_invalidate_range_start kvm_mmu_notifier_invalidate_range_end kvm_mmu_invalidate_begin kvm_mmu_invalidate_end kvm_mmu_invalidate_range_add kvm_mmu_unmap_gfn_range kvm_unmap_gfn_range __kvm_handle_hva_range kvm_handle_hva_range kvm_handle_hva_range_no_flush',
  },
  {
    facts: '2.18',
    about: 'dirty logging',
    names:
      'kvm_mmu_slot_remove_write_access kvm_mmu_slot_leaf_clear_dirty kvm_tdp_mmu_wrprot_slot kvm_tdp_mmu_clear_dirty_slot kvm_tdp_mmu_clear_dirty_pt_masked kvm_arch_mmu_enable_log_dirty_pt_masked kvm_mmu_write_protect_pt_masked kvm_mmu_clear_dirty_pt_masked kvm_mmu_slot_gfn_write_protect kvm_get_dirty_log_protect kvm_clear_dirty_log_protect kvm_arch_sync_dirty_log kvm_mmu_slot_apply_flags kvm_mmu_zap_collapsible_sptes kvm_tdp_mmu_zap_collapsible_sptes kvm_mmu_zap_collapsible_spte',
  },
  {
    facts: '2.19',
    about: 'entering the guest, requests, flushes',
    names:
      'vcpu_enter_guest kvm_flush_remote_tlbs kvm_make_all_cpus_request kvm_make_all_cpus_request_except kvm_make_vcpus_request_mask kvm_make_vcpu_request kvm_vcpu_flush_tlb_guest kvm_vcpu_flush_tlb_all kvm_service_local_tlb_flush_requests',
  },
  {
    facts: '2.20',
    about: 'NX huge page recovery',
    names: 'kvm_recover_nx_huge_pages kvm_tdp_mmu_zap_sp',
  },
  {
    facts: '2.21',
    about: 'deleting memslots',
    names: 'kvm_invalidate_memslot kvm_swap_active_memslots kvm_set_memslot kvm_delete_memslot',
  },
  {
    facts: '2.22',
    about: 'unsync and sync',
    names:
      'mmu_try_to_unsync_pages kvm_unsync_page mark_unsync kvm_mmu_mark_parents_unsync mmu_sync_children kvm_sync_page __kvm_sync_page kvm_sync_page_check kvm_sync_spte FNAME(sync_page) FNAME(sync_spte) FNAME(prefetch_invalid_gpte) kvm_mmu_sync_roots kvm_mmu_sync_prev_roots is_unsync_root kvm_unlink_unsync_page',
  },
];

/** One function in one tree; null: the tree has none of that name. */
export type DescribedStatus = {
  readonly imported: boolean;
  readonly engine: 'shadow' | 'tdp';
  readonly partly: boolean;
  readonly reason: string | null;
} | null;
export interface DescribedRow {
  readonly facts: string;
  readonly name: string;
  /** In the order of the reports. */
  readonly trees: readonly DescribedStatus[];
}

/** A row for each function that at least one of the trees has. */
export function describedRows(reports: readonly TreeReport[]): readonly DescribedRow[] {
  const functions = reports.map((report) => new Map(report.functions.map((one) => [one.name, one])));
  return describedFunctions.flatMap(({ facts, names }) =>
    names.split(' ').flatMap((name) => {
      const trees = functions.map((own): DescribedStatus => {
        const one = own.get(name);
        if (one === undefined) return null;
        const imported = one.status === 'imported' || one.status === 'ignorable';
        return { imported, engine: one.engine, partly: imported && one.leftOut > 0, reason: one.reason };
      });
      return trees.every((one) => one === null) ? [] : [{ facts, name, trees }];
    }),
  );
}

/** How many of them each tree has, and imports. */
export function describedCounts(rows: readonly DescribedRow[]): readonly { readonly there: number; readonly imported: number }[] {
  const [first] = rows;
  return (first?.trees ?? []).map((_, index) => {
    const own = rows.flatMap(({ trees }) => trees[index] ?? []);
    return { there: own.length, imported: own.filter(({ imported }) => imported).length };
  });
}

/** As Markdown. Paths and lines of reasons are left out: they are in the report of the tree. */
export function describedTable(reports: readonly TreeReport[]): string {
  const rows = describedRows(reports);
  const counts = describedCounts(rows);
  const cell = (one: DescribedStatus): string => (one === null ? '–' : one.imported ? `${one.engine}${one.partly ? ' †' : ''}` : 'no');
  const why = ({ trees }: DescribedRow): string =>
    [...new Set(trees.flatMap((one) => (one === null || one.imported ? [] : [shortReason(one.reason ?? '')])))].join('; ');
  return [
    `| facts | function | ${reports.map(({ tree, version }) => version ?? tree).join(' | ')} | why not |`,
    `| --- | --- | ${reports.map(() => '---').join(' | ')} | --- |`,
    ...rows.map((row) => `| ${row.facts} | \`${row.name}\` | ${row.trees.map(cell).join(' | ')} | ${why(row)} |`),
    `| | together | ${counts.map(({ there, imported }) => `${imported} of ${there}`).join(' | ')} | |`,
  ].join('\n');
}

function shortReason(reason: string): string {
  return reason
    .replace(/^[^ ]+:\d+: /, '')
    .replace(/: (bind it|the tree's own).*$/s, '')
    .replaceAll('|', '\\|')
    .replaceAll('*', '\\*');
}
