/**
 * 6.0 and later: a child's role is its parent's, one level down, the invalid bit included (`kvm_mmu_child_role()`, before
 * its test of 2026).
 */
import { type bool, isAllocated, type Pointer, pointerRow, type Ref, rowAt, type u32 } from '../../../compiler/subset/vocabulary.ts';
import { PAGES } from '../../machine/constants.ts';
import { pages } from '../../machine/pages.ts';
import { account_shadowed, kvm_mmu_alloc_page } from '../../procedures/shadowPages.ts';
import { is_obsolete_sp } from '../../procedures/zap.ts';

/** `kvm_mmu_get_child_sp()` with what it calls. */
export function kvm_mmu_get_child_sp(vcpu: Ref<'vcpus'>, sptep: Pointer<'pages', 'spt'>, gfn: u32, direct: bool): Ref<'pages'> {
  const parent = pointerRow(sptep);
  const level = pages[parent].role.level - 1;
  const invalid = pages[parent].role.invalid;
  for (let i: u32 = 0; i < PAGES; i++) {
    const sp = rowAt(pages, i);
    if (
      isAllocated(sp) &&
      pages[sp].hashed &&
      pages[sp].gfn === gfn &&
      !is_obsolete_sp(sp) &&
      pages[sp].role.invalid === invalid &&
      pages[sp].role.level === level &&
      pages[sp].role.direct === direct &&
      pages[sp].role.guest_mode === pages[parent].role.guest_mode
    ) {
      if (!direct) pages[sp].write_flooding_count = 0;
      return sp;
    }
  }
  const sp = kvm_mmu_alloc_page();
  pages[sp].gfn = gfn;
  pages[sp].role.level = level;
  pages[sp].role.direct = direct;
  pages[sp].role.guest_mode = pages[parent].role.guest_mode;
  pages[sp].role.invalid = invalid;
  pages[sp].hashed = true;
  if (!direct) account_shadowed(sp);
  return sp;
}
