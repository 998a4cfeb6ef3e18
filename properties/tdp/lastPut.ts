/** I-49 valid-root-last-put: `KVM_BUG_ON()` in `kvm_tdp_mmu_put_root()` itself. */
import type { Property } from '../property.ts';

export const I_49: Property = {
  id: 'I-49',
  name: 'valid-root-last-put',
  kind: 'assertion',
  statement: 'The last reference of a root is put only when the root is invalid: the TDP MMU keeps one until then.',
  kernelExpression: 'KVM_BUG_ON() in kvm_tdp_mmu_put_root()',
  recorders: [],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'kvm_tdp_mmu_invalidate_all_roots',
    statement: 'pages[root].role.invalid = true;',
    operator: 'delete',
  },
  file: 'properties/tdp/lastPut.ts',
};
