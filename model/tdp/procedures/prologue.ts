/**
 * How scenarios of the TDP MMU begin: kernel procedures that run alone, before the processes.
 */

import { alloc, listAddTail, rowAt, type u32, WARN_ON } from '../../../compiler/subset/vocabulary.ts';
import { GFNS, PG_LEVEL_4K, PT64_ROOT_LEVEL, RET_PF_FIXED, VCPUS } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { vcpus } from '../machine/vcpus.ts';
import { vm } from '../machine/vm.ts';
import { kvm_tdp_mmu_page_fault } from './fault.ts';
import type { Fault } from './faultRecord.ts';

/** `kvm_tdp_mmu_alloc_root()`, without locks: one reference of the TDP MMU's own, and one for each vCPU. */
export function prologue_root(): void {
  const root = alloc(pages);
  pages[root].role.level = PT64_ROOT_LEVEL;
  pages[root].tdp_mmu_root_count = 1 + VCPUS;
  listAddTail(vm.tdp_mmu_roots, root);
  for (let v: u32 = 0; v < VCPUS; v++) vcpus[rowAt(vcpus, v)].root = root;
}
/** Guest memory is mapped by faults. */
export function prologue_fault(gfn: u32): void {
  const fault: Fault = { gfn: 0, pfn: 0, mmu_seq: 0, goal_level: PG_LEVEL_4K, logging: false, write: true };
  fault.gfn = gfn;
  WARN_ON(kvm_tdp_mmu_page_fault(rowAt(vcpus, 0), fault) !== RET_PF_FIXED);
}
/** Every gfn is mapped by a leaf of level 1. */
export function prologue_small_pages(): void {
  prologue_root();
  for (let gfn: u32 = 0; gfn < GFNS; gfn++) prologue_fault(gfn);
}
/** The huge page of gfn 0 is mapped by one leaf of level 2. */
export function prologue_huge_page(): void {
  prologue_root();
  prologue_fault(0);
}
/** There is a root and nothing below it. */
export function prologue_empty(): void {
  prologue_root();
}
/** So it is; logging was enabled, "initially all set". */
export function prologue_initially_set(): void {
  prologue_logged_huge_page();
  vm.dirty_bitmap = (1 << GFNS) - 1;
}
/** So it is; then logging was enabled, so faults split it. */
export function prologue_logged_huge_page(): void {
  prologue_huge_page();
  vm.dirty_logging = true;
}
