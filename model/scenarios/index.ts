/** All scenarios, in the order of the documentation. */
import type { Scenario } from '../scenario.ts';
import { tdpScenarios } from '../tdp/scenarios/index.ts';
import { bothMmus } from './bothMmus.ts';
import { deletedSlotShadow } from './deletedSlot.ts';
import { ept01Blast, shadowPagingBlast } from './ept01Blast.ts';
import { ept02Leak, ept02LeakRunning } from './ept02Leak.ts';
import { excessRoot } from './excessRoot.ts';
import { fifo } from './fifo.ts';
import { foreignReload } from './foreignReload.ts';
import { moreEptps, morePgds } from './morePgds.ts';
import { obsoleteRoot } from './obsoleteRoot.ts';
import { obsoleteRootLive, requestOrderLive, zapOrderLive, zapProgress } from './progress.ts';
import { requestOrder } from './requestOrder.ts';
import { requestOrderCached } from './requestOrderCached.ts';
import { retainedRoot } from './retainedRoot.ts';
import { rootAsChild } from './rootAsChild.ts';
import { sharedChild } from './sharedChild.ts';
import { specialRoot } from './specialRoot.ts';
import { staleFault, staleFaultDirect } from './staleFault.ts';
import { unlinkedTable } from './unlinkedTable.ts';
import { unsyncFound, unsyncLinked } from './unsyncLinked.ts';
import { unsyncRecycled } from './unsyncRecycled.ts';
import { unsyncTable, unsyncTableSynced } from './unsyncTable.ts';
import { zapCost } from './zapCost.ts';
import { zapOrder } from './zapOrder.ts';
import { recycledNested, zapNested, zapRecycled } from './zapPlace.ts';

export const scenarios: readonly Scenario[] = [
  morePgds,
  moreEptps,
  zapNested,
  zapRecycled,
  recycledNested,
  unlinkedTable,
  unsyncTable,
  unsyncTableSynced,
  unsyncLinked,
  unsyncFound,
  zapCost,
  zapProgress,
  zapOrder,
  zapOrderLive,
  staleFault,
  staleFaultDirect,
  fifo,
  ept02Leak,
  ept02LeakRunning,
  ept01Blast,
  unsyncRecycled,
  shadowPagingBlast,
  rootAsChild,
  sharedChild,
  obsoleteRoot,
  obsoleteRootLive,
  retainedRoot,
  excessRoot,
  foreignReload,
  requestOrder,
  requestOrderLive,
  requestOrderCached,
  bothMmus,
  specialRoot,
  deletedSlotShadow,
  ...tdpScenarios,
];

/** A scenario by its name. Undefined if there is none. */
export function scenarioNamed(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name);
}
