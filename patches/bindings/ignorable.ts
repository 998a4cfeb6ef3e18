/** What has no effect that the model has: facts 5.6. Using a result of it in a condition is a free choice. */
import type { BindingPart } from './schema.ts';

export const ignorable: BindingPart = {
  subsystem: 'ignorable',
  ignorableCalls: [
    'trace_*',
    'kvm_update_page_stats',
    'kvm_account_pgtable_pages',
    'percpu_counter_*',
    'pgprintk',
    'rmap_printk',
    'pr_*',
    'kvm_mmu_audit',
    'BUILD_BUG_ON',
    'might_sleep',
    'cond_resched',
    'cpu_relax',
    'smp_mb',
    'smp_rmb',
    'smp_wmb',
    'barrier',
    'unaccount_huge_nx_page',
    'account_huge_nx_page',
    'unaccount_nx_huge_page',
    'vcpu_clear_mmio_info',
    'EXPORT_SYMBOL*',
  ],
  ignorableFields: [
    { of: 'vm', c: ['stat.*'] },
    { of: 'vcpus', c: ['stat.*'] },
    { of: 'pages', c: ['lpage_disallowed', 'nx_huge_page_disallowed'] },
  ],
};
