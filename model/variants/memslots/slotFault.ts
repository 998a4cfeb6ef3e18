/** Faults in a memslot that may go (5.18 to 2026; 2.6 of the facts): the slot is looked up once, before `mmu_lock`. */
import { acquire, type bool, type Ref, release, type s32, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { GUEST_FRAMES, RET_PF_EMULATE, RET_PF_RETRY } from '../../machine/constants.ts';
import { memslot } from '../../machine/memslot.ts';
import { mmus } from '../../machine/mmus.ts';
import { vcpus } from '../../machine/vcpus.ts';
import { vm } from '../../machine/vm.ts';
import { fetch, is_page_fault_stale } from '../../procedures/fault.ts';
import { type GuestWalker, walk_addr } from '../../procedures/guestTables.ts';
import { make_mmu_pages_available } from '../../procedures/shadowPages.ts';

/** `FNAME(page_fault)()` with `kvm_faultin_pfn()`: an INVALID slot is tried again, by way of the guest; no slot is an access to a device. */
export function kvm_mmu_do_page_fault(vcpu: Ref<'vcpus'>, addr: u32, write: bool): u32 {
  const walker: GuestWalker = { pte1: 0, pte2: 0, pte3: 0, pte4: 0 };
  if (GUEST_FRAMES !== 0 && !mmus[vcpus[vcpu].mmu].root_role.direct && !walk_addr(walker, vcpu, addr)) return RET_PF_EMULATE;
  const slot = memslot.state;
  if (slot === 1) return RET_PF_RETRY;
  if (slot !== 0) return RET_PF_EMULATE;
  let r: u32 = RET_PF_RETRY;
  acquire(vm.mmu_lock);
  if (!is_page_fault_stale(vcpu)) {
    const available: s32 = make_mmu_pages_available();
    if (available === 0) r = fetch(vcpu, addr, walker, write);
  }
  release(vm.mmu_lock);
  return r;
}
