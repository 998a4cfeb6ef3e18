/**
 * I-05 for stepping walkers, on what they hold instead of what they may hold; and that the one is among the other.
 *
 * For the comparison only: not among the properties that runs check.
 */

import { type bool, indexOf, isDangling, NULL, type Ref, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { VCPUS } from '../model/machine/constants.ts';
import { vcpus } from '../model/machine/vcpus.ts';

/** As `I_05_atFree`: no guest runs whose walker holds the table. */
export function stepped_atFree(sp: Ref<'pages'>): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (vcpus[vcpu].hw_runs && !isDangling(vcpus[vcpu].hw_table) && vcpus[vcpu].hw_table === sp) return false;
  }
  return true;
}

/** As `I_05_atEntry`: no walker that begins holds a table that was freed. */
export function stepped_atEntry(vcpu: Ref<'vcpus'>): bool {
  return !isDangling(vcpus[vcpu].hw_table);
}

/** What a walker comes to hold is what it may hold. */
export function stepped_isAmong(vcpu: Ref<'vcpus'>, before: Ref<'pages'>, after: Ref<'pages'>): bool {
  return after === NULL || (vcpus[vcpu].mayCache & (1 << indexOf(after))) !== 0;
}
