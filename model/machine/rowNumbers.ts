/**
 * Where the shadow MMU's machine keeps numbers of shadow pages inside integers.
 *
 * In: bounds. Out: what the explorer must know to rename shadow pages. Never: a claim about the TDP MMU's pages.
 */
import { type Bounds, spteAddressBits } from './bounds.ts';

export function rowNumbersOf(bounds: Bounds) {
  const bits = spteAddressBits(bounds);
  return [
    {
      table: 'pages',
      sets: ['vcpus.mayCache'],
      // A link, as `make_nonleaf_spte()` makes it: row + 1, and not SPTE_LAST_MASK.
      links: [{ field: 'pages.spt', mask: 2 ** bits, equals: 0, shift: 0, bits, bias: 1 }],
      because: 'loops over all pages ask for one page of a gfn and role, of which there is one at most, or for a fact of all pages',
    },
  ];
}
