/**
 * The fault that takes no lock (`fast_page_fault()` in arch/x86/kvm/mmu/mmu.c, 5.12 to 6.12; 2.8 of the facts): a leaf that is
 * present gets W back, and then the dirty bit is set.
 */
import { at, compareExchange, NULL, type Ref, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_4K, PT_WRITABLE_MASK, RET_PF_FIXED, RET_PF_INVALID, RET_PF_SPURIOUS } from '../machine/constants.ts';
import { vcpus } from '../machine/vcpus.ts';
import { type Fault, mark_page_dirty } from './faultRecord.ts';
import { type TdpIter, tdp_iter_next, tdp_iter_start } from './iter.ts';
import { rcu_read_lock, rcu_read_unlock } from './rcu.ts';
import { is_last_spte, is_mmu_writable_spte, is_shadow_present_pte, is_writable_pte } from './spte.ts';

/** `fast_page_fault()` for a write to what was present. One try: a guest that was not helped takes the slow way. */
export function fast_page_fault(vcpu: Ref<'vcpus'>, fault: Fault): u32 {
  const iter: TdpIter = {
    next_last_level_gfn: 0,
    yielded_gfn: 0,
    root: NULL,
    middle: NULL,
    sptep: NULL,
    old_spte: 0,
    gfn: 0,
    level: 0,
    min_level: 0,
    valid: false,
    yielded: false,
  };
  let ret: u32 = RET_PF_INVALID;
  rcu_read_lock();
  tdp_iter_start(iter, vcpus[vcpu].root, PG_LEVEL_4K, fault.gfn);
  for (; iter.valid && iter.gfn <= fault.gfn; tdp_iter_next(iter)) {
    if (!is_shadow_present_pte(iter.old_spte)) break;
    if (!is_last_spte(iter.old_spte)) continue;
    if (is_writable_pte(iter.old_spte)) ret = RET_PF_SPURIOUS;
    else if (is_mmu_writable_spte(iter.old_spte) && (!fault.logging || iter.level === PG_LEVEL_4K)) {
      const expected: u32 = iter.old_spte;
      if (compareExchange(at(iter.sptep), expected, expected | PT_WRITABLE_MASK) === expected) {
        if (fault.logging) mark_page_dirty(fault.gfn);
        ret = RET_PF_FIXED;
      }
    }
    break;
  }
  rcu_read_unlock();
  return ret;
}
