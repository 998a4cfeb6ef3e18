/**
 * Lists that a shadow page's `link` may be on: one row a list, numbered by `LIST_…` in `constants.ts`.
 *
 * In: bounds. Out: the schema, and the name `lists` for procedures. Never: the hash, which is a flag of the page.
 */
import type { z } from 'zod';
import { list, ref, staticTable } from '../../compiler/machine/schema.ts';
import { rows } from '../../compiler/subset/vocabulary.ts';
import type { Bounds } from './bounds.ts';
import { listCount } from './constants.ts';

export function listsTable(bounds: Bounds) {
  return staticTable(listCount, { entries: list(ref('pages'), bounds.pages) });
}
export type PageList = z.infer<ReturnType<typeof listsTable>>;
export const lists = rows<'lists', PageList>('lists');
