/**
 * Guest memory, as far as it holds page tables that the guest may rewrite: row n is the guest frame n.
 *
 * In: bounds. Out: the schema, and the name `frames` for procedures. Never: data, and tables that never change.
 */
import type { z } from 'zod';
import { array, staticTable, uint } from '../../compiler/machine/schema.ts';
import { rows } from '../../compiler/subset/vocabulary.ts';
import type { Bounds } from './bounds.ts';

export function framesTable(bounds: Bounds) {
  const frames = bounds.guestFrames ?? 0;
  return staticTable(Math.max(1, frames), {
    /** 0: not present; else the guest frame that the entry leads to, plus 1. No access bits. */
    entries: array(uint(frames === 0 ? 0 : bounds.gfns), bounds.fanout),
  });
}
export type Frame = z.infer<ReturnType<typeof framesTable>>;
export const frames = rows<'frames', Frame>('frames');
