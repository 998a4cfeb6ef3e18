/**
 * Writes of the guest to tables that are shadowed (`kvm_mmu_pte_write()`, 5.9 to 6.5; 2.9 of the facts).
 *
 * Where guest tables are a fixed forest a write has no value.
 * Every write to a table goes through emulation here, shadowed or not; where nothing shadows it, emulation does nothing more.
 */

import {
  acquire,
  at,
  type bool,
  chooseBool,
  isAllocated,
  NULL,
  pointerTo,
  type Ref,
  release,
  rowAt,
  type u32,
} from '../../compiler/subset/vocabulary.ts';
import { LIST_INVALID, MISALIGNED_WRITES, PAGES, PG_LEVEL_4K, WRITE_FLOODING_LIMIT } from '../machine/constants.ts';
import { frames } from '../machine/frames.ts';
import { lists } from '../machine/lists.ts';
import { pages } from '../machine/pages.ts';
import { vm } from '../machine/vm.ts';
import { is_shadow_present_pte } from './spte.ts';
import { is_obsolete_sp, kvm_mmu_commit_zap_page, kvm_mmu_prepare_zap_page, kvm_mmu_remote_flush_or_zap, mmu_page_zap_pte } from './zap.ts';

/** `detect_write_flooding()`: the third write since the page was last walked; level 1 never floods. */
export function detect_write_flooding(sp: Ref<'pages'>): bool {
  if (pages[sp].role.level === PG_LEVEL_4K) return false;
  pages[sp].write_flooding_count += 1;
  return pages[sp].write_flooding_count >= WRITE_FLOODING_LIMIT;
}

/** `detect_write_misaligned()`: a write that is not of aligned entries, or of single bytes. Which ones are is a free choice, where there are such. */
export function detect_write_misaligned(): bool {
  return MISALIGNED_WRITES && chooseBool('write is misaligned');
}

/** `kvm_mmu_pte_write()`: entry `index` of the guest table `gfn` was written. */
export function kvm_mmu_pte_write(gfn: u32, index: u32): void {
  const invalid_list = rowAt(lists, LIST_INVALID);
  let flush: bool = false;
  if (vm.indirect_shadow_pages === 0) return;
  acquire(vm.mmu_lock);
  for (let i: u32 = 0; i < PAGES; i++) {
    const sp = rowAt(pages, i);
    if (isAllocated(sp) && pages[sp].hashed && !is_obsolete_sp(sp) && pages[sp].gfn === gfn && !pages[sp].role.direct) {
      if (detect_write_misaligned() || detect_write_flooding(sp)) {
        kvm_mmu_prepare_zap_page(sp, invalid_list);
      } else {
        const spte = pointerTo(pages, sp, 'spt', index);
        if (is_shadow_present_pte(at(spte))) flush = true;
        mmu_page_zap_pte(spte, NULL);
      }
    }
  }
  kvm_mmu_remote_flush_or_zap(invalid_list, flush);
  release(vm.mmu_lock);
}

/** `emulator_write_phys()` of a vCPU: as below. Properties look at this call: as far as the guest goes, the write is done when it returns. */
export function emulator_write_phys(vcpu: Ref<'vcpus'>, gfn: u32, index: u32, value: u32): void {
  emulator_write_guest_entry(gfn, index, value);
}

/** The write to guest memory is done, without a lock, before the shadow pages hear of it. */
export function emulator_write_guest_entry(gfn: u32, index: u32, value: u32): void {
  frames[rowAt(frames, gfn)].entries[index] = value;
  kvm_mmu_pte_write(gfn, index);
}

/** `kvm_mmu_unprotect_page()`, until 6.11: zaps every page that shadows the guest table `gfn`. Called by a vCPU that gives up emulating. */
export function kvm_mmu_unprotect_page(gfn: u32): void {
  const invalid_list = rowAt(lists, LIST_INVALID);
  acquire(vm.mmu_lock);
  for (let i: u32 = 0; i < PAGES; i++) {
    const sp = rowAt(pages, i);
    if (isAllocated(sp) && pages[sp].hashed && !is_obsolete_sp(sp) && pages[sp].gfn === gfn && !pages[sp].role.direct) {
      kvm_mmu_prepare_zap_page(sp, invalid_list);
    }
  }
  kvm_mmu_commit_zap_page(invalid_list);
  release(vm.mmu_lock);
}
