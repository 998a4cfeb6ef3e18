/**
 * vCPUs of the TDP MMU: the root that they run on, and what their hardware may have cached.
 *
 * In: bounds. Out: the schema, and the name `vcpus` for procedures. Never: an MMU context of L2; here there is none.
 */
import type { z } from 'zod';
import { bits, flag, ghost, mutex, ref, staticTable, uint } from '../../../compiler/machine/schema.ts';
import { rows } from '../../../compiler/subset/vocabulary.ts';
import { requestCount } from '../../machine/constants.ts';
import { taskCount } from './constants.ts';
import type { RootBounds } from './rootBounds.ts';

export function vcpusTable(bounds: RootBounds) {
  const roots = {
    /** Bit per request number (KVM_REQUEST_MASK part of a request). */
    requests: bits(requestCount),
    /** OUTSIDE_GUEST_MODE … EXITING_GUEST_MODE. */
    mode: uint(3),
    /** An IPI was sent to the CPU that runs this vCPU and has not been acknowledged. */
    ipi: flag(),
    /** What the EPT pointer of its VMCS holds. Hardware state. */
    hw_root: ref('pages'),
    /** Actions left to its guest. */
    budget: uint(bounds.budget),
  };
  return staticTable(bounds.vcpus, {
    /** `mmu->root.hpa`; NULL is INVALID_PAGE. */
    root: ref('pages'),
    /** SRCU_READING: inside a read section. SRCU_WAITED: the grace period under way waits for that section. */
    srcu: bits(2),
    /** Its guest has done all that it wanted. */
    done: flag(),
    /** Bit per gfn: in the PML buffer, for D was set in its SPTE. */
    pml: bits(bounds.gfns),
    /** Held by the walk that sets D. */
    hw_lock: mutex(),
    /** Table pages that the walker may have cached since the last flush. */
    mayCache: ghost(bits(bounds.pages)),
    /** Bit per gfn: the TLB may hold a translation; and one that allows writing. */
    tlb: ghost(bits(bounds.gfns)),
    tlbWritable: ghost(bits(bounds.gfns)),
    /** And one that has D, too: writes through it reach no SPTE. */
    tlbDirty: ghost(bits(bounds.gfns)),
    /** Thread + 1 that handles a fault of this vCPU and has looked its page up; 0: none. */
    faulting: ghost(uint(taskCount)),
    /** gfn of that fault, and `mmu_invalidate_seq` at its lookup. */
    faultGfn: ghost(uint(bounds.gfns)),
    faultSeq: ghost(uint(7)),
    /** A zap that covers that gfn began after the lookup. */
    faultStale: ghost(flag()),
    /** Inside `fast_page_fault()`, which sets W before the dirty bit. */
    fastFault: ghost(flag()),
    /** Its guest does not run, so its hardware walks no tables; always false where vCPUs do not load roots. */
    outside: ghost(flag()),
    /** Outside, and may have cached a table that was freed since. */
    staleCache: ghost(flag()),
    ...(bounds.loadsRoots === true ? roots : ({} as typeof roots)),
  });
}
export type Vcpu = z.infer<ReturnType<typeof vcpusTable>>;
export const vcpus = rows<'vcpus', Vcpu>('vcpus');
