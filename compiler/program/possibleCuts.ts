/**
 * Which of the cuts after the non-mover can ever happen.
 *
 * In: the instances of one process with their cuts. Out: the same without cuts that no step comes to, for
 * those who number resume points and keep locals. Never: another meaning; what is dropped was never taken.
 *
 * A node with cut `spent` is a place to stop only if some step arrives there after its non-mover. In `acquire; assume;
 * store; release` under a lock that protects the field nothing is spent before the end, so nothing stops inside.
 */
import { calleeOf } from './conflicts.ts';
import type { Cuts } from './cuts.ts';
import type { Instance, InstanceNode } from './instance.ts';

/** `reachable`: all instances of the process. Ends of unbounded loops keep their cuts: they keep steps finite. */
export function possibleCuts(reachable: readonly Instance[], cuts: Cuts): Cuts {
  const instances = reachable.filter((instance) => typeof instance.runner === 'number' && !cuts.isWhole(instance));
  const spent = arrivesSpent(instances, cuts);
  return {
    isWhole: cuts.isWhole,
    partOf: (instance, node) => {
      const part = cuts.partOf(instance, node);
      return part.cut !== 'spent' || node.op.kind === 'goto' || spent.has(node) ? part : { cut: 'never', spends: part.spends };
    },
  };
}

/** Nodes at which some step may arrive after its non-mover. Calls are followed into their callees and back to every caller. */
function arrivesSpent(instances: readonly Instance[], cuts: Cuts): ReadonlySet<InstanceNode> {
  const spent = new Set<InstanceNode>();
  const returnsSpent = new Set<Instance>();
  const mark = (node: InstanceNode | undefined): boolean => node !== undefined && !spent.has(node) && spent.add(node) !== undefined;
  const visit = (instance: Instance, node: InstanceNode): boolean => {
    const { cut, spends } = cuts.partOf(instance, node);
    const after = spends || (cut === 'never' && spent.has(node));
    const callee = node.op.kind === 'call' ? calleeOf(node) : null;
    if (callee !== null && !cuts.isWhole(callee)) {
      let changed = after && mark(callee.nodes[callee.entry]);
      if (returnsSpent.has(callee)) for (const next of node.next) changed = mark(instance.nodes[next]) || changed;
      return changed;
    }
    if (!after) return false;
    if (node.op.kind === 'return' && !returnsSpent.has(instance)) return returnsSpent.add(instance) !== undefined;
    let changed = false;
    for (const next of node.next) changed = mark(instance.nodes[next]) || changed;
    return changed;
  };
  for (let again = true; again; ) {
    again = false;
    for (const instance of instances) for (const node of instance.nodes) again = visit(instance, node) || again;
  }
  return spent;
}
