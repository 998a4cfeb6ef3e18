/**
 * I-33 lock-hold-bound. Counts what the zapper puts on its list; a check whether to yield ends the hold, whatever it decides.
 */

import type { bool, Ref, u32 } from '../compiler/subset/vocabulary.ts';
import { vm } from '../model/machine/vm.ts';
import type { Property } from './property.ts';
import { zapperHold } from './recorders.ts';

export const I_33: Property = {
  id: 'I-33',
  name: 'lock-hold-bound',
  kind: 'event',
  statement: 'Between two checks whether to yield, the zap of everything zaps at most a batch and one subtree.',
  kernelExpression: 'BATCH_ZAP_PAGES; soft-lockup watchdog',
  hooks: [{ event: { on: 'return', procedure: '__kvm_mmu_prepare_zap_page' }, procedure: 'I_33_atZapReturn' }],
  worst: {
    // Nothing here has descendants that must go with it, so the largest subtree is one page.
    one: 'page',
    many: 'pages',
    what: 'zapped between two checks whether to yield',
    bound: ({ batch }) => batch + 1,
  },
  recorders: [...zapperHold],
  mutant: {
    scenario: '3.1 A',
    variant: 'v5.18',
    procedure: 'kvm_zap_obsolete_pages',
    statement: 'if (batch >= BATCH_ZAP_PAGES && cond_resched_rwlock_write())',
    operator: 'negate',
  },
  file: 'properties/lockHoldBound.ts',
};

export function I_33_atZapReturn(sp: Ref<'pages'>, invalid_list: Ref<'lists'>, nr_zapped: u32, unstable: bool): u32 {
  return vm.zappedInHold;
}
