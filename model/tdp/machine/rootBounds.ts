/** Bounds of scenarios in which vCPUs load and drop their roots; in others each has one root throughout, and its guest always runs. */
import type { Bounds } from '../../machine/bounds.ts';

export interface RootBounds extends Bounds {
  /** vCPUs load roots, service requests, enter and leave the guest. */
  readonly loadsRoots?: boolean;
}
