/** All mutations of kernel trees, in the order in which they are judged. */
import type { TreeEdit } from '../treeEdit.ts';
import { dirtyLogEdits } from './dirtyLog.ts';
import { faultsEdits } from './faults.ts';
import { invalidationEdits } from './invalidation.ts';
import { iteratorEdits } from './iterator.ts';
import { leavesEdits } from './leaves.ts';
import { rootSlotsEdits } from './rootSlots.ts';
import { rootsEdits } from './roots.ts';
import { tdpRootsEdits } from './tdpRoots.ts';
import { tdpTablesEdits } from './tdpTables.ts';
import { tdpZapsEdits } from './tdpZaps.ts';
import { translationsEdits } from './translations.ts';
import { zapsEdits } from './zaps.ts';

export const treeEdits: readonly TreeEdit[] = [
  ...rootsEdits,
  ...rootSlotsEdits,
  ...zapsEdits,
  ...tdpRootsEdits,
  ...tdpZapsEdits,
  ...tdpTablesEdits,
  ...dirtyLogEdits,
  ...leavesEdits,
  ...iteratorEdits,
  ...invalidationEdits,
  ...translationsEdits,
  ...faultsEdits,
];
