/**
 * What the CPU does on its own where it keeps D bits: it sets them, and logs the page (PML).
 *
 * Only writes that set D walk the tables step by step; all else that the hardware may know is kept by recorders. A flush waits for the
 * walk under way, as an IPI waits for the instruction.
 */
import {
  acquire,
  at,
  compareExchange,
  fetchOr,
  mark,
  pointerTo,
  type Ref,
  release,
  rowAt,
  type u32,
} from '../../../compiler/subset/vocabulary.ts';
import { PT_DIRTY_MASK, PT64_ROOT_LEVEL, VCPUS } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { is_last_spte, is_shadow_present_pte, is_writable_pte, spte_index, spte_to_child_sp } from './spte.ts';

/** A write is done: the page holds what the guest wrote. */
export function guest_write_lands(vcpu: Ref<'vcpus'>, gfn: u32): void {
  mark('guest write');
}

/** The guest writes to a page whose D is not cached: the walker sets it in the leaf that it finds, unless that has changed meanwhile. */
export function hardware_writes(vcpu: Ref<'vcpus'>, gfn: u32): void {
  acquire(vcpus[vcpu].hw_lock);
  let table: Ref<'pages'> = vcpus[vcpu].root;
  for (let up: u32 = 0; up < PT64_ROOT_LEVEL; up++) {
    const sptep = pointerTo(pages, table, 'spt', spte_index(gfn, PT64_ROOT_LEVEL - up));
    const spte = at(sptep);
    if (!is_shadow_present_pte(spte) || !is_writable_pte(spte)) break;
    if (is_last_spte(spte)) {
      if ((spte & PT_DIRTY_MASK) === 0) {
        const logged: u32 = vcpus[vcpu].pml;
        // Logged before it shows: whoever sees D finds the page in the buffer.
        if (vm.dirty_logging) vcpus[vcpu].pml = logged | (1 << gfn);
        if (compareExchange(at(sptep), spte, spte | PT_DIRTY_MASK) === spte) guest_write_lands(vcpu, gfn);
        else vcpus[vcpu].pml = logged;
      }
      break;
    }
    table = spte_to_child_sp(spte);
  }
  release(vcpus[vcpu].hw_lock);
}

/** The walk under way on each CPU ends before a flush of its TLB does. */
export function wait_for_walkers(): void {
  for (let v: u32 = 0; v < VCPUS; v++) {
    acquire(vcpus[rowAt(vcpus, v)].hw_lock);
    release(vcpus[rowAt(vcpus, v)].hw_lock);
  }
}

/** `vmx_flush_pml_buffer()`: at each exit from the guest. */
export function vmx_flush_pml_buffer(vcpu: Ref<'vcpus'>): void {
  if (vcpus[vcpu].pml === 0) return;
  fetchOr(vm.dirty_bitmap, vcpus[vcpu].pml);
  vcpus[vcpu].pml = 0;
}
