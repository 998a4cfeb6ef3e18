/**
 * I-02 root-slots-counted.
 */

import { type bool, isAllocated, rowAt, type u32 } from '../compiler/subset/vocabulary.ts';
import { MMUS, PAGES, VCPUS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_slots_holding } from './common.ts';
import { mmuLockFree, type Property } from './property.ts';
import { pgdSwitch } from './recorders.ts';

export const I_02: Property = {
  id: 'I-02',
  name: 'root-slots-counted',
  kind: 'state',
  statement: 'The root count of a shadow page is the number of root slots of all vCPUs that hold it.',
  kernelExpression: 'WARN_ON(!sp->role.invalid || sp->root_count) in commit',
  predicate: 'I_02_holds',
  scope: mmuLockFree,
  recorders: [...pgdSwitch],
  mutant: { scenario: '3.3 A', variant: 'fixed', procedure: 'mmu_alloc_root', statement: 'pages[sp].root_count += 1;', operator: 'delete' },
  file: 'properties/rootSlotsCounted.ts',
};

/** A switch of PGDs moves roots between slots without the lock: not judged inside it. */
export function I_02_holds(): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    if (vcpus[rowAt(vcpus, v)].switchingRoot) return true;
  }
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if (isAllocated(sp)) {
      let slots: u32 = 0;
      for (let m: u32 = 0; m < MMUS; m++) slots += spec_slots_holding(rowAt(mmus, m), sp);
      if (slots !== pages[sp].root_count) return false;
    }
  }
  return true;
}
