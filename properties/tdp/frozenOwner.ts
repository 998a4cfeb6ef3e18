/** I-43 frozen-owner. Judged at each SPTE that is written, and where a thread leaves its RCU section. */
import { type bool, indexOf, type Ref, rowAt, self, type u32 } from '../../compiler/subset/vocabulary.ts';
import { FROZEN_SPTE, SPTE_ENT_PER_PAGE, TASKS } from '../../model/tdp/machine/constants.ts';
import { tasks } from '../../model/tdp/machine/tasks.ts';
import type { Hook, Property } from '../property.ts';
import { spec_in_trees } from './common.ts';

const frozen: readonly Hook[] = [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'record_frozen' }];
export const I_43: Property = {
  id: 'I-43',
  name: 'frozen-owner',
  kind: 'event',
  statement: 'A frozen SPTE belongs to one thread, which alone writes it until it is empty; or its table is unlinked.',
  kernelExpression: 'WARN_ON(is_frozen_spte()) in __tdp_mmu_set_spte_atomic() and tdp_mmu_set_spte()',
  hooks: [
    { event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'I_43_atWrite' },
    { event: { on: 'call', procedure: 'rcu_read_unlock' }, procedure: 'I_43_atRelease' },
  ],
  recorders: [...frozen],
  mutant: {
    scenario: '3.4 A',
    variant: 'base',
    procedure: 'tdp_mmu_zap_spte_atomic',
    statement: 'put(iter.sptep, SHADOW_NONPRESENT_VALUE);',
    operator: 'delete',
  },
  file: 'properties/tdp/frozenOwner.ts',
};

/** An SPTE as one number; 0 is none. */
export function spec_spte_number(sp: Ref<'pages'>, index: u32): u32 {
  return indexOf(sp) * SPTE_ENT_PER_PAGE + index + 1;
}
/** Who freezes an SPTE of a tree has one more to release; who empties a table that it has unlinked does not. */
export function record_frozen(sp: Ref<'pages'>, index: u32, before: u32, after: u32): void {
  const task = rowAt(tasks, self());
  if (before !== FROZEN_SPTE && after === FROZEN_SPTE && (spec_in_trees() & (1 << indexOf(sp))) !== 0) {
    tasks[task].frozen = spec_spte_number(sp, index);
  } else if (before === FROZEN_SPTE && tasks[task].frozen === spec_spte_number(sp, index)) {
    tasks[task].frozen = 0;
  }
}

/** Each frozen SPTE of a tree has an owner, and what is owned is frozen. */
export function I_43_atWrite(sp: Ref<'pages'>, index: u32, before: u32, after: u32): bool {
  let owned: u32 = 0;
  for (let t: u32 = 0; t < TASKS; t++) {
    if (tasks[rowAt(tasks, t)].frozen === spec_spte_number(sp, index)) owned += 1;
  }
  if (after !== FROZEN_SPTE) return owned === 0;
  return owned === 1 || (spec_in_trees() & (1 << indexOf(sp))) === 0;
}
/** Nobody leaves one behind. */
export function I_43_atRelease(): bool {
  return tasks[rowAt(tasks, self())].frozen === 0;
}
