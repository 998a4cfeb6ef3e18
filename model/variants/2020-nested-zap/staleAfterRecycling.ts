/** 2026 (2abd5287f083): pages are made available first, then the fault looks whether it is stale. */
import { acquire, type Ref, release, type s32, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { RET_PF_RETRY } from '../../machine/constants.ts';
import { vm } from '../../machine/vm.ts';
import { fetch, is_page_fault_stale } from '../../procedures/fault.ts';
import { make_mmu_pages_available } from '../../procedures/shadowPages.ts';

/** `FNAME(page_fault)()` and `direct_page_fault()`, from where the pfn is known; late 6.1.y and 6.12.y. */
export function kvm_mmu_page_fault(vcpu: Ref<'vcpus'>, addr: u32): u32 {
  let r: u32 = RET_PF_RETRY;
  acquire(vm.mmu_lock);
  const available: s32 = make_mmu_pages_available();
  if (available === 0 && !is_page_fault_stale(vcpu)) r = fetch(vcpu, addr);
  release(vm.mmu_lock);
  return r;
}
