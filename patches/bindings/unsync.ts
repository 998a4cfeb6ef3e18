/** Pages that the guest may outdate, and bringing them up to date: facts 2.22, 5.4. */
import type { BindingPart } from './schema.ts';

export const unsync: BindingPart = {
  subsystem: 'unsync',
  records: ['struct kvm_mmu_pages'],
  // Who marks a page holds mmu_lock for write in the shadow MMU.
  ignorableFields: [{ of: 'vm', c: ['arch.mmu_unsync_pages_lock'] }],
  meanings: [
    // 16 in the kernel. A walk goes on as long as there is room for a path from a root to a leaf's table, and one page more.
    { c: ['KVM_PAGE_ARRAY_NR'], means: '6' },
    { c: ['INVALID_INDEX'], means: '(-1)' },
  ],
};
