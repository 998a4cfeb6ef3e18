/** Bounds as one line for a report. */
import type { Bounds } from '../model/index.ts';

/** `1 vCPU, 3 pages of 1 entry, 2 levels, …`. */
export function boundsText(bounds: Bounds): string {
  const parts = [
    some(bounds.vcpus, 'vCPU'),
    `${some(bounds.pages, 'page')} of ${some(bounds.fanout, 'entry', 'entries')}`,
    some(bounds.levels, 'level'),
    bounds.prevRoots > 0 ? some(bounds.prevRoots, 'previous root') : null,
    bounds.pgds > 0 ? some(bounds.pgds, 'PGD') : null,
    some(bounds.gfns, 'gfn'),
    `${some(bounds.budget, 'guest action')} each`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function some(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
