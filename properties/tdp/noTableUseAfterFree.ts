/** I-03 no-table-UAF, for the TDP MMU: judged where a table goes, and where a walk is about to use an SPTE. */
import { type bool, indexOf, isDangling, type Pointer, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from '../../model/tdp/machine/constants.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { hardware } from './recorders.ts';

export const tdp_I_03: Property = {
  id: 'I-03',
  name: 'no-table-UAF',
  kind: 'event',
  statement: 'No walk of software, and no entry that hardware may still use, leads to a table that was freed.',
  kernelExpression: 'RCU annotations; KASAN',
  hooks: [
    { event: { on: 'free', table: 'pages' }, procedure: 'tdp_I_03_atFree' },
    { event: { on: 'call', procedure: 'kvm_tdp_mmu_read_spte' }, procedure: 'tdp_I_03_atRead' },
    { event: { on: 'call', procedure: 'tdp_mmu_init_child_sp' }, procedure: 'tdp_I_03_atInit' },
  ],
  recorders: [...hardware],
  mutant: {
    scenario: '3.4 C',
    variant: 'v6.12',
    procedure: 'tdp_mmu_split_huge_pages_root',
    statement: 'iter.yielded = true;',
    operator: 'delete',
  },
  file: 'properties/tdp/noTableUseAfterFree.ts',
};

/** No guest runs that may have cached the table. */
export function tdp_I_03_atFree(sp: Ref<'pages'>): bool {
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (!vcpus[vcpu].outside && (vcpus[vcpu].mayCache & (1 << indexOf(sp))) !== 0) return false;
  }
  return true;
}

/** The SPTE that is read is in a table that exists. */
export function tdp_I_03_atRead(sptep: Pointer<'pages', 'spt'>): bool {
  return !isDangling(sptep);
}

/** The SPTE that a new table is made for is in a table that exists. */
export function tdp_I_03_atInit(
  sp: Ref<'pages'>,
  next_last_level_gfn: u32,
  yielded_gfn: u32,
  root: Ref<'pages'>,
  middle: Ref<'pages'>,
  sptep: Pointer<'pages', 'spt'>,
  old_spte: u32,
  gfn: u32,
  level: u32,
  min_level: u32,
  valid: bool,
  yielded: bool,
): bool {
  return !isDangling(sptep);
}
