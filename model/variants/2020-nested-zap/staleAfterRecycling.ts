/** 2026 (2abd5287f083): pages are made available first, then the fault looks whether it is stale. */
import { acquire, type bool, type Ref, release, type s32, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { GUEST_FRAMES, RET_PF_EMULATE, RET_PF_RETRY } from '../../machine/constants.ts';
import { mmus } from '../../machine/mmus.ts';
import { vcpus } from '../../machine/vcpus.ts';
import { vm } from '../../machine/vm.ts';
import { fetch, is_page_fault_stale } from '../../procedures/fault.ts';
import { type GuestWalker, walk_addr } from '../../procedures/guestTables.ts';
import { make_mmu_pages_available } from '../../procedures/shadowPages.ts';

/** `direct_page_fault()`; late 6.1.y and 6.12.y. */
export function direct_page_fault(vcpu: Ref<'vcpus'>, addr: u32, write: bool): u32 {
  const walker: GuestWalker = { pte1: 0, pte2: 0, pte3: 0, pte4: 0 };
  let r: u32 = RET_PF_RETRY;
  acquire(vm.mmu_lock);
  const available: s32 = make_mmu_pages_available();
  if (available === 0 && !is_page_fault_stale(vcpu)) r = fetch(vcpu, addr, walker, write);
  release(vm.mmu_lock);
  return r;
}
/** `FNAME(page_fault)()` of the same kernels. */
export function kvm_mmu_do_page_fault(vcpu: Ref<'vcpus'>, addr: u32, write: bool): u32 {
  if (mmus[vcpus[vcpu].mmu].root_role.direct) return direct_page_fault(vcpu, addr, write);
  const walker: GuestWalker = { pte1: 0, pte2: 0, pte3: 0, pte4: 0 };
  if (GUEST_FRAMES !== 0 && !walk_addr(walker, vcpu, addr)) return RET_PF_EMULATE;
  let r: u32 = RET_PF_RETRY;
  acquire(vm.mmu_lock);
  const available: s32 = make_mmu_pages_available();
  if (available === 0 && !is_page_fault_stale(vcpu)) r = fetch(vcpu, addr, walker, write);
  release(vm.mmu_lock);
  return r;
}
