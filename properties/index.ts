/**
 * All properties.
 *
 * In: nothing. Out: descriptions, and the files that hold their functions. Never: a search word.
 * The functions are read as text by the compiler's front end; nobody calls them.
 */

import { I_14 } from './activeNotInvalid.ts';
import { I_39 } from './bothMmus.ts';
import { X_02 } from './cachedRootFound.ts';
import { I_51 } from './deadlockFree.ts';
import { I_32 } from './faultProgress.ts';
import { I_05 } from './flushBeforeFree.ts';
import { X_10 } from './guestFlushHonoured.ts';
import { I_38 } from './inUseRootNotCollateral.ts';
import { I_48 } from './invalidRootNotReferencedAnew.ts';
import { I_33 } from './lockHoldBound.ts';
import { I_52 } from './memslotUnreferenced.ts';
import { I_01 } from './neverRunFreedRoot.ts';
import { I_26 } from './noDoubleFree.ts';
import { I_35 } from './noForeignReload.ts';
import { I_07 } from './noInstallInObsoleteRoot.ts';
import { I_27 } from './noLeakedPage.ts';
import { I_04 } from './noObsoleteRootAfterService.ts';
import { I_28 } from './noOrphanEpt02.ts';
import { I_10 } from './noRetainedObsoleteRoot.ts';
import { I_03 } from './noTableUseAfterFree.ts';
import { I_36 } from './noValidRootDropped.ts';
import { I_12 } from './obsoleteTail.ts';
import { I_13 } from './oneList.ts';
import { I_08 } from './parentConsistency.ts';
import type { Measure, Property } from './property.ts';
import { I_15 } from './quota.ts';
import { I_37 } from './recyclingBounded.ts';
import { I_11 } from './requestAfterInvalid.ts';
import { I_09 } from './rmapConsistency.ts';
import { X_15 } from './roomMade.ts';
import { X_01 } from './rootForThisGuest.ts';
import { I_02 } from './rootSlotsCounted.ts';
import { I_46 } from './tableProtected.ts';
import { I_18 } from './tdp/atomicVolatile.ts';
import { I_22 } from './tdp/balance.ts';
import { I_16 } from './tdp/dirtyWhenWritable.ts';
import { invalidRootsSplit } from './tdp/dyingRoots.ts';
import { lockedFaults } from './tdp/faultCost.ts';
import { tdp_I_32 } from './tdp/faultProgress.ts';
import { tdp_I_05 } from './tdp/flushBeforeFree.ts';
import { flushes } from './tdp/flushCost.ts';
import { I_50 } from './tdp/flushOnLoad.ts';
import { I_43 } from './tdp/frozenOwner.ts';
import { I_41 } from './tdp/inProgressBalance.ts';
import { tdp_I_30 } from './tdp/invalidRootEmpty.ts';
import { tdp_I_48 } from './tdp/invalidRootLoaded.ts';
import { I_49 } from './tdp/lastPut.ts';
import { I_29 } from './tdp/lateWriteback.ts';
import { I_19 } from './tdp/leafOnly.ts';
import { tdp_I_33 } from './tdp/lockHoldBound.ts';
import { I_24 } from './tdp/lockMode.ts';
import { X_13 } from './tdp/memslotFreed.ts';
import { tdp_I_52 } from './tdp/memslotUnreferenced.ts';
import { I_23 } from './tdp/mightSleep.ts';
import { tdp_I_26 } from './tdp/noDoubleFree.ts';
import { tdp_I_27 } from './tdp/noLeakedTable.ts';
import { I_17 } from './tdp/noLostDirty.ts';
import { I_44 } from './tdp/nonpresentChange.ts';
import { I_20 } from './tdp/noStaleTlb.ts';
import { tdp_I_03 } from './tdp/noTableUseAfterFree.ts';
import { tdp_I_10 } from './tdp/obsoleteRootHeld.ts';
import { tdp_I_07 } from './tdp/obsoleteRootInstall.ts';
import { tdp_I_04 } from './tdp/obsoleteRootRun.ts';
import { X_12 } from './tdp/oneRoot.ts';
import { I_42 } from './tdp/pfnChange.ts';
import { X_14 } from './tdp/rootCountAtRest.ts';
import { tdp_I_02 } from './tdp/rootRefcount.ts';
import { tdp_I_11 } from './tdp/rootRequestOrder.ts';
import { tdp_I_01 } from './tdp/runFreedRoot.ts';
import { I_40 } from './tdp/splitCoverage.ts';
import { I_21 } from './tdp/splitPreserves.ts';
import { I_25 } from './tdp/spteFromStaleSeq.ts';
import { I_47 } from './tdp/writableBits.ts';
import { X_11 } from './tdp/writeFault.ts';
import { I_34 } from './tdp/yieldProgress.ts';
import { I_06 } from './tdp/zapIsFinal.ts';
import { I_45 } from './unsyncMarked.ts';
import { I_30 } from './zapAllComplete.ts';
import { I_31 } from './zapAllTerminates.ts';

