/** Facts of a scenario of the TDP MMU that no bound tells. */
export interface TdpOptions {
  /** All gfns are backed by one host page, as by two memslots over the same host addresses. */
  readonly sharedPfn?: boolean;
  /** Bit per gfn that user space names in KVM_CLEAR_DIRTY_LOG. */
  readonly clearedGfns?: number;
}
