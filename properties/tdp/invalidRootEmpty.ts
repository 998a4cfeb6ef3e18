/** I-30 zap-all-complete, for the TDP MMU. */
import { type bool, indexOf, isAllocated, type Ref, rowAt, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES, SPTE_ENT_PER_PAGE, SPTE_MMU_PRESENT_MASK } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { tasks } from '../../model/tdp/machine/tasks.ts';
import type { Property } from '../property.ts';
import { spec_listed_roots } from './common.ts';

export const tdp_I_30: Property = {
  id: 'I-30',
  name: 'zap-all-complete',
  kind: 'event',
  statement: 'When a zap of everything returns, no root that it invalidated has a present SPTE.',
  kernelExpression: 'WARN_ON(tdp_mmu_pages) when the VM is destroyed',
  // Some 6.12 zap a memslot by the two halves of the fast zap, without the function around them.
  hooks: [
    { event: { on: 'return', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'tdp_I_30_atReturn' },
    { event: { on: 'return', procedure: '__kvm_mmu_zap_all_fast_back_half' }, procedure: 'tdp_I_30_atReturn' },
  ],
  recorders: [
    { event: { on: 'call', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'record_zap_all_call' },
    { event: { on: 'call', procedure: '__kvm_mmu_zap_all_fast_front_half' }, procedure: 'record_zap_all_call' },
    { event: { on: 'write', table: 'pages', field: 'role.invalid' }, procedure: 'record_invalidation' },
    { event: { on: 'return', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'record_zap_all_return' },
    { event: { on: 'return', procedure: '__kvm_mmu_zap_all_fast_back_half' }, procedure: 'record_zap_all_return' },
  ],
  mutant: {
    scenario: '3.1 D TDP',
    variant: 'checked',
    procedure: 'kvm_tdp_mmu_zap_invalidated_roots',
    statement: 'tdp_mmu_zap_root(root, true);',
    operator: 'delete',
  },
  file: 'properties/tdp/invalidRootEmpty.ts',
};

export function record_zap_all_call(): void {
  tasks[rowAt(tasks, self())].zapsAll = true;
}
export function record_zap_all_return(): void {
  tasks[rowAt(tasks, self())].zapsAll = false;
}
export function record_invalidation(root: Ref<'pages'>, before: bool, after: bool): void {
  if (tasks[rowAt(tasks, self())].zapsAll) pages[root].byZapAll = true;
}

/** The caller still holds slots_lock, so it was this zap, or an earlier one. */
export function tdp_I_30_atReturn(): bool {
  const listed = spec_listed_roots();
  for (let p: u32 = 0; p < PAGES; p++) {
    const root = rowAt(pages, p);
    if ((listed & (1 << indexOf(root))) !== 0 && isAllocated(root) && pages[root].byZapAll) {
      for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
        if ((pages[root].spt[i] & SPTE_MMU_PRESENT_MASK) !== 0) return false;
      }
    }
  }
  return true;
}
