/**
 * I-29 no-late-writeback. Judged where the host's page is told what D, or W without D bits, said. A bits are not modelled; they go the
 * same way at the same time.
 */
import type { bool, u32 } from '../../compiler/subset/vocabulary.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Property } from '../property.ts';

export const I_29: Property = {
  id: 'I-29',
  name: 'no-late-writeback',
  kind: 'event',
  statement: 'A and D of an SPTE are never handed on to a page that the host has freed after the invalidation of its gfn returned.',
  kernelExpression: 'comment, and WARN_ON_ONCE(!refcount_read()), in tdp_mmu_zap_root()',
  hooks: [{ event: { on: 'call', procedure: 'kvm_set_pfn_dirty' }, procedure: 'I_29_atWriteback' }],
  recorders: [],
  mutant: {
    scenario: '3.5 E',
    variant: 'v6.12',
    procedure: 'kvm_tdp_mmu_unmap_gfn_range',
    statement: 'flush = tdp_mmu_zap_leafs(root, start, end, may_block, flush);',
    operator: 'delete',
  },
  file: 'properties/tdp/lateWriteback.ts',
};

export function I_29_atWriteback(pfn: u32): bool {
  return (vm.host_freed & (1 << pfn)) === 0;
}
