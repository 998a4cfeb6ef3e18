/** X-11 write-fault-helps. Judged at each translation that a fault installs; a number of ours, since the kernel says so nowhere. */
import { type bool, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PT_WRITABLE_MASK, VCPUS } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import { vcpus } from '../../model/tdp/machine/vcpus.ts';
import type { Property } from '../property.ts';
import { spec_entry_gfns, spec_faults_here, spec_is_leaf } from './common.ts';
import { published } from './published.ts';
import { lookups } from './recorders.ts';

export const X_11: Property = {
  id: 'X-11',
  name: 'write-fault-helps',
  kind: 'event',
  statement: 'A translation that a write fault installs for its gfn lets the guest write: it would fault for ever otherwise.',
  kernelExpression: 'none',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'X_11_atWrite' }],
  recorders: [...lookups, ...published],
  mutant: {
    scenario: '3.4 D',
    variant: 'v6.12',
    procedure: 'make_spte',
    statement: 'const writable: bool = fault.write || !fault.logging;',
    operator: 'negate',
  },
  file: 'properties/tdp/writeFault.ts',
  with: ['properties/tdp/published.ts'],
};

/** Faults of the model are writes. What fills a table that nobody has linked yet is a copy of the huge page's permissions. */
export function X_11_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  if (!spec_is_leaf(after) || (after & PT_WRITABLE_MASK) !== 0 || !pages[sp].published) return true;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const vcpu = rowAt(vcpus, v);
    if (spec_faults_here(vcpu) && (spec_entry_gfns(sp, index) & (1 << vcpus[vcpu].faultGfn)) !== 0) return false;
  }
  return true;
}
