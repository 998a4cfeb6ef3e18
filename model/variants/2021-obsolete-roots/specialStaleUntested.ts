/** Twin of the fixed form: below a root without a shadow page no fault is stale. */

import { type bool, NULL, type Ref, rowOf } from '../../../compiler/subset/vocabulary.ts';
import { mmus } from '../../machine/mmus.ts';
import { vcpus } from '../../machine/vcpus.ts';
import { is_obsolete_sp } from '../../procedures/zap.ts';

/** `is_page_fault_stale()` without its look at the pending request. */
export function is_page_fault_stale(vcpu: Ref<'vcpus'>): bool {
  const sp = rowOf(mmus[vcpus[vcpu].mmu].root.hpa);
  return sp !== NULL && is_obsolete_sp(sp);
}
