/** I-48 invalid-root-not-referenced-anew, for the TDP MMU. */
import { type bool, isDangling, NULL, type Ref, type s32 } from '../../compiler/subset/vocabulary.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { rootRequests, rootRequestsFile, spec_drop_expected } from './rootRequests.ts';

export const tdp_I_48: Property = {
  id: 'I-48',
  name: 'invalid-root-not-referenced-anew',
  kind: 'event',
  statement:
    'A load leaves an invalid root current only while the request to drop it is pending, or whoever invalidated it has yet to make it.',
  kernelExpression: 'comparison of role words; for_each_valid_tdp_mmu_root_yield_safe()',
  hooks: [{ event: { on: 'return', procedure: 'kvm_mmu_load' }, procedure: 'tdp_I_48_atLoad' }],
  recorders: [...rootRequests],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'role_matches',
    statement: 'return pages[root].role.level === PT64_ROOT_LEVEL && !pages[root].role.invalid;',
    operator: 'negate',
  },
  file: 'properties/tdp/invalidRootLoaded.ts',
  with: [rootRequestsFile],
};

export function tdp_I_48_atLoad(vcpu: Ref<'vcpus'>, r: s32): bool {
  const root = vcpus[vcpu].root;
  if (root === NULL || spec_drop_expected(vcpu)) return true;
  return !isDangling(root) && !pages[root].role.invalid;
}
