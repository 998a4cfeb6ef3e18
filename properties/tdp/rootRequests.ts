/**
 * Hooks that know which vCPUs are still to be asked to drop a root that was invalidated.
 *
 * In: events. Out: ghost fields. Never: a verdict.
 */
import { type bool, indexOf, type Ref, type u32 } from '../../compiler/subset/vocabulary.ts';
import { KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, KVM_REQ_MMU_RELOAD, KVM_REQUEST_MASK } from '../../model/machine/constants.ts';
import { VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import { vm } from '../../model/tdp/machine/vm.ts';
import type { Hook } from '../property.ts';

export const rootRequestsFile = 'properties/tdp/rootRequests.ts';

/** Since a root was invalidated, until the request for it or the end of the fast zap. */
export const rootRequests: readonly Hook[] = [
  { event: { on: 'write', table: 'pages', field: 'role.invalid' }, procedure: 'record_invalid' },
  { event: { on: 'write', table: 'vcpus', field: 'requests' }, procedure: 'record_request' },
  { event: { on: 'call', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'record_zap_all_begins' },
  { event: { on: 'return', procedure: 'kvm_mmu_zap_all_fast' }, procedure: 'record_zap_all_ends' },
];
/** A root without references is nobody's current one. */
export function record_invalid(root: Ref<'pages'>, before: bool, after: bool): void {
  if (!before && after && pages[root].tdp_mmu_root_count !== 0) vm.requestOwed = (1 << VCPUS) - 1;
}
/** Bits of the requests that make a vCPU drop roots. */
export function spec_drop_bits(): u32 {
  return (1 << (KVM_REQ_MMU_RELOAD & KVM_REQUEST_MASK)) | (1 << (KVM_REQ_MMU_FREE_OBSOLETE_ROOTS & KVM_REQUEST_MASK));
}
export function record_request(vcpu: Ref<'vcpus'>, before: u32, after: u32): void {
  if ((after & spec_drop_bits()) === 0 || (before & ~after) !== 0) return;
  vm.requestOwed = vm.requestOwed & ~(1 << indexOf(vcpu));
  if ((after & (1 << (KVM_REQ_MMU_FREE_OBSOLETE_ROOTS & KVM_REQUEST_MASK))) !== 0) vm.freeRequested = true;
}
export function record_zap_all_begins(): void {
  vm.requestMissed = false;
  vm.freeRequested = false;
}
/** A request that did not come by now does not come. */
export function record_zap_all_ends(): void {
  if (vm.requestOwed !== 0 && vm.freeRequested) vm.requestMissed = true;
  vm.requestOwed = 0;
  vm.freeRequested = false;
}
/** A root-drop request is pending, or whoever invalidated a root has yet to make it. */
export function spec_drop_expected(vcpu: Ref<'vcpus'>): bool {
  return (vcpus[vcpu].requests & spec_drop_bits()) !== 0 || (vm.requestOwed & (1 << indexOf(vcpu))) !== 0;
}
