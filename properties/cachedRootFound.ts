/**
 * X-02 cached-root-found. Not one of the numbered invariants: none of them says that the cache of roots is of any use. Judged at the end of a
 * switch, where nothing else zaps roots in between.
 */

import { type bool, NULL, type Ref, type Root, type u32 } from '../compiler/subset/vocabulary.ts';
import { KVM_MMU_NUM_PREV_ROOTS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_obsolete, spec_page } from './common.ts';
import type { Property } from './property.ts';

export const X_02: Property = {
  id: 'X-02',
  name: 'cached-root-found',
  kind: 'event',
  statement:
    'A switch to a PGD of which some slot holds a root that is not obsolete, with the role that the MMU asks for, ends on such a root.',
  kernelExpression: 'the comments of fast_pgd_switch() and cached_root_find_and_keep_current()',
  hooks: [{ event: { on: 'return', procedure: 'kvm_mmu_new_pgd' }, procedure: 'X_02_atReturn' }],
  recorders: [{ event: { on: 'call', procedure: 'kvm_mmu_new_pgd' }, procedure: 'X_02_record' }],
  mutant: {
    scenario: '2.10',
    variant: 'fixed',
    procedure: 'swap_root',
    statement: 'mmus[mmu].root.pgd = mmus[mmu].prev_roots[i].pgd;',
    operator: 'delete',
  },
  file: 'properties/cachedRootFound.ts',
};

/** The slot holds a root for `pgd` that may be used as it is. */
export function X_02_isFor(mmu: Ref<'mmus'>, hpa: Root<'pages', 1>, pgd: u32): bool {
  const sp = spec_page(hpa);
  if (sp === NULL || spec_obsolete(sp)) return false;
  const direct = mmus[mmu].root_role.direct;
  if (pages[sp].gfn !== (direct ? 0 : pgd)) return false;
  if (pages[sp].role.level !== mmus[mmu].root_role.level || pages[sp].role.direct !== direct) return false;
  return pages[sp].role.guest_mode === mmus[mmu].root_role.guest_mode;
}

export function X_02_record(vcpu: Ref<'vcpus'>, new_pgd: u32): void {
  const mmu = vcpus[vcpu].mmu;
  let held: bool = X_02_isFor(mmu, mmus[mmu].root.hpa, new_pgd);
  for (let i: u32 = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {
    if (X_02_isFor(mmu, mmus[mmu].prev_roots[i].hpa, new_pgd)) held = true;
  }
  vcpus[vcpu].heldWanted = held ? 1 : 0;
}

export function X_02_atReturn(vcpu: Ref<'vcpus'>, new_pgd: u32): bool {
  const mmu = vcpus[vcpu].mmu;
  const held = vcpus[vcpu].heldWanted !== 0;
  return !held || X_02_isFor(mmu, mmus[mmu].root.hpa, new_pgd);
}
