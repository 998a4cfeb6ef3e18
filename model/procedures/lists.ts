/**
 * The `link` of a shadow page: it is on at most one list. `list_del` and `list_move` of the kernel need no list,
 * so the list that the page is on is looked for.
 */

import { listAdd, listContains, listRemove, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { LIST_ACTIVE_MMU_PAGES, LISTS } from '../machine/constants.ts';
import { lists } from '../machine/lists.ts';

/** `list_del(&sp->link)`. Taking a page off no list is list corruption: the last statement faults. */
export function list_del_link(sp: Ref<'pages'>): void {
  for (let l: u32 = 0; l < LISTS; l++) {
    const list = rowAt(lists, l);
    if (listContains(lists[list].entries, sp)) {
      listRemove(lists[list].entries, sp);
      return;
    }
  }
  listRemove(lists[rowAt(lists, LIST_ACTIVE_MMU_PAGES)].entries, sp);
}

/** `list_add(&sp->link, list)`: at the head, wherever else the page may be. */
export function list_add_link(sp: Ref<'pages'>, list: Ref<'lists'>): void {
  listAdd(lists[list].entries, sp);
}

/** `list_move(&sp->link, list)`. */
export function list_move_link(sp: Ref<'pages'>, list: Ref<'lists'>): void {
  list_del_link(sp);
  listAdd(lists[list].entries, sp);
}
