/** I-49 valid-root-last-put: `KVM_BUG_ON()` in `kvm_tdp_mmu_put_root()`. Judged wherever the last reference goes, whoever puts it. */
import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import type { Property } from '../property.ts';

export const I_49: Property = {
  id: 'I-49',
  name: 'valid-root-last-put',
  kind: 'event',
  statement: 'The last reference of a root is put only when the root is invalid: the TDP MMU keeps one until then.',
  kernelExpression: 'KVM_BUG_ON() in kvm_tdp_mmu_put_root()',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'tdp_mmu_root_count' }, procedure: 'I_49_atPut' }],
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

export function I_49_atPut(root: Ref<'pages'>, before: u32, after: u32): bool {
  return before === 0 || after !== 0 || pages[root].role.invalid;
}
