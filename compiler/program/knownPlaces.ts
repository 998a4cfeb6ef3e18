/**
 * Where a process stands and what it knows there, each such place once.
 *
 * In: specs, nodes, locals whose value is known. Out: places that are the same object if they are equal. Never: a local that nobody reads any more,
 * so that ways that differ in nothing that matters meet again.
 */
import { localsOfExpr, localsRead, localsWritten } from '../ir/walk.ts';
import type { Stack } from './futures.ts';
import type { NodeOp, Spec } from './types.ts';

/** Locals whose value is known. */
export type Known = ReadonlyMap<string, number>;
/** A stack whose frames know some locals. */
export interface KnownStack extends Stack {
  readonly known: Known;
  readonly caller: KnownStack | null;
}

/** A stack before it is looked up. */
export interface Stand {
  readonly spec: number;
  readonly node: number;
  readonly known: Known;
  readonly caller: Place | null;
}
/**
 * What is touched from a place on, up to where it matters that one has come there: where the way forks, a block begins or a step may end. Blocks
 * without which it might be more, whether the step is spent on the way, and where it leads.
 */
export interface Moves {
  readonly atoms: bigint;
  readonly deadEnds: readonly number[];
  readonly spends: boolean;
  readonly next: readonly Place[];
}
export interface Place extends Stand {
  readonly number: number;
  /** Of whoever looks at places: null where nobody has yet. */
  moves: Moves | null;
}

interface Live {
  readonly before: readonly (readonly string[])[];
  readonly after: readonly (readonly string[])[];
}

export class Places {
  private readonly all = new Map<string, Place>();
  private readonly live = new Map<Spec, Live>();

  /** Before the node is run. */
  at(process: number, spec: Spec, node: number, known: Known, caller: Place | null): Place {
    return this.one(`${process} ${spec.index} ${node} ${caller?.number}`, this.liveOf(spec).before[node], spec, node, known, caller);
  }

  /** As the caller of what runs now: node `node` is the call, and what lives is what is read after it. */
  around(process: number, spec: Spec, node: number, known: Known, caller: Place | null): Place {
    return this.one(`${process} ${spec.index} ${node} ${caller?.number} around`, this.liveOf(spec).after[node], spec, node, known, caller);
  }

  private one(where: string, names: readonly string[] | undefined, spec: Spec, node: number, known: Known, caller: Place | null): Place {
    let key = where;
    for (const name of names ?? []) key += `,${known.get(name) ?? ''}`;
    let place = this.all.get(key);
    if (place === undefined) {
      const kept = new Map<string, number>();
      for (const name of names ?? []) {
        const value = known.get(name);
        if (value !== undefined) kept.set(name, value);
      }
      place = { number: this.all.size, spec: spec.index, node, known: kept, caller, moves: null };
      this.all.set(key, place);
    }
    return place;
  }

  private liveOf(spec: Spec): Live {
    let found = this.live.get(spec);
    if (found === undefined) {
      found = liveLocals(spec);
      this.live.set(spec, found);
    }
    return found;
  }
}

/** By node: locals that may be read at it or later, and after it. */
function liveLocals({ nodes, procedure }: Spec): Live {
  const given = procedure.params.filter(({ mode }) => mode === 'inout').map(({ name }) => name);
  const reads = nodes.map(({ op }) => readBy(op, given));
  const writes = nodes.map(({ op }) => writtenBy(op));
  const before = nodes.map(() => new Set<string>());
  const after = nodes.map(() => new Set<string>());
  const comingFrom: number[][] = nodes.map(() => []);
  for (const { index, next } of nodes) for (const to of next) comingFrom[to]?.push(index);
  const work = nodes.map(({ index }) => index);
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    const [into, out] = [before[index] as Set<string>, after[index] as Set<string>];
    const size = into.size;
    for (const to of nodes[index]?.next ?? []) for (const local of before[to] ?? []) out.add(local);
    for (const local of out) if (!writes[index]?.includes(local)) into.add(local);
    for (const local of reads[index] ?? []) into.add(local);
    if (into.size !== size) work.push(...(comingFrom[index] ?? []));
  }
  const sorted = (sets: readonly Set<string>[]) => sets.map((set) => [...set].sort());
  return { before: sorted(before), after: sorted(after) };
}

function readBy(op: NodeOp, given: readonly string[]): string[] {
  if (op.kind === 'leaf') return localsRead(op.stmt);
  if (op.kind === 'branch') return localsOfExpr(op.cond);
  if (op.kind === 'return') return [...given, ...(op.value === null ? [] : localsOfExpr(op.value))];
  return 'args' in op ? op.args.flatMap((arg) => (arg === null ? [] : localsOfExpr(arg))) : [];
}

function writtenBy(op: NodeOp): string[] {
  if (op.kind === 'leaf') return localsWritten(op.stmt);
  return op.kind === 'call' ? [op.dst, ...op.back].filter((local) => local !== null) : [];
}
