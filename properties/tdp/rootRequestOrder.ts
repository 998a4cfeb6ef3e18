/** I-11 request-after-invalid, for the TDP MMU: judged when the fast zap is over. */
import type { bool } from '../../compiler/subset/vocabulary.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Property } from '../property.ts';
import { rootRequests, rootRequestsFile } from './rootRequests.ts';

export const tdp_I_11: Property = {
  id: 'I-11',
  name: 'request-after-invalid',
  kind: 'event',
  statement: 'When a request to free obsolete roots becomes visible, the root that it is made for is already invalid.',
  kernelExpression: 'comment in __kvm_mmu_zap_all_fast_front_half()',
  hooks: [{ event: { on: 'return', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'tdp_I_11_atReturn' }],
  recorders: [...rootRequests],
  mutant: {
    scenario: '2.12',
    variant: 'v6.12',
    procedure: 'kvm_mmu_zap_all_fast',
    statement: 'kvm_tdp_mmu_invalidate_all_roots();',
    operator: 'swapWithNext',
  },
  file: 'properties/tdp/rootRequestOrder.ts',
  with: [rootRequestsFile],
};

export function tdp_I_11_atReturn(): bool {
  return !vm.requestMissed;
}
