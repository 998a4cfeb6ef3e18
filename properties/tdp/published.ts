/**
 * Which tables have been part of a tree: roots, and whatever was linked once. A table that was removed stays what it was; a spare one
 * that its owner fills is nobody's yet.
 */
import { isAllocated, type Ref, rowAt, type u32 } from '../../compiler/subset/vocabulary.ts';
import { PAGES, PT64_ROOT_LEVEL, SPTE_ADDR_SHIFT } from '../../model/tdp/machine/constants.ts';
import { pages } from '../../model/tdp/machine/pages.ts';
import type { Hook } from '../property.ts';
import { spec_is_link } from './common.ts';

export const published: readonly Hook[] = [{ event: { on: 'write', table: 'pages', field: 'spt' }, procedure: 'record_published' }];
export function record_published(sp: Ref<'pages'>, index: u32, before: u32, after: u32): void {
  if (pages[sp].role.level === PT64_ROOT_LEVEL) pages[sp].published = true;
  const row = after >> SPTE_ADDR_SHIFT;
  if (!spec_is_link(after) || row >= PAGES) return;
  const child = rowAt(pages, row);
  if (isAllocated(child)) pages[child].published = true;
}
