/**
 * Shadow pages: `struct kvm_mmu_page` with its table.
 *
 * In: bounds. Out: the schema, and the name `pages` for procedures. Never: lists, which are in `lists`.
 */
import { z } from 'zod';
import { array, bits, counter, dynamicTable, flag, ghost, list, pointer, uint } from '../../compiler/machine/schema.ts';
import { rows } from '../../compiler/subset/vocabulary.ts';
import { type Bounds, rootSlots, spteAddressBits } from './bounds.ts';

export function pagesTable(bounds: Bounds) {
  const leaves = bounds.rmap !== undefined;
  return dynamicTable(bounds.pages, {
    /** Parts of the role word that matter; `invalid` is one of them, as in the kernel. */
    role: z.object({ level: uint(bounds.levels), direct: flag(), guest_mode: flag(), invalid: flag() }),
    /** Guest frame of the shadowed table; first gfn mapped if direct. */
    gfn: uint(bounds.gfns - 1),
    /** vCPU root slots that hold it. */
    root_count: counter(rootSlots(bounds)),
    mmu_valid_gen: bits(bounds.generationBits),
    /** SPTEs: 0 empty; row + 1 of the next table; or SPTE_LAST_MASK set: a translation, with its pfn and W where there are rmaps. */
    spt: array(bits(spteAddressBits(bounds) + (leaves ? 2 : 1)), bounds.fanout),
    /** SPTEs that point here, newest first. */
    parent_ptes: list(pointer('pages', 'spt'), bounds.parents),
    write_flooding_count: uint(bounds.flood),
    /** The guest may write to the shadowed table without an exit. Level 1 only; never without rmaps. */
    unsync: flag(),
    /** Bit per entry: an unsync page may be below it; and how many bits are set. */
    unsync_child_bitmap: bits(leaves ? bounds.fanout : 0),
    unsync_children: counter(leaves ? bounds.fanout : 0),
    /** On `mmu_page_hash`: from creation until freed. */
    hashed: flag(),
    /** 1: the zap of a parent took the last one away while no root slot held the page, and nobody linked it since. */
    orphaned: ghost(bits((bounds.guestFrames ?? 0) === 0 ? 0 : 1)),
  });
}
export type Page = z.infer<ReturnType<typeof pagesTable>>;
export const pages = rows<'pages', Page>('pages');
