/** Mended: two gfns are in two huge pages if what begins these is not the same. */
import type { bool, u32 } from '../../../compiler/subset/vocabulary.ts';
import { PG_LEVEL_2M } from '../machine/constants.ts';
import { gfn_round_for_level } from '../procedures/spte.ts';

export function cross_two_large_pages(start: u32, end: u32): bool {
  return gfn_round_for_level(start, PG_LEVEL_2M) !== gfn_round_for_level(end, PG_LEVEL_2M);
}
