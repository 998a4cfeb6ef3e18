/**
 * vCPUs: `struct kvm_vcpu`, what its hardware may have cached, and its guest program.
 *
 * In: bounds. Out: the schema, and the name `vcpus` for procedures. Never: the roots, which are in `mmus`.
 */
import { z } from 'zod';
import { bits, flag, ghost, mutex, ref, saturating, staticTable, uint } from '../../compiler/machine/schema.ts';
import { rows } from '../../compiler/subset/vocabulary.ts';
import { type Bounds, watchedEntries } from './bounds.ts';
import { requestCount } from './constants.ts';

/** The walker of each vCPU is a process that reads SPTEs one by one (`model/hardware`), beside the ghosts of what it may cache. */
export interface SteppingBounds extends Bounds {
  readonly steppingWalker?: boolean;
}

export function vcpusTable(bounds: SteppingBounds) {
  const walker = {
    /** Held for one step of the walker, and where the guest begins and ends to run: a VM-exit ends the walk under way. */
    hw_lock: mutex(),
    /** The guest runs, so the walker may walk. */
    hw_runs: flag(),
    /** The table that it has cached; NULL after a flush. One is enough: which of those that it read last stays is its choice. */
    hw_table: ref('pages'),
  };
  const live = {
    /** Address + 1 of the access that the guest is at; 0: none. */
    access: uint(bounds.fanout ** bounds.levels),
  };
  return staticTable(bounds.vcpus, {
    /** Bit per request number (KVM_REQUEST_MASK part of a request). */
    requests: bits(requestCount),
    /** OUTSIDE_GUEST_MODE … READING_SHADOW_PAGE_TABLES. */
    mode: uint(3),
    /** An IPI was sent to the CPU that runs this vCPU and has not been acknowledged. */
    ipi: flag(),
    /** `arch.mmu`: the row of `mmus` in use. */
    mmu: ref('mmus'),
    /** SRCU_READING: inside a read section. SRCU_WAITED: the grace period under way waits for that section. */
    srcu: bits(2),
    guest: z.object({
      /** PGD that L1 has loaded, and the EPTP with which it runs L2. */
      cr3: uint(bounds.pgds - 1),
      eptp: uint(bounds.pgds - 1),
      /** Actions left to the guest. */
      budget: uint(bounds.budget),
    }),
    /** Between VM-entry and VM-exit: the guest can run and the walker can walk. */
    inGuest: ghost(flag()),
    /** Table pages that the hardware's walker may have cached since the last flush. */
    mayCache: ghost(bits(bounds.pages)),
    /** It may have cached a table that was freed since. */
    staleCache: ghost(flag()),
    /** gfns that its TLB may let the guest write to. */
    tlbWritable: ghost(bits(bounds.rmap === undefined ? 0 : bounds.gfns)),
    /** Bit per guest table: it was below the loaded PGD at some time since the guest's last flush. */
    walkable: ghost(bits(bounds.rmap === undefined ? 0 : (bounds.guestFrames ?? 0))),
    /** Bit per entry of a guest table: it changed since that flush while it was walkable, so the old value may still be in use. */
    changedEntries: ghost(bits(watchedEntries(bounds))),
    /** 1: its guest has loaded CR3 to flush, and the TLB has not been flushed since. */
    guestFlushOwed: ghost(bits(bounds.rmap === undefined ? 0 : 1)),
    /** The entry of a guest table to which a write of this vCPU is emulated: as far as the guest goes, it is not done yet. */
    emulatedEntry: ghost(bits(watchedEntries(bounds))),
    /** Inside the switch of PGDs, which moves roots between slots without `mmu_lock`. */
    switchingRoot: ghost(flag()),
    /** When the switch under way began, some slot held a root for the PGD that it switches to. */
    heldWanted: ghost(bits(bounds.watchCache === true ? 1 : 0)),
    /** Inside the service of a root-drop request. */
    inDropService: ghost(flag()),
    /** When that service began, some slot held an obsolete root. */
    heldObsolete: ghost(flag()),
    /** The pending root-drop request comes from the zap of single roots only. */
    dropForOneRoot: ghost(flag()),
    /** Roots that this service took from a slot although they were valid. */
    validDropped: ghost(saturating(2 * (1 + bounds.prevRoots))),
    ...(bounds.steppingWalker === true ? walker : ({} as typeof walker)),
    ...(bounds.live === true ? live : ({} as typeof live)),
  });
}
export type Vcpu = z.infer<ReturnType<typeof vcpusTable>>;
export const vcpus = rows<'vcpus', Vcpu>('vcpus');
