/**
 * Which locals may still be read.
 *
 * In: an instance. Out: for each node the locals that live before it and after it. Never: constants of the instance.
 */
import { localsOfExpr, localsRead, localsWritten } from '../ir/walk.ts';
import type { Instance, InstanceNode } from './instance.ts';
import { localTypes } from './specialise.ts';

export interface Liveness {
  /** Locals whose value before the node may be read at it or later, sorted. */
  before(node: InstanceNode): readonly string[];
  /** The same after the node, without what the node itself writes. */
  across(node: InstanceNode): readonly string[];
  /** The same after the node, with what it writes. */
  after(node: InstanceNode): readonly string[];
}

/** Computed when it is first asked: whole instances that free nothing are never asked about. */
export function livenessOf(instance: Instance): Liveness {
  let sets: LiveSets | null = null;
  const known = (): LiveSets => {
    sets ??= liveSets(instance);
    return sets;
  };
  const sorted = (set: ReadonlySet<string> | undefined): string[] => [...(set ?? [])].sort();
  return {
    before: (node) => sorted(known().before[node.index]),
    after: (node) => sorted(known().after[node.index]),
    across: (node) => sorted(known().after[node.index]).filter((l) => !known().writes[node.index]?.includes(l)),
  };
}

interface LiveSets {
  readonly writes: readonly (readonly string[])[];
  readonly before: readonly ReadonlySet<string>[];
  readonly after: readonly ReadonlySet<string>[];
}

function liveSets(instance: Instance): LiveSets {
  const known = localTypes(instance);
  const given = instance.procedure.params.filter((p) => p.mode === 'inout').map((p) => p.name);
  const reads = instance.nodes.map((n) => readBy(n, given).filter((l) => known.has(l)));
  const writes = instance.nodes.map((n) => writtenBy(n));
  const before = instance.nodes.map(() => new Set<string>());
  const after = instance.nodes.map(() => new Set<string>());
  const comingFrom: number[][] = instance.nodes.map(() => []);
  for (const node of instance.nodes) for (const next of node.next) comingFrom[next]?.push(node.index);
  // Taken from the end: nodes are numbered roughly in the order of flow, and what lives spreads backwards.
  const work = instance.nodes.map((node) => node.index);
  for (let i = work.pop(); i !== undefined; i = work.pop()) {
    const [into, out] = [before[i], after[i]];
    if (into === undefined || out === undefined) continue;
    const size = into.size;
    for (const next of instance.nodes[i]?.next ?? []) for (const local of before[next] ?? []) out.add(local);
    for (const local of out) if (!writes[i]?.includes(local)) into.add(local);
    for (const local of reads[i] ?? []) into.add(local);
    if (into.size !== size) work.push(...(comingFrom[i] ?? []));
  }
  return { writes, before, after };
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
