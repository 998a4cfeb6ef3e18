/** I-10 no-retained-obsolete-root, for the TDP MMU. */
import { type bool, isDangling, NULL, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';

export const tdp_I_10: Property = {
  id: 'I-10',
  name: 'no-retained-obsolete-root',
  kind: 'state',
  statement: 'At rest no vCPU holds an invalid root.',
  kernelExpression: 'none',
  predicate: 'tdp_I_10_holds',
  scope: { kind: 'quiescent' },
  recorders: [],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'kvm_mmu_zap_all_fast',
    statement: 'kvm_make_all_cpus_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);',
    operator: 'delete',
  },
  file: 'properties/tdp/obsoleteRootHeld.ts',
};

export function tdp_I_10_holds(): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const root = vcpus[rowAt(vcpus, v)].root;
    if (isDangling(root)) return false;
    if (root !== NULL && pages[root].role.invalid) return false;
  }
  return true;
}
