/** Facts of a scenario of the TDP MMU that no bound tells. */
export interface TdpOptions {
  /** All gfns are backed by one host page, as by two memslots over the same host addresses. */
  readonly sharedPfn?: boolean;
  /** The host's pages are huge. */
  readonly hugePages?: boolean;
  /** Level of the leaves that map them; default: 2. */
  readonly hugeLevel?: number;
  /** Guests write by themselves, too: for dirty logging. */
  readonly guestWrites?: boolean;
  /** Guests change their mode, for which their vCPUs drop the root. */
  readonly guestChangesRole?: boolean;
  /** Allocations that may sleep may fail. */
  readonly allocationFails?: boolean;
  /** D bits are kept; dirty logging goes by them. */
  readonly adBits?: boolean;
  /** Bit per gfn that user space names in KVM_CLEAR_DIRTY_LOG. */
  readonly clearedGfns?: number;
}
