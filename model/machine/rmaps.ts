/**
 * Reverse maps: for each guest frame the leaf SPTEs that translate to it. Row n is the gfn n, of the one memslot.
 *
 * In: bounds. Out: the schema, and the name `rmaps` for procedures. Never: parents of tables, which are in `pages`.
 */
import type { z } from 'zod';
import { list, pointer, staticTable } from '../../compiler/machine/schema.ts';
import { rows } from '../../compiler/subset/vocabulary.ts';
import type { Bounds } from './bounds.ts';

export function rmapsTable(bounds: Bounds) {
  return staticTable(bounds.rmap === undefined ? 1 : bounds.gfns, {
    /** `kvm_rmap_head`: newest first. */
    sptes: list(pointer('pages', 'spt'), bounds.rmap ?? 1),
  });
}
export type Rmap = z.infer<ReturnType<typeof rmapsTable>>;
export const rmaps = rows<'rmaps', Rmap>('rmaps');
