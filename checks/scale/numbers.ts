/**
 * The machine of the mails in numbers, which scenarios scale down.
 *
 * In: what a run varies. Out: bounds. Never: a width of check bounds.
 */
import type { Bounds } from '../../model/index.ts';

/** Entries of a table, and pages of 4 KiB in a gibibyte. */
export const entriesPerTable = 512;
export const pagesPerGibibyte = 2 ** 18;

/** `kvm_mmu_calculate_default_mmu_pages()`: 2 % of the guest's pages, at least 64. */
export function quotaOf(gfns: number): number {
  return Math.max(64, Math.floor((gfns * 20) / 1000));
}

/** Kernel constants as they are; sizes as given. */
export function trueBounds(sizes: Pick<Bounds, 'vcpus' | 'pages' | 'pgds' | 'gfns'> & Partial<Bounds>): Bounds {
  return {
    fanout: entriesPerTable,
    levels: 4,
    prevRoots: 3,
    paeRoots: 4,
    parents: 64,
    budget: 1,
    flood: 3,
    batch: 10,
    quota: sizes.pages,
    generationBits: 16,
    mmuLock: 'rwlock',
    ...sizes,
  };
}
