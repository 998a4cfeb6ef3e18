/**
 * I-38 in-use-root-not-collateral.
 */

import type { bool, Ref, u32 } from '../compiler/subset/vocabulary.ts';
import { pages } from '../model/machine/pages.ts';
import { vm } from '../model/machine/vm.ts';
import type { Property } from './property.ts';
import { zapDepth } from './recorders.ts';

export const I_38: Property = {
  id: 'I-38',
  name: 'in-use-root-not-collateral',
  kind: 'event',
  statement: 'Zapping a page never zaps one of its descendants that is a root in use.',
  kernelExpression: 'the root_count test in mmu_page_zap_pte() (2026)',
  hooks: [{ event: { on: 'call', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'I_38_atCall' }],
  recorders: [...zapDepth],
  mutant: {
    scenario: '3.2 C',
    variant: 'rootCountTest',
    procedure: 'mmu_page_zap_pte',
    statement: 'if (pages[child].root_count !== 0) return 0;',
    operator: 'negate',
  },
  file: 'properties/inUseRootNotCollateral.ts',
};

export function I_38_atCall(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32): bool {
  return vm.zapDepth < 2 || pages[sp].root_count === 0;
}
