/** Mutant: new pages go to the tail of the active list, so it is no FIFO for the walk from there. */
import { alloc, listAddTail, type Ref, rowAt } from '../../../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES } from '../../machine/constants.ts';
import { lists } from '../../machine/lists.ts';
import { pages } from '../../machine/pages.ts';
import { vm } from '../../machine/vm.ts';

/** `kvm_mmu_alloc_page()` with the wrong end. */
export function kvm_mmu_alloc_page(): Ref<'pages'> {
  const sp = alloc(pages);
  pages[sp].mmu_valid_gen = vm.mmu_valid_gen;
  listAddTail(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp);
  vm.n_used_mmu_pages += 1;
  return sp;
}
