/**
 * Small whole specs as one expression, for conditions of waits in the dispatcher.
 *
 * In: a whole spec without loops that reads places which need no check. Out: a condition. Never: more text than asked for.
 */
import type { Expr, Place } from '../ir/types.ts';
import type { Spec } from '../program/types.ts';
import { edgeText, variableParameters } from './bodies.ts';
import { readText } from './columns.ts';
import { FunctionWriter } from './context.ts';
import { emitCond, emitExpr } from './expressions.ts';
import { lockQueryText } from './locks.ts';
import { resolvePlace } from './places.ts';
import { intervalOf, type Value } from './values.ts';

export interface InlineCondition {
  readonly condition: string;
  /** Names of local variables that the condition assigns before it reads them. */
  readonly locals: readonly string[];
}

/** Null if the spec cannot be written so, or only with more than `longest` characters. */
export function inlineWhole(spec: Spec, args: readonly (Expr | null)[], caller: FunctionWriter, longest: number): InlineCondition | null {
  const w = new FunctionWriter(caller.context, spec, caller.self);
  const setup: string[] = [];
  const substitutes = new Map<string, Value>();
  for (const { position, name } of variableParameters(spec)) {
    const arg = args[position] ?? null;
    const type = spec.locals.get(name);
    if (arg === null || type === undefined) return null;
    substitutes.set(name, caller.bring(emitExpr(arg, caller), type));
  }
  if (assigned(spec).some((local) => substitutes.has(local))) return null;
  w.substitutes = substitutes;
  let budget = 40;
  const from = (index: number | undefined): string | null => {
    const parts: string[] = [];
    for (let at = index; ; ) {
      const node = at === undefined ? undefined : spec.nodes[at];
      if (node === undefined || budget-- <= 0) return null;
      parts.push(...statement(w.context.count(node.block)));
      const { op } = node;
      if (op.kind === 'return') return sequence(parts, op.value === null ? 'false' : emitCond(op.value, w));
      if (op.kind === 'branch') {
        const cond = emitCond(op.cond, w);
        const yes = from(node.next[0]);
        const no = from(node.next[1]);
        if (yes === null || no === null) return null;
        const edge = (k: number): string[] => statement(edgeText(spec, node, k, w.context));
        return sequence(parts, choice(cond, sequence(edge(0), yes), sequence(edge(1), no)));
      }
      if (op.kind === 'leaf') {
        const text = leaf(op.stmt, w);
        if (text === null) return null;
        parts.push(text);
      } else if (op.kind !== 'goto') return null;
      at = node.next[0];
    }
  };
  const condition = from(spec.entry);
  if (condition === null || w.raises || caller.raises || w.take() !== '' || condition.length > longest) return null;
  // Names of this spec's locals, told apart from those of others in the same function.
  const locals = [...w.used].map((local) => w.nameOf(local));
  const own = (text: string): string => text.replace(/\bv(\d+)\b/g, `x${spec.index}_$1`);
  return { condition: own(sequence(setup, condition)), locals: locals.map(own) };
}

function leaf(stmt: Parameters<typeof import('./statements.ts').emitLeaf>[0], w: FunctionWriter): string | null {
  if (stmt.kind === 'assign') w.assign(stmt.dst, emitExpr(stmt.value, w));
  else if (stmt.kind === 'load' && isPlain(stmt.place)) {
    const { layout, element } = resolvePlace(stmt.place, w);
    const { type } = layout.field;
    if (type.kind === 'lock' || type.kind === 'list') return null;
    w.assign(stmt.dst, { text: readText(layout.main, element), ...intervalOf(w.context.tables, type) });
  } else if (stmt.kind === 'lockQuery' && stmt.query !== 'contended' && isPlain(stmt.lock)) {
    w.assign(stmt.dst, lockQueryText(resolvePlace(stmt.lock, w), stmt.query, w));
  } else return null;
  const text = w.take();
  // One assignment, no check before it.
  return /^[^;]*;$/.test(text) ? text.slice(0, -1) : null;
}

/** Rows and indices that are constants. */
function isPlain(place: Place): boolean {
  return place.kind === 'field' && (place.row === null || place.row.op === 'const') && (place.index === null || place.index.op === 'const');
}

function statement(text: string): string[] {
  return text === '' ? [] : [text.slice(0, -1)];
}
function sequence(parts: readonly string[], last: string): string {
  return parts.length === 0 ? last : `(${parts.join(',')},${last})`;
}
function choice(cond: string, yes: string, no: string): string {
  if (yes === 'true' && no === 'false') return `(${cond})`;
  return `(${cond}?${yes}:${no})`;
}

function assigned(spec: Spec): string[] {
  return spec.nodes.flatMap(({ op }) => {
    if (op.kind !== 'leaf') return [];
    const { stmt } = op;
    return 'dst' in stmt && stmt.dst !== null ? [stmt.dst] : [];
  });
}
