/**
 * VM-wide state: `struct kvm` and `struct kvm_arch`.
 *
 * In: bounds. Out: the schema, and the name `vm` for procedures. Never: state of one vCPU.
 */
import type { z } from 'zod';
import { bits, counter, flag, ghost, mutex, rwlock, saturating, singletonTable } from '../../compiler/machine/schema.ts';
import { singleton } from '../../compiler/subset/vocabulary.ts';
import type { Bounds } from './bounds.ts';

export function vmTable(bounds: Bounds) {
  const recycled = bounds.recycled ?? 0;
  return singletonTable({
    mmu_lock: bounds.mmuLock === 'rwlock' ? rwlock({ writerPreference: false }) : mutex(),
    slots_lock: mutex(),
    mmu_valid_gen: bits(bounds.generationBits),
    n_used_mmu_pages: counter(bounds.pages),
    indirect_shadow_pages: counter(bounds.pages),
    /** Bit per vCPU: some root was made obsolete since, and the root-drop request for it has not reached that vCPU. */
    requestOwed: ghost(bits(bounds.vcpus)),
    /** Since the outermost zap under way began, a request to free obsolete roots was made. */
    freeRequested: ghost(flag()),
    /** A call that made a root obsolete returned although the request for it came too early. */
    requestMissed: ghost(flag()),
    /** Calls of `__kvm_mmu_prepare_zap_page` that have not returned (recursion included). */
    zapDepth: ghost(saturating(bounds.levels + 1)),
    /** Process + 1 that is in the loop that zaps everything. */
    zapper: ghost(saturating(15)),
    /** Pages that the zapper put on its list since it last took the lock or checked whether to yield. */
    zappedInHold: ghost(saturating(bounds.pages + 1)),
    /** Pages that the recycling under way wants, plus 1; 0: none is under way. */
    recycleWanted: ghost(saturating(recycled === 0 ? 0 : recycled + 1)),
    /** Pages that it has put on its list by itself, without their descendants. */
    recycleTaken: ghost(saturating(recycled === 0 ? 0 : recycled + 1)),
    /** Pages that it has zapped and had no need to. */
    recycleExcess: ghost(saturating(recycled === 0 ? 0 : bounds.pages)),
  });
}
export type Vm = z.infer<ReturnType<typeof vmTable>>;
export const vm = singleton<Vm>('vm');
