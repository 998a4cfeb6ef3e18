/** Until 5.16 (3a0f64de479c): after a yield the iterator goes back to the root, and from there one entry on. */
import type { u32 } from '../../../compiler/subset/vocabulary.ts';
import { PT64_ROOT_LEVEL } from '../machine/constants.ts';
import { type TdpIter, tdp_iter_restart, try_step_down, try_step_side, try_step_up } from '../procedures/iter.ts';

export function tdp_iter_next(iter: TdpIter): void {
  if (iter.yielded) tdp_iter_restart(iter);
  if (try_step_down(iter)) return;
  for (let l: u32 = 0; l < PT64_ROOT_LEVEL; l++) {
    if (try_step_side(iter)) return;
    if (!try_step_up(iter)) break;
  }
  iter.valid = false;
}
