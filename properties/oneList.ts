/**
 * I-13 one-list.
 */

import type { bool, Ref } from '../compiler/subset/vocabulary.ts';
import { pages } from '../model/machine/pages.ts';
import { spec_lists_holding } from './common.ts';
import type { Property } from './property.ts';

export const I_13: Property = {
  id: 'I-13',
  name: 'one-list',
  kind: 'event',
  statement: 'The link of a shadow page is on at most one list; a page that is freed is on none and not hashed.',
  kernelExpression: 'list debugging',
  hooks: [
    { event: { on: 'listAdd', table: 'lists', field: 'entries' }, procedure: 'I_13_atAdd' },
    { event: { on: 'free', table: 'pages' }, procedure: 'I_13_atFree' },
  ],
  recorders: [],
  mutant: {
    scenario: '3.3 B',
    variant: 'fixed',
    procedure: 'kvm_mmu_free_page',
    statement: 'pages[sp].hashed = false;',
    operator: 'delete',
  },
  file: 'properties/oneList.ts',
};

export function I_13_atAdd(list: Ref<'lists'>, sp: Ref<'pages'>): bool {
  return spec_lists_holding(sp) === 1;
}
export function I_13_atFree(sp: Ref<'pages'>): bool {
  return spec_lists_holding(sp) === 0 && !pages[sp].hashed;
}
