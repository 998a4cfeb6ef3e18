/**
 * Table pages of the TDP MMU: `struct kvm_mmu_page` with its table.
 *
 * In: bounds. Out: the schema, and the name `pages` for procedures. Never: a rmap or a hash; the TDP MMU has none.
 */
import { z } from 'zod';
import { array, bits, counter, dynamicTable, flag, ghost, pointer, ref, saturating, uint } from '../../../compiler/machine/schema.ts';
import { rows } from '../../../compiler/subset/vocabulary.ts';
import { spteBits } from './constants.ts';
import type { RootBounds } from './rootBounds.ts';

export function pagesTable(bounds: RootBounds) {
  const roots = {
    /** Walkers that hold a reference; and the zapper holds the one that was the TDP MMU's own. */
    walkers: ghost(saturating(7)),
    zapping: ghost(flag()),
    /** Invalidated by a zap of everything, and not by a put. */
    byZapAll: ghost(flag()),
    /** Bit per vCPU: it has flushed its TLB for this root since the page was allocated. */
    flushedBy: ghost(bits(bounds.vcpus)),
  };
  return dynamicTable(bounds.pages, {
    role: z.object({ level: uint(bounds.levels), invalid: flag() }),
    /** First gfn that the table maps. */
    gfn: uint(bounds.gfns - 1),
    /** Roots: vCPU slots, walkers that may yield, and the TDP MMU itself until the root is invalidated. */
    tdp_mmu_root_count: counter(Math.max(7, bounds.vcpus + 2)),
    tdp_mmu_scheduled_root_to_zap: flag(),
    /** The next root on `tdp_mmu_roots`; it stays when this one is taken off, for those who stand on it. */
    link: ref('pages'),
    /** Empty, FROZEN_SPTE, a link to a table (its row), or a translation (its pfn). */
    spt: array(bits(spteBits(bounds)), bounds.fanout),
    /** The one SPTE that links this table; NULL for roots. */
    ptep: pointer('pages', 'spt'),
    /** `call_rcu()` was called on it. */
    rcu_head: flag(),
    /** It is, or was, part of a tree. */
    published: ghost(flag()),
    ...(bounds.loadsRoots === true ? roots : ({} as typeof roots)),
  });
}
export type Page = z.infer<ReturnType<typeof pagesTable>>;
export const pages = rows<'pages', Page>('pages');
