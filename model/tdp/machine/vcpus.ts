/**
 * vCPUs of the TDP MMU: the root that they run on, and what their hardware may have cached.
 *
 * In: bounds. Out: the schema, and the name `vcpus` for procedures. Never: an MMU context of L2; here there is none.
 */
import type { z } from 'zod';
import { bits, flag, ghost, ref, staticTable, uint } from '../../../compiler/machine/schema.ts';
import { rows } from '../../../compiler/subset/vocabulary.ts';
import type { Bounds } from '../../machine/bounds.ts';
import { taskCount } from './constants.ts';

export function vcpusTable(bounds: Bounds) {
  return staticTable(bounds.vcpus, {
    /** `mmu->root.hpa`; NULL is INVALID_PAGE. */
    root: ref('pages'),
    /** SRCU_READING: inside a read section. SRCU_WAITED: the grace period under way waits for that section. */
    srcu: bits(2),
    /** Its guest has done all that it wanted. */
    done: flag(),
    /** Table pages that the walker may have cached since the last flush. */
    mayCache: ghost(bits(bounds.pages)),
    /** Bit per gfn: the TLB may hold a translation; and one that allows writing. */
    tlb: ghost(bits(bounds.gfns)),
    tlbWritable: ghost(bits(bounds.gfns)),
    /** Thread + 1 that handles a fault of this vCPU and has looked its page up; 0: none. */
    faulting: ghost(uint(taskCount)),
    /** gfn of that fault, and `mmu_invalidate_seq` at its lookup. */
    faultGfn: ghost(uint(bounds.gfns)),
    faultSeq: ghost(uint(7)),
    /** A zap that covers that gfn began after the lookup. */
    faultStale: ghost(flag()),
    /** Inside `fast_page_fault()`, which sets W before the dirty bit. */
    fastFault: ghost(flag()),
  });
}
export type Vcpu = z.infer<ReturnType<typeof vcpusTable>>;
export const vcpus = rows<'vcpus', Vcpu>('vcpus');