export type { Hook, HookEvent, Measure, Mutant, Property, Scope, Worst } from './property.ts';

/** In the order of their numbers; X: those of our own, behind the numbered invariants. */
export const properties: readonly Property[] = [
  I_01,
  I_02,
  I_03,
  I_04,
  I_05,
  I_06,
  I_07,
  I_08,
  I_09,
  I_10,
  I_11,
  I_12,
  I_13,
  I_14,
  I_15,
  I_16,
  I_17,
  I_18,
  I_19,
  I_20,
  I_21,
  I_22,
  I_23,
  I_24,
  I_25,
  I_26,
  I_27,
  I_28,
  I_29,
  I_30,
  I_31,
  I_32,
  I_33,
  I_34,
  I_35,
  I_36,
  I_37,
  I_38,
  I_39,
  I_40,
  I_41,
  I_42,
  I_43,
  I_44,
  I_45,
  I_46,
  I_47,
  I_48,
  I_49,
  I_50,
  I_51,
  I_52,
  X_01,
  X_02,
  X_10,
  X_11,
  X_12,
  X_13,
  X_14,
  X_15,
];

/** Files that hold functions which all properties may use. */
export const sharedPropertyFiles: readonly string[] = ['properties/common.ts', 'properties/recorders.ts'];

/** The same for scenarios of the TDP MMU, whose machine is another. */
export const sharedTdpPropertyFiles: readonly string[] = [
  'properties/tdp/common.ts',
  'properties/tdp/recorders.ts',
  'properties/tdp/dirtyLog.ts',
  'properties/tdp/published.ts',
];

/** Properties that both engines have, as they read for the TDP MMU. */
export const tdpForms: readonly Property[] = [
  tdp_I_01,
  tdp_I_02,
  tdp_I_04,
  tdp_I_03,
  tdp_I_05,
  tdp_I_07,
  tdp_I_10,
  tdp_I_11,
  tdp_I_26,
  tdp_I_27,
  tdp_I_30,
  tdp_I_32,
  tdp_I_33,
  tdp_I_52,
  tdp_I_48,
];

/** What is counted beside the properties. */
export const measures: readonly Measure[] = [flushes, lockedFaults, invalidRootsSplit];

/** A measure by its id. Throws on an unknown one. */
export function measureOf(id: string): Measure {
  const found = measures.find((measure) => measure.id === id);
  if (found === undefined) throw new Error(`no measure ${id}`);
  return found;
}

/** A property by its id, in the form that the engine's machine needs. Throws on an unknown one. */
export function propertyOf(id: string, engine: 'shadow' | 'tdp' = 'shadow'): Property {
  const form = engine === 'tdp' ? tdpForms.find((property) => property.id === id) : undefined;
  if (form !== undefined) return form;
  const found = properties.find((property) => property.id === id);
  if (found === undefined) throw new Error(`no property ${id}`);
  return found;
}
