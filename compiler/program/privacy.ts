/**
 * Rows that nobody else can know of yet: between their `alloc` and their first publication.
 *
 * In: an instance. Out: for each node, the locals that refer to such a row there. Never: a row whose reference
 * was stored, listed, passed, copied, returned or made a pointer of, on any path.
 */
import type { Expr, Place } from '../ir/types.ts';
import { exprsOf, localsOfExpr, localsWritten, placeOf } from '../ir/walk.ts';
import type { Instance, InstanceNode, InstanceOp } from './instance.ts';
import type { NodeOp } from './types.ts';

/** A node of an instance, or of what an instance became. */
interface AnyNode {
  readonly index: number;
  readonly op: InstanceOp | NodeOp;
  readonly next: readonly number[];
}

const known = new WeakMap<InstanceNode, ReadonlySet<string>>();
const none: ReadonlySet<string> = new Set();

/** Locals that refer to a private row when the node runs. Only after `findPrivate` of its instance. */
export function privateAt(node: InstanceNode): ReadonlySet<string> {
  return known.get(node) ?? none;
}

export function findPrivate(instance: Instance): void {
  for (const [node, locals] of privateLocals(instance.nodes)) known.set(node, locals);
}

/** For each node, if any, the locals that refer to a private row before it. */
export function privateLocals<N extends AnyNode>(nodes: readonly N[]): ReadonlyMap<N, ReadonlySet<string>> {
  const found = new Map<N, Set<string>>();
  const fresh = new Set(nodes.flatMap((n) => (n.op.kind === 'leaf' && n.op.stmt.kind === 'alloc' ? [n.op.stmt.dst] : [])));
  for (const local of fresh) {
    const owners = nodes.filter((n) => writesLocal(n, local));
    // A local that is also assigned otherwise may refer to anybody's row.
    if (owners.some((n) => n.op.kind !== 'leaf' || n.op.stmt.kind !== 'alloc')) continue;
    const published = publishedAt(nodes, local);
    for (const node of nodes) if (published[node.index] === false) found.set(node, (found.get(node) ?? new Set()).add(local));
  }
  return found;
}

/** Whether the row may have been published before each node. */
function publishedAt(nodes: readonly AnyNode[], local: string): boolean[] {
  const published = nodes.map(() => false);
  for (let again = true; again; ) {
    again = false;
    for (const node of nodes) {
      const after = writesLocal(node, local) ? false : published[node.index] === true || publishes(node, local);
      if (!after) continue;
      for (const next of node.next) {
        if (published[next] === false) {
          published[next] = true;
          again = true;
        }
      }
    }
  }
  return published;
}

/** Uses the reference as a value; as the row of a place it stays what it is. */
function publishes(node: AnyNode, local: string): boolean {
  const { op } = node;
  switch (op.kind) {
    case 'leaf': {
      const place = placeOf(op.stmt);
      const row = place === null ? null : plainRow(place);
      const values = exprsOf(op.stmt).filter((e) => e !== row);
      return values.some((e) => mentions(e, local)) || (row !== null && row.op !== 'local' && mentions(row, local));
    }
    case 'branch':
      return false;
    case 'call':
    case 'monitor':
    case 'wait':
      return op.args.some((e) => e !== null && mentions(e, local)) || (op.kind === 'call' && op.back.includes(local));
    case 'return':
      return op.value !== null && mentions(op.value, local);
    case 'goto':
    case 'bound':
    case 'dangle':
      return false;
  }
}

function plainRow(place: Place): Expr | null {
  return place.kind === 'field' ? place.row : null;
}
function mentions(expr: Expr, local: string): boolean {
  return localsOfExpr(expr).includes(local);
}
function writesLocal(node: AnyNode, local: string): boolean {
  if (node.op.kind === 'leaf') return localsWritten(node.op.stmt).includes(local);
  return node.op.kind === 'call' && (node.op.dst === local || node.op.back.includes(local));
}
