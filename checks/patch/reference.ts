/**
 * What a run of patched code is compared with.
 */
import type { PropertyResult } from '../results.ts';

/** What a run was compared with. */
export interface Reference {
  readonly variant: string;
  /** All that is known of it; of a run that ended in its prologue, only what it violated there. */
  readonly properties: readonly (Pick<PropertyResult, 'id' | 'verdict'> & Partial<PropertyResult>)[];
  /** It is what the patch was made for. */
  readonly known: boolean;
}
