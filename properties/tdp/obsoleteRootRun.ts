/** I-04 no-obsolete-root-after-service, for the TDP MMU. Judged at guest entry. */
import { type bool, isDangling, NULL, type Ref } from '../../compiler/subset/vocabulary.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { rootRequests, rootRequestsFile, spec_drop_expected } from './rootRequests.ts';

export const tdp_I_04: Property = {
  id: 'I-04',
  name: 'no-obsolete-root-after-service',
  kind: 'event',
  statement: 'A vCPU that has served the request to drop a root does not enter the guest on it again.',
  kernelExpression: 'none; is_page_fault_stale() makes up for it',
  hooks: [{ event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'tdp_I_04_atEntry' }],
  recorders: [...rootRequests],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'kvm_mmu_free_obsolete_roots',
    statement: 'if (is_obsolete_root(vcpus[vcpu].root)) kvm_mmu_free_roots(vcpu);',
    operator: 'delete',
  },
  file: 'properties/tdp/obsoleteRootRun.ts',
  with: [rootRequestsFile],
};

export function tdp_I_04_atEntry(vcpu: Ref<'vcpus'>): bool {
  if (spec_drop_expected(vcpu)) return true;
  const root = vcpus[vcpu].root;
  return root === NULL || isDangling(root) || !pages[root].role.invalid;
}
