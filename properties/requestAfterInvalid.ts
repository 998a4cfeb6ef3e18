/**
 * I-11 request-after-invalid. Judged when the zap that made a root obsolete is over. Not asked of MMU_RELOAD, whose service looks at no page.
 */

import type { bool, Ref, u32 } from '../compiler/subset/vocabulary.ts';
import { vm } from '../model/machine/vm.ts';
import type { Property } from './property.ts';
import { requestOwed } from './recorders.ts';

export const I_11: Property = {
  id: 'I-11',
  name: 'request-after-invalid',
  kind: 'event',
  statement: 'A request to free obsolete roots is made after the root that it is for can be seen to be obsolete.',
  kernelExpression: 'comment in __kvm_mmu_prepare_zap_page()',
  hooks: [
    { event: { on: 'return', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'I_11_atZapReturn' },
    { event: { on: 'return', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'I_11_atZapAllReturn' },
  ],
  recorders: [...requestOwed],
  mutant: {
    scenario: '3.3 B',
    variant: 'fixed',
    procedure: '__kvm_mmu_prepare_zap_page',
    statement: 'pages[sp].role.invalid = true;',
    operator: 'swapWithNext',
  },
  file: 'properties/requestAfterInvalid.ts',
};

export function I_11_atZapReturn(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32, unstable: bool): bool {
  return !vm.requestMissed;
}
export function I_11_atZapAllReturn(): bool {
  return !vm.requestMissed;
}
