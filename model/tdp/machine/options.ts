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
  /** KVM_X86_QUIRK_SLOT_ZAP_ALL is switched off: of a slot that goes only its own leaves are zapped. */
  readonly slotZapsItself?: boolean;
  /** Guests change their mode, for which their vCPUs drop the root. */
  readonly guestChangesRole?: boolean;
  /** Allocations that may sleep may fail. */
  readonly allocationFails?: boolean;
  /** The CPU keeps D bits and logs pages whose D it sets (PML); dirty logging goes by that. */
  readonly adBits?: boolean;
  /** KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE: reading the log clears nothing. */
  readonly manualProtect?: boolean;
  /** KVM_DIRTY_LOG_INITIALLY_SET, which goes with it: enabling protects nothing. */
  readonly initiallySet?: boolean;
}
