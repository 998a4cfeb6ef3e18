/** States that make scenarios of the TDP MMU what they are. */
import { type bool, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from './machine/constants.ts';
import { vcpus } from './machine/vcpus.ts';
import { vm } from './machine/vm.ts';

/** The host has freed a page that the guest had mapped. */
export function interesting_page_freed(): bool {
  return vm.host_freed !== 0;
}
/** A zap began after a fault had looked its page up. */
export function interesting_stale_lookup(): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    if (vcpus[rowAt(vcpus, v)].faultStale) return true;
  }
  return false;
}
