/**
 * What zaps of ranges, and faults, cost so far: row n is the n-th process of the scenario. Only in scenarios that count.
 *
 * In: bounds. Out: the schema, and the name `costs` for hooks. Never: kernel state; all of it is ghost.
 */
import type { z } from 'zod';
import { flag, ghost, saturating, staticTable } from '../../../compiler/machine/schema.ts';
import { rows } from '../../../compiler/subset/vocabulary.ts';
import type { Bounds } from '../../machine/bounds.ts';
import { taskCount } from './constants.ts';

export function costsTable(bounds: Bounds) {
  return staticTable(taskCount, {
    /** Inside a zap of a range. */
    zapping: ghost(flag()),
    /** Present SPTEs that it took away since it last took the lock or checked whether to yield. */
    sptesInHold: ghost(saturating(2 * bounds.gfns)),
    /** Remote flushes of that zap. */
    flushes: ghost(saturating(2 * bounds.gfns)),
    /** Of the walk of one root: how often it yielded, and the last-level gfn that it was bound for then. */
    yields: ghost(saturating(2 * bounds.gfns)),
    yieldedAt: ghost(saturating(2 * bounds.gfns)),
    /** In a fault that began when logging had been enabled, and how many of those changed an SPTE with `mmu_lock`. */
    faultsLogged: ghost(flag()),
    lockedFaults: ghost(saturating(2 * bounds.gfns)),
  });
}
export type Cost = z.infer<ReturnType<typeof costsTable>>;
export const costs = rows<'costs', Cost>('costs');
