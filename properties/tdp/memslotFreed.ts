/** X-13 no-leaked-memslot. Judged at rest; a number of ours. */
import { type bool, isAllocated, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { MEMSLOTS } from '../../model/tdp/machine/constants.ts';
import { memslots, slots } from '../../model/tdp/machine/memslots.ts';
import type { Property } from '../property.ts';

export const X_13: Property = {
  id: 'X-13',
  name: 'no-leaked-memslot',
  kind: 'state',
  statement: 'A memslot that was deleted or moved, and the INVALID copy of it, are freed.',
  kernelExpression: 'none',
  predicate: 'X_13_holds',
  scope: { kind: 'quiescent' },
  recorders: [],
  mutant: { scenario: '2.21', variant: 'slot', procedure: 'kvm_set_memslot', statement: 'free(old);', operator: 'delete' },
  file: 'properties/tdp/memslotFreed.ts',
};

export function X_13_holds(): bool {
  for (let i: u32 = 0; i < MEMSLOTS; i++) {
    const slot = rowAt(memslots, i);
    if (isAllocated(slot) && slot !== slots.memslots) return false;
  }
  return true;
}
