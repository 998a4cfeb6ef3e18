/** Scenarios of the TDP MMU, in the order of the documentation. */
import type { Scenario } from '../../scenario.ts';
import { clearAcross, clearBoundary, clearFirst, clearLater } from './clearLog.ts';
import { collapse } from './collapse.ts';
import { fullTables } from './fullTables.ts';
import { logByDirtyBits, logInitiallySet, logInitiallySetByDirtyBits, logManually } from './harvest.ts';
import { hugeAgain, hugeAgain1G } from './hugeAgain.ts';
import { lateNotifier } from './lateNotifier.ts';
import { deletedSlot, movedSlot, waitingWriter } from './memslots.ts';
import { deletedSlotZapAll } from './memslotZapAll.ts';
import { pendingFlush, twoSharedZappers } from './pendingFlush.ts';
import { preFaultDelete, preFaultZapAll } from './preFault.ts';
import { notifiersAndRoots, rootBehind, tableUnderYield } from './rootBehind.ts';
import { tdpRoots, tdpRootsTwice } from './roots.ts';
import { sharedPage } from './sharedPage.ts';
import { clearAndFault, splitAndFault, splitAndLog, splitAndProtect, splitLockDrop, zapAndFastFault } from './split.ts';
import { splitDyingRoot } from './splitRoot.ts';
import { staleFaultTdp } from './staleFault.ts';
import { staleFaultSlot } from './staleFaultSlot.ts';
import { tallRoot } from './tallRoot.ts';
import { twoEvents } from './twoEvents.ts';
import { unannouncedZap } from './unannouncedZap.ts';
import { yieldingRange } from './yieldingRange.ts';
import { yieldingZap } from './yieldingZap.ts';
import { zapRangeCost } from './zapCost.ts';

export const tdpScenarios: readonly Scenario[] = [
  hugeAgain,
  hugeAgain1G,
  tdpRoots,
  tdpRootsTwice,
  yieldingZap,
  fullTables,
  tallRoot,
  staleFaultTdp,
  staleFaultSlot,
  splitAndLog,
  logByDirtyBits,
  logManually,
  logInitiallySet,
  logInitiallySetByDirtyBits,
  splitAndProtect,
  zapAndFastFault,
  splitLockDrop,
  splitDyingRoot,
  splitAndFault,
  clearFirst,
  clearLater,
  clearAcross,
  clearBoundary,
  clearAndFault,
  collapse,
  pendingFlush,
  yieldingRange,
  sharedPage,
  twoSharedZappers,
  unannouncedZap,
  lateNotifier,
  rootBehind,
  tableUnderYield,
  notifiersAndRoots,
  zapRangeCost,
  twoEvents,
  deletedSlot,
  movedSlot,
  deletedSlotZapAll,
  waitingWriter,
  preFaultDelete,
  preFaultZapAll,
];
