/**
 * TLB flushes. A remote flush is one step for all vCPUs: what it makes certain is that each has left the guest since it was
 * asked for, or flushes before it runs again; properties ask only what is usable after that.
 */

import { mark, preempt, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { AD_BITS } from '../machine/constants.ts';
import { wait_for_walkers } from './hardware.ts';

/** `kvm_flush_remote_tlbs()`: recorders empty what the hardware may have cached. */
export function kvm_flush_remote_tlbs(): void {
  preempt();
  if (AD_BITS) wait_for_walkers();
  mark('remote TLB flush');
}
/** `kvm_flush_remote_tlbs_gfn()`: `pages` gfns from `gfn`. */
export function kvm_flush_remote_tlbs_range(gfn: u32, nr_pages: u32): void {
  preempt();
  if (AD_BITS) wait_for_walkers();
  mark('remote TLB flush of a range');
}
