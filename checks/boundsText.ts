/** Bounds as one line for a report. */
import type { Bounds } from '../model/index.ts';

/** `1 vCPU, 3 pages of 1 entry, 2 levels, …`. */
export function boundsText(bounds: Bounds): string {
  return [
    some(bounds.vcpus, 'vCPU'),
    `${some(bounds.pages, 'page')} of ${some(bounds.fanout, 'entry', 'entries')}`,
    some(bounds.levels, 'level'),
    some(bounds.prevRoots, 'previous root'),
    some(bounds.pgds, 'PGD'),
    some(bounds.gfns, 'gfn'),
    `${some(bounds.budget, 'guest action')} each`,
  ].join(', ');
}

function some(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
