/**
 * What predicates about the TDP MMU share: walks of its tables as the hardware makes them. Properties do not call kernel
 * procedures: a patch may replace those.
 */

import {
  type bool,
  indexOf,
  isAllocated,
  isDangling,
  listFirst,
  listNext,
  NULL,
  type Ref,
  rowAt,
  self,
  type u32,
} from '../../compiler/subset/vocabulary.ts';
import {
  GFNS,
  PAGES,
  PT_DIRTY_MASK,
  PT_WRITABLE_MASK,
  PT64_ROOT_LEVEL,
  SHARED_PFN,
  SPTE_ADDR_SHIFT,
  SPTE_ENT_PER_PAGE,
  SPTE_LAST_MASK,
  SPTE_MMU_PRESENT_MASK,
  VCPUS,
} from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import { vm } from '../../model/tdp/machine/vm.ts';

export function spec_is_link(spte: u32): bool {
  return (spte & SPTE_MMU_PRESENT_MASK) !== 0 && (spte & SPTE_LAST_MASK) === 0;
}
export function spec_is_leaf(spte: u32): bool {
  return (spte & SPTE_MMU_PRESENT_MASK) !== 0 && (spte & SPTE_LAST_MASK) !== 0;
}
/** gfns that an entry of a table of `level` maps. */
export function spec_entry_size(level: u32): u32 {
  let size: u32 = 1;
  for (let l: u32 = 1; l < PT64_ROOT_LEVEL; l++) {
    if (l < level) size = size * SPTE_ENT_PER_PAGE;
  }
  return size;
}
/** Bits of the gfns that entry `index` of `sp` maps. */
export function spec_entry_gfns(sp: Ref<'pages'>, index: u32): u32 {
  const size = spec_entry_size(pages[sp].role.level);
  return ((1 << size) - 1) << (pages[sp].gfn + index * size);
}
/** Bits of the gfns [start, end). */
export function spec_range(start: u32, end: u32): u32 {
  return (1 << end) - (1 << start);
}

/** Table pages that links lead to from those of the set, which are part of it. */
export function spec_closure(set: u32): u32 {
  let reached: u32 = set;
  for (let l: u32 = 1; l < PT64_ROOT_LEVEL; l++) {
    for (let p: u32 = 0; p < PAGES; p++) {
      const sp = rowAt(pages, p);
      if ((reached & (1 << p)) !== 0 && isAllocated(sp)) {
        for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
          const spte = pages[sp].spt[i];
          if (spec_is_link(spte)) reached |= 1 << (spte >> SPTE_ADDR_SHIFT);
        }
      }
    }
  }
  return reached;
}
/** Bits of the gfns that the tables of the set translate; only those that may be written to, if asked for. */
export function spec_translated(set: u32, writableOnly: bool): u32 {
  let gfns: u32 = 0;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if ((set & (1 << p)) !== 0 && isAllocated(sp)) {
      for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
        const spte = pages[sp].spt[i];
        if (spec_is_leaf(spte) && (!writableOnly || (spte & PT_WRITABLE_MASK) !== 0)) gfns |= spec_entry_gfns(sp, i);
      }
    }
  }
  return gfns;
}
/** The same for translations that may be written to and have D: the CPU goes by them without a look at the SPTE. */
export function spec_translated_dirty(set: u32): u32 {
  let gfns: u32 = 0;
  for (let p: u32 = 0; p < PAGES; p++) {
    const sp = rowAt(pages, p);
    if ((set & (1 << p)) !== 0 && isAllocated(sp)) {
      for (let i: u32 = 0; i < SPTE_ENT_PER_PAGE; i++) {
        const spte = pages[sp].spt[i];
        if (spec_is_leaf(spte) && (spte & PT_WRITABLE_MASK) !== 0 && (spte & PT_DIRTY_MASK) !== 0) gfns |= spec_entry_gfns(sp, i);
      }
    }
  }
  return gfns;
}
/** The root that a vCPU runs on, as a set. */
export function spec_root_set(vcpu: Ref<'vcpus'>): u32 {
  const root = vcpus[vcpu].root;
  if (isDangling(root) || root === NULL) return 0;
  return 1 << indexOf(root);
}
/** Roots on `tdp_mmu_roots`, valid or not, as a set. */
export function spec_listed_roots(): u32 {
  let set: u32 = 0;
  let root = listFirst(vm.tdp_mmu_roots);
  for (let i: u32 = 0; i < PAGES; i++) {
    if (root !== NULL) {
      set |= 1 << indexOf(root);
      root = listNext(vm.tdp_mmu_roots, root);
    }
  }
  return set;
}
/** Table pages that some root leads to: one that a vCPU holds, or one on the list. */
export function spec_linked(): u32 {
  let set: u32 = spec_listed_roots();
  for (let v: u32 = 0; v < VCPUS; v++) set |= spec_root_set(rowAt(vcpus, v));
  return spec_closure(set);
}
/** Table pages that roots lead to, whether a vCPU runs on them or not. */
export function spec_in_trees(): u32 {
  return spec_closure(spec_linked() | spec_listed_roots());
}
/** Bits of the gfns whose page the host has freed. */
export function spec_freed_gfns(): u32 {
  if (SHARED_PFN) return vm.host_freed !== 0 ? (1 << GFNS) - 1 : 0;
  return vm.host_freed;
}
/** Whether this thread handles a fault of the vCPU. */
export function spec_faults_here(vcpu: Ref<'vcpus'>): bool {
  return vcpus[vcpu].faulting === self() + 1;
}
