/**
 * Requests and modes of vCPUs, as in the machine of the shadow MMU: `model/procedures/requests.ts` serves both.
 *
 * In: nothing. Out: values for `tdpConstantsOf`. Never: a name for procedures; they import those of the other machine.
 */
import { requestFlags, requestNumbers } from '../../machine/constants.ts';

const waited = requestFlags.KVM_REQUEST_WAIT | requestFlags.KVM_REQUEST_NO_WAKEUP;
export const rootConstants: Readonly<Record<string, number>> = {
  ...requestFlags,
  KVM_REQUEST_MASK: 0xff,
  KVM_REQ_MMU_RELOAD: requestNumbers.KVM_REQ_MMU_RELOAD | waited,
  KVM_REQ_MMU_FREE_OBSOLETE_ROOTS: requestNumbers.KVM_REQ_MMU_FREE_OBSOLETE_ROOTS | waited,
  OUTSIDE_GUEST_MODE: 0,
  IN_GUEST_MODE: 1,
  EXITING_GUEST_MODE: 2,
  READING_SHADOW_PAGE_TABLES: 3,
};
