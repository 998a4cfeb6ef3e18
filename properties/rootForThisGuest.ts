/**
 * X-01 root-for-this-guest. Not one of the numbered invariants: none of them says on whose tables a guest runs. Judged at guest entry.
 */

import { type bool, indexOf, isDangling, NULL, type Ref, rowAt, rowOf, type u32 } from '../compiler/subset/vocabulary.ts';
import { DIRECT_L1, PAE_ROOTS, PT64_ROOT_LEVEL, SHORT_PGDS } from '../model/machine/constants.ts';
import { mmus } from '../model/machine/mmus.ts';
import { pages } from '../model/machine/pages.ts';
import { vcpus } from '../model/machine/vcpus.ts';
import { spec_page } from './common.ts';
import type { Property } from './property.ts';

export const X_01: Property = {
  id: 'X-01',
  name: 'root-for-this-guest',
  kind: 'event',
  statement:
    "A vCPU enters the guest on a root that shadows the guest's own current PGD (CR3 of L1, the EPTP with which L1 runs L2), with the level, " +
    'directness and mode that this guest asks for.',
  kernelExpression: 'is_root_usable(): PGD and role word; the comments of kvm_mmu_new_pgd() and KVM_REQ_LOAD_MMU_PGD',
  hooks: [{ event: { on: 'call', procedure: 'kvm_x86_vcpu_run' }, procedure: 'X_01_atEntry' }],
  recorders: [],
  mutant: {
    scenario: '3.3 A',
    variant: 'fixed',
    procedure: 'kvm_mmu_new_pgd',
    statement: 'kvm_make_request(KVM_REQ_LOAD_MMU_PGD, vcpu);',
    operator: 'delete',
  },
  file: 'properties/rootForThisGuest.ts',
};

/** What the guest says that it runs on, whatever the MMU context has made of it. */
export function X_01_shadows(vcpu: Ref<'vcpus'>, sp: Ref<'pages'>, part: u32): bool {
  const nested = vcpus[vcpu].mmu === rowAt(mmus, indexOf(vcpu) * 2 + 1);
  const direct = !nested && DIRECT_L1;
  const short = nested && (SHORT_PGDS & (1 << vcpus[vcpu].guest.eptp)) !== 0;
  const pgd = nested ? vcpus[vcpu].guest.eptp : vcpus[vcpu].guest.cr3;
  if (pages[sp].gfn !== (direct ? part : pgd + part)) return false;
  if (pages[sp].role.level !== (short ? PT64_ROOT_LEVEL - 1 : PT64_ROOT_LEVEL)) return false;
  return pages[sp].role.direct === direct && pages[sp].role.guest_mode === nested;
}

/** The hardware's root, or, where that is special, the page directories right below it. That there is one, and it is not freed, is I-01. */
export function X_01_atEntry(vcpu: Ref<'vcpus'>): bool {
  const mmu = vcpus[vcpu].mmu;
  const hpa = mmus[mmu].hw_root;
  if (hpa === NULL || isDangling(hpa)) return true;
  if (rowOf(hpa) !== NULL) return X_01_shadows(vcpu, rowOf(hpa), 0);
  for (let i: u32 = 0; i < PAE_ROOTS; i++) {
    const sp = spec_page(mmus[mmu].pae_root[i]);
    if (sp !== NULL && !X_01_shadows(vcpu, sp, i)) return false;
  }
  return true;
}
