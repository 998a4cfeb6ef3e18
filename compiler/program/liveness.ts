/**
 * Which locals may still be read.
 *
 * In: an instance. Out: for each node the locals that live before it and after it. Never: constants of the instance.
 */
import { localsOfExpr, localsRead, localsWritten } from '../ir/walk.ts';
import { type Instance, type InstanceNode, localTypes } from './specialise.ts';

export interface Liveness {
  /** Locals whose value before the node may be read at it or later, sorted. */
  before(node: InstanceNode): readonly string[];
  /** The same after the node, without what the node itself writes. */
  across(node: InstanceNode): readonly string[];
  /** The same after the node, with what it writes. */
  after(node: InstanceNode): readonly string[];
}

export function livenessOf(instance: Instance): Liveness {
  const known = localTypes(instance);
  const given = instance.procedure.params.filter((p) => p.mode === 'inout').map((p) => p.name);
  const reads = instance.nodes.map((n) => readBy(n, given).filter((l) => known.has(l)));
  const writes = instance.nodes.map((n) => writtenBy(n));
  const before = instance.nodes.map(() => new Set<string>());
  const after = instance.nodes.map(() => new Set<string>());
  for (let again = true; again; ) {
    again = false;
    for (let i = instance.nodes.length - 1; i >= 0; i--) {
      const node = instance.nodes[i];
      const [into, out] = [before[i], after[i]];
      if (node === undefined || into === undefined || out === undefined) continue;
      const size = into.size + out.size;
      for (const next of node.next) for (const local of before[next] ?? []) out.add(local);
      for (const local of out) if (!writes[i]?.includes(local)) into.add(local);
      for (const local of reads[i] ?? []) into.add(local);
      again ||= into.size + out.size !== size;
    }
  }
  const sorted = (set: ReadonlySet<string> | undefined): string[] => [...(set ?? [])].sort();
  return {
    before: (node) => sorted(before[node.index]),
    after: (node) => sorted(after[node.index]),
    across: (node) => sorted(after[node.index]).filter((l) => !writes[node.index]?.includes(l)),
  };
}

function readBy(node: InstanceNode, given: readonly string[]): string[] {
  const { op } = node;
  switch (op.kind) {
    case 'leaf':
      return localsRead(op.stmt);
    case 'branch':
      return localsOfExpr(op.cond);
    case 'call':
    case 'monitor':
    case 'wait':
      return op.args.flatMap((arg) => (arg === null ? [] : localsOfExpr(arg)));
    case 'return':
      return [...given, ...(op.value === null ? [] : localsOfExpr(op.value))];
    case 'goto':
    case 'bound':
      return [];
  }
}

function writtenBy(node: InstanceNode): string[] {
  const { op } = node;
  if (op.kind === 'leaf') return localsWritten(op.stmt);
  if (op.kind === 'call') return [...op.back.filter((l) => l !== null), ...(op.dst === null ? [] : [op.dst])];
  return [];
}
