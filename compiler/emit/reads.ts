/**
 * What functions of a state depend on: the bits of its words that they can read.
 *
 * In: whole specs. Out: a mask for each word, and about how much work they are. Never: a guess; of what does more than reading nothing is said.
 */
import type { Expr, Place } from '../ir/types.ts';
import { placeOf } from '../ir/walk.ts';
import type { Column } from '../machine/layout.ts';
import { accessesOf, exprAccesses } from '../program/accesses.ts';
import type { LeafStmt, ProgramNode } from '../program/types.ts';
import { maskOf } from './columns.ts';
import type { EmitContext } from './context.ts';

export interface Reads {
  /** Bits by word. */
  readonly masks: ReadonlyMap<number, number>;
  /** Nodes that are run, about. */
  readonly work: number;
}

/** Rounds of a loop, about. */
const roundsAssumed = 4;

/** Null: one of them may do more than reading. `forget`: a field (`table.field`) that is passed over, for tests. */
export function readsOf(specs: readonly number[], context: EmitContext, forget: string | null = null): Reads | null {
  const reader = new Reader(context, forget);
  const work = specs.map((spec) => reader.workOf(spec));
  return work.includes(null) ? null : { masks: reader.masks, work: work.reduce<number>((sum, one) => sum + (one ?? 0), 0) };
}

class Reader {
  readonly masks = new Map<number, number>();
  private readonly known = new Map<number, number | null>();

  constructor(
    private readonly context: EmitContext,
    private readonly forget: string | null,
  ) {}

  /** What is read on the way goes into `masks`. Null: more than reading, also for one that calls itself. */
  workOf(spec: number): number | null {
    const found = this.known.get(spec);
    if (found !== undefined) return found;
    this.known.set(spec, null);
    const { nodes, mayFree } = this.context.spec(spec);
    let sum = 0;
    for (const node of nodes) {
      const work = this.node(node);
      if (work === null) return null;
      sum += work;
    }
    const loops = nodes.some(({ index, next }) => next.some((to) => to <= index && reaches(nodes, to, index)));
    const work = mayFree.length > 0 ? null : loops ? sum * roundsAssumed : sum;
    this.known.set(spec, work);
    return work;
  }

  private node({ op }: ProgramNode): number | null {
    switch (op.kind) {
      case 'leaf':
        if (!onlyReads(op.stmt)) return null;
        this.fields(accessesOf(op.stmt, this.context.tables, () => false));
        this.place(placeOf(op.stmt));
        return 1;
      case 'branch':
        this.expressions([op.cond]);
        return 1;
      case 'goto':
        return 0;
      case 'return':
        this.expressions([op.value]);
        return 1;
      case 'call': {
        this.expressions(op.args);
        const work = this.workOf(op.spec);
        return work === null ? null : work + 1;
      }
      case 'bound':
      case 'wait':
      case 'monitor':
      case 'dangle':
        return null;
    }
  }

  private expressions(exprs: readonly (Expr | null)[]): void {
    for (const expr of exprs) if (expr !== null) this.fields(exprAccesses(expr, this.context.tables));
  }

  private fields(accesses: readonly { readonly field: string }[]): void {
    for (const { field } of accesses) this.field(field);
  }

  /** Of a lock that is asked for no field counts as accessed. */
  private place(place: Place | null): void {
    if (place !== null) this.field(`${place.table}.${place.field}`);
  }

  private field(name: string): void {
    if (name === this.forget) return;
    const { allocated, fields } = this.context.layout;
    const shadow = /^(.*)\.\$(?:rows|life)$/.exec(name)?.[1];
    if (shadow !== undefined) {
      this.column(allocated.get(shadow) ?? null);
      return;
    }
    const layout = fields.get(name);
    if (layout === undefined) throw new Error(`no field ${name} in the layout`);
    for (const column of [layout.main, layout.readers, layout.waiting, layout.elements]) this.column(column);
  }

  private column(column: Column | null): void {
    if (column === null || column.bits === 0) return;
    const { word, shift, bits, count, perWord } = column;
    for (let k = 0; k < count; k++) {
      const [at, by] = perWord >= count ? [word, shift + k * bits] : [word + Math.floor(k / perWord), (k % perWord) * bits];
      this.masks.set(at, (this.masks.get(at) ?? 0) | (maskOf(bits) << by));
    }
  }
}

function onlyReads(stmt: LeafStmt): boolean {
  switch (stmt.kind) {
    case 'assign':
    case 'load':
    case 'lockQuery':
    case 'rowQuery':
      return true;
    case 'list':
      return stmt.operator !== 'add' && stmt.operator !== 'addTail' && stmt.operator !== 'remove';
    default:
      return false;
  }
}

function reaches(nodes: readonly ProgramNode[], from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const at of seen) for (const next of nodes[at]?.next ?? []) seen.add(next);
  return seen.has(to);
}
