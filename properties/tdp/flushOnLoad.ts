/** I-50 root-flush-on-load. Judged at guest entry: the page of a root may have been one before, and nobody flushed when that was freed. */
import { type bool, indexOf, isAllocated, isDangling, NULL, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES, VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';

export const I_50: Property = {
  id: 'I-50',
  name: 'root-flush-on-load',
  kind: 'event',
  statement: 'A vCPU runs on a root only if it has flushed its TLB for it since the root was allocated.',
  kernelExpression: 'comment in kvm_mmu_load()',
  hooks: [{ event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'I_50_atEntry' }],
  recorders: [
    { event: { on: 'call', procedure: 'kvm_x86_flush_tlb_current' }, procedure: 'record_flush_current' },
    { event: { on: 'call', procedure: 'kvm_flush_remote_tlbs' }, procedure: 'record_flushed_all' },
  ],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'kvm_mmu_load',
    statement: 'kvm_x86_flush_tlb_current(vcpu);',
    operator: 'delete',
  },
  file: 'properties/tdp/flushOnLoad.ts',
};

export function record_flush_current(vcpu: Ref<'vcpus'>): void {
  const root = vcpus[vcpu].hw_root;
  if (root === NULL || isDangling(root)) return;
  pages[root].flushedBy = pages[root].flushedBy | (1 << indexOf(vcpu));
}
/** Of all roots, of all vCPUs. */
export function record_flushed_all(): void {
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp)) pages[sp].flushedBy = (1 << VCPUS) - 1;
  }
}
export function I_50_atEntry(vcpu: Ref<'vcpus'>): bool {
  const root = vcpus[vcpu].hw_root;
  return root === NULL || isDangling(root) || (pages[root].flushedBy & (1 << indexOf(vcpu))) !== 0;
}
