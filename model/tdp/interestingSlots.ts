/** States that make scenarios about memslots what they are. */
import { type bool, NULL, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { VCPUS } from './machine/constants.ts';
import { faults, memslots, slots } from './machine/memslots.ts';

/** A fault goes on with the slot as it was, while the published one is marked INVALID. */
export function interesting_fault_in_old_slot(): bool {
  if (slots.memslots === NULL || !memslots[slots.memslots].invalid) return false;
  for (let v: u32 = 0; v < VCPUS; v++) {
    const slot = faults[rowAt(faults, v)].slot;
    if (slot !== NULL && !memslots[slot].invalid) return true;
  }
  return false;
}
