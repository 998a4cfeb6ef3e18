/** Invalid roots that somebody who splits huge pages walks: it delays their end, and nobody will run on them. */
import type { bool, Ref, u32 } from '../../compiler/subset/vocabulary.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import type { Measure } from '../property.ts';

export const invalidRootsSplit: Measure = {
  id: 'invalid-roots-split',
  one: 'invalid root',
  many: 'invalid roots',
  what: 'held by one split of huge pages',
  hooks: [{ event: { on: 'call', procedure: 'tdp_mmu_split_huge_pages_root' }, procedure: 'invalidRootsSplit_atCall' }],
  recorders: [],
  file: 'properties/tdp/dyingRoots.ts',
};

/** One at a time. */
export function invalidRootsSplit_atCall(root: Ref<'pages'>, start: u32, end: u32, target_level: u32, shared: bool): u32 {
  return pages[root].role.invalid ? 1 : 0;
}
