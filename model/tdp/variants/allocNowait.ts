/** Until about 6.9: what is split into is allocated with or without sleeping. */
import { alloc, type bool, chooseBool, NULL, type Ref } from '../../../compiler/subset/vocabulary.ts';
import { ALLOCATION_FAILS } from '../machine/constants.ts';
import { pages } from '../machine/pages.ts';
import { might_sleep } from '../procedures/rcu.ts';

/** `__tdp_mmu_alloc_sp_for_split()`: GFP_NOWAIT may fail at any time, and never sleeps. */
export function __tdp_mmu_alloc_sp_for_split(may_sleep: bool): Ref<'pages'> {
  if (may_sleep) might_sleep();
  if (!may_sleep && chooseBool('no page without sleeping')) return NULL;
  if (may_sleep && ALLOCATION_FAILS && chooseBool('allocation fails')) return NULL;
  return alloc(pages);
}
