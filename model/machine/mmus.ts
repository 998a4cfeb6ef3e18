/**
 * MMU contexts: `struct kvm_mmu`. Row 2v is `root_mmu` of vCPU v, row 2v + 1 its `guest_mmu`.
 *
 * In: bounds. Out: the schema, and the name `mmus` for procedures. Never: which of the two is in use.
 */
import { z } from 'zod';
import { array, bits, flag, ghost, root, staticTable, uint } from '../../compiler/machine/schema.ts';
import { rows } from '../../compiler/subset/vocabulary.ts';
import type { Bounds } from './bounds.ts';

export function mmusTable(bounds: Bounds) {
  const rootInfo = z.object({
    /** NULL is INVALID_PAGE; the special value stands for a root without a shadow page (`pae_root`). */
    hpa: root('pages', 1),
    pgd: uint(bounds.pgds - 1),
  });
  return staticTable(bounds.vcpus * 2, {
    root: rootInfo,
    prev_roots: array(rootInfo, bounds.prevRoots),
    /** What the special root's entries hold; NULL is INVALID_PAE_ROOT. */
    pae_root: array(root('pages', 1), bounds.paeRoots),
    /** The role that a root must have now: set up by the prologue, constant afterwards. */
    root_role: z.object({ level: uint(bounds.levels), direct: flag(), guest_mode: flag() }),
    /**
     * What CR3 or the EPT pointer of this context's VMCS holds. Hardware state; a strong reference, since what is
     * left of a root that was freed is equal for all later purposes, whatever its row becomes.
     */
    hw_root: root('pages', 1),
    /** Roots of this MMU are special ones, with shadow pages below them. */
    usesPaeRoot: flag(),
    /** Bit per slot (0 current, 1 + i previous): it held an obsolete root when the service under way began. */
    beganObsolete: ghost(bits(1 + bounds.prevRoots)),
  });
}
export type Mmu = z.infer<ReturnType<typeof mmusTable>>;
export const mmus = rows<'mmus', Mmu>('mmus');
