/** I-19 leaf-only-change. Judged at each SPTE that is written. */
import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { PT_DIRTY_MASK, PT_WRITABLE_MASK } from '../../model/tdp/machine/constants.ts';
import type { Property } from '../property.ts';
import { spec_is_link } from './common.ts';

export const I_19: Property = {
  id: 'I-19',
  name: 'leaf-only-change',
  kind: 'event',
  statement: 'Clearing of permissions and dirty bits touches present leaves only: a link to a table keeps its bits.',
  kernelExpression: 'none',
  hooks: [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_19_atWrite' }],
  recorders: [],
  mutant: {
    scenario: '3.4 F',
    variant: 'v6.8-write',
    procedure: 'clear_dirty_gfn_range',
    statement: 'if (!is_shadow_present_pte(iter.old_spte) || !is_last_spte(iter.old_spte)) break;',
    operator: 'delete',
  },
  file: 'properties/tdp/leafOnly.ts',
};

export function I_19_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  if (!spec_is_link(before) || !spec_is_link(after)) return true;
  return (before & ~after & (PT_WRITABLE_MASK | PT_DIRTY_MASK)) === 0;
}
