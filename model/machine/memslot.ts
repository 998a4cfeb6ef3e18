/**
 * A memslot that goes: the one with all pages of the guest that are no tables. Only in scenarios that delete it; in the others it stays.
 *
 * In: nothing. Out: the schema, and the name `memslot` for procedures. Never: slots that stay; nobody asks for those.
 */
import type { z } from 'zod';
import { singletonTable, uint } from '../../compiler/machine/schema.ts';
import { singleton } from '../../compiler/subset/vocabulary.ts';

export function memslotTable() {
  return singletonTable({
    /** As published: 0 in use, 1 marked INVALID, 2 gone, 3 freed with its arrays. */
    state: uint(3),
  });
}
export type Memslot = z.infer<ReturnType<typeof memslotTable>>;
export const memslot = singleton<Memslot>('memslot');
