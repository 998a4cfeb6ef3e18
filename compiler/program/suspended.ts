/**
 * What a caller keeps in its frame while its callee may stop.
 *
 * In: a call of a spec that is not whole. Out: names of locals. Never: what the call itself gives; all back ends leave that zero, so that
 * states which differ in nothing that is read are one.
 */
import type { NodeOp } from './types.ts';

/** Of `live` of the call's node: all but `dst` and `back`, which come back with the return. */
export function suspendedLocals(op: Extract<NodeOp, { kind: 'call' }>, live: readonly string[]): string[] {
  const given = new Set([op.dst, ...op.back]);
  return live.filter((local) => !given.has(local));
}
