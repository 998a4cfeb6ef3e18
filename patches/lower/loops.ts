/**
 * Loops of C, and macros that iterate.
 */
import type { Expr } from '../../compiler/ir/types.ts';
import { boolType, intTypes } from '../../compiler/ir/types.ts';
import { type CNode, child, childrenOf, named, walk } from '../c/node.ts';
import { constantValue } from './constants.ts';
import type { Context } from './context.ts';
import { usesLabel } from './irNames.ts';
import { forget } from './leftOut.ts';
import { listPlace } from './lists.ts';
import { expandIteration } from './macros.ts';
import { part } from './parts.ts';
import { assign, toScalar } from './scalars.ts';
import type { Value } from './values.ts';
import { constant, localExpr, nullOf, refTo } from './values.ts';

/** `for (initial; cond; step) body` and `while`. */
export function loop(
  node: CNode,
  initial: CNode | null,
  cond: CNode | null,
  step: CNode | null,
  body: CNode,
  bounded: boolean,
  context: Context,
): void {
  context.scoped(() => {
    if (initial !== null) {
      if (initial.type === 'declaration') context.statement(initial);
      else context.effect(initial);
    }
    const label = context.label('loop_');
    const round = context.label('round_');
    const stmts = context.collect(() => {
      if (cond !== null && !isAlways(cond)) {
        const go = context.condition(cond);
        context.emit(
          { kind: 'if', cond: go, then: [], else: context.collect(() => context.emit({ kind: 'leave', label }, node)), condition: true },
          cond,
        );
      }
      if (step === null) {
        context.inTarget({ leave: label, again: { kind: 'continue', label } }, () => context.statement(body));
        return;
      }
      const lacking = context.unmodelled.length;
      const inner = context.collect(() =>
        context.inTarget({ leave: label, again: { kind: 'leave', label: round } }, () => context.statement(body)),
      );
      if (bounded && context.unmodelled.length > lacking && hasNoRound(initial, cond, context)) forget(lacking, body, context);
      else if (usesLabel(inner, round)) context.emit({ kind: 'block', label: round, body: inner }, body);
      else for (const stmt of inner) context.keep(stmt);
      context.effect(step);
    });
    context.emit({ kind: 'loop', label, body: stmts, bounded }, node);
  });
}

/** Of a counting loop: whether constants tell that it ends where it begins, as one over previous roots where nobody has any. */
function hasNoRound(initial: CNode | null, cond: CNode | null, context: Context): boolean {
  const start = initial === null ? null : (child(initial, 'right') ?? child(childrenOf(initial, 'declarator')[0] ?? initial, 'value'));
  const operator = cond === null ? undefined : child(cond, 'operator')?.type;
  const [from, to] = [start, cond === null ? null : child(cond, 'right')].map((one) => {
    const found = one === null ? null : context.probe(() => toScalar(context.expression(one), one, context));
    return found?.silent === true ? constantValue(found.value) : null;
  });
  return from != null && to != null && ((operator === '<' && from >= to) || (operator === '>' && from <= to));
}

/** `while (true)` is `for (;;)`: no condition that a run could take both ways. */
function isAlways(cond: CNode): boolean {
  return ['true', '1'].includes(cond.text.replaceAll(/[()\s]/g, ''));
}

export function doLoop(node: CNode, context: Context): void {
  const label = context.label('loop_');
  const round = context.label('round_');
  const body = part(node, 'body', context);
  const condition = part(node, 'condition', context);
  const stmts = context.collect(() => {
    const inner = context.collect(() =>
      context.inTarget({ leave: label, again: { kind: 'leave', label: round } }, () => context.statement(body)),
    );
    if (usesLabel(inner, round)) context.emit({ kind: 'block', label: round, body: inner }, body);
    else for (const stmt of inner) context.keep(stmt);
    const go = context.condition(condition);
    context.emit(
      { kind: 'if', cond: go, then: [], else: context.collect(() => context.emit({ kind: 'leave', label }, node)), condition: true },
      condition,
    );
  });
  context.emit({ kind: 'loop', label, body: stmts, bounded: false }, node);
}

export function forLoop(node: CNode, context: Context): void {
  const initial = child(node, 'initializer');
  const condition = child(node, 'condition');
  const step = child(node, 'update');
  const body = part(node, 'body', context);
  loop(node, initial, condition, step, body, isCounting(initial, condition, step, body, context), context);
}

/** `for (i = a; i < N; i++)` with constants a and N, i written nowhere in the body. */
function isCounting(initial: CNode | null, condition: CNode | null, step: CNode | null, body: CNode, context: Context): boolean {
  if (initial === null || condition === null || step === null || step.type !== 'update_expression') return false;
  const name = child(step, 'argument')?.text;
  const assigned =
    initial.type === 'assignment_expression' ? initial : initial.type === 'declaration' ? childrenOf(initial, 'declarator')[0] : undefined;
  if (assigned === undefined || name === undefined) return false;
  const start = child(assigned, assigned.type === 'assignment_expression' ? 'right' : 'value');
  const variable = child(assigned, assigned.type === 'assignment_expression' ? 'left' : 'declarator');
  const left = child(condition, 'left');
  const right = child(condition, 'right');
  const operator = child(condition, 'operator')?.type ?? '';
  const fixed = (one: CNode | null): boolean =>
    one !== null && (one.type === 'number_literal' || (one.type === 'identifier' && context.lookup(one.text) === null));
  if (variable?.text !== name || left?.text !== name || !fixed(start) || !fixed(right)) return false;
  if (child(step, 'operator')?.type === '++' ? operator !== '<' && operator !== '<=' : operator !== '>' && operator !== '>=') return false;
  for (const inner of walk(body)) {
    if (inner.type === 'assignment_expression' && child(inner, 'left')?.text === name) return false;
    if ((inner.type === 'update_expression' || inner.type === 'pointer_expression') && child(inner, 'argument')?.text === name)
      return false;
  }
  return true;
}

/** `list_for_each_entry(cursor, list, member) body`, and macros that nothing is known of. */
export function iteration(macro: string, node: CNode, context: Context): void {
  const known = context.names.redefined.has(macro) ? undefined : context.names.bindings.iterations.get(macro);
  const args = commaParts(part(node, 'condition', context));
  const body = part(node, child(node, 'body') === null ? 'consequence' : 'body', context);
  if (known === undefined) {
    if (context.names.redefined.has(macro) || !expandIteration(macro, args, body, node, context))
      context.fail(macro, 'is a macro with a block that is not modelled', node);
    return;
  }
  if (known.over !== 'list' && 'once' in known.over) {
    onceOnly(body, node, context);
    return;
  }
  const cursor = context.expression(args[known.cursor] ?? context.fail(macro, 'has no cursor', node));
  const following = known.next === null ? null : context.expression(args[known.next] ?? context.fail(macro, 'has no second cursor', node));
  if (cursor.kind !== 'local' || (following !== null && following.kind !== 'local'))
    context.fail(macro, 'steps something that is no local', node);
  if (known.over !== 'list') {
    overRows(known.over, cursor, body, node, context);
    return;
  }
  const { place, element, isWithinRow } = listPlace(args[known.list] ?? node, context);
  const forward = known.direction === 'forward';
  const step = (to: Value): void => {
    const temporary = context.temporary(element);
    context.emit(
      {
        kind: 'list',
        operator: forward ? 'next' : 'previous',
        list: place,
        element: toScalar(cursor, node, context),
        dst: temporary.name,
        exclusive: false,
      },
      node,
    );
    assign(to, temporary.expr, node, context);
  };
  const begin = (): void => {
    const first = context.temporary(element);
    context.emit(
      { kind: 'list', operator: forward ? 'first' : 'last', list: place, element: null, dst: first.name, exclusive: false },
      node,
    );
    assign(cursor, first.expr, node, context);
  };
  const head = known.optional && place.kind === 'field' && !isWithinRow ? place.row : null;
  if (head === null) begin();
  else {
    assign(cursor, nullOf(cursor.type), node, context);
    const some: Expr = { op: 'binary', type: boolType, operator: '!=', a: head, b: nullOf(head.type) };
    context.emit({ kind: 'if', cond: some, then: context.collect(begin), else: [], condition: true }, node);
  }
  const label = context.label('loop_');
  const round = context.label('round_');
  const stmts = context.collect(() => {
    const here = localExpr(cursor.name, cursor.type);
    const some = { op: 'binary', type: boolType, operator: '!=', a: here, b: nullOf(cursor.type) } as const;
    context.emit(
      { kind: 'if', cond: some, then: [], else: context.collect(() => context.emit({ kind: 'leave', label }, node)), condition: true },
      node,
    );
    if (following !== null) step(following);
    const inner = context.collect(() =>
      context.inTarget({ leave: label, again: { kind: 'leave', label: round } }, () => context.statement(body)),
    );
    if (usesLabel(inner, round)) context.emit({ kind: 'block', label: round, body: inner }, body);
    else for (const stmt of inner) context.keep(stmt);
    if (following === null) step(cursor);
    else assign(cursor, toScalar(following, node, context), node, context);
  });
  context.emit({ kind: 'loop', label, body: stmts, bounded: false }, node);
}

/** A loop over what there is one of, which its body names by itself: one round. */
function onceOnly(body: CNode, node: CNode, context: Context): void {
  const label = context.label('once_');
  const inner = context.collect(() => context.inTarget({ leave: label, again: { kind: 'leave', label } }, () => context.statement(body)));
  if (usesLabel(inner, label)) context.emit({ kind: 'block', label, body: inner }, node);
  else for (const stmt of inner) context.keep(stmt);
}

/** Every row that exists and in which a flag is set, in the order of the rows; the cursor is null behind the last. */
function overRows(
  over: { readonly rows: string; readonly where: string },
  cursor: Extract<Value, { kind: 'local' }>,
  body: CNode,
  node: CNode,
  context: Context,
): void {
  const table = context.names.environment.machine.tables.find((one) => one.name === over.rows);
  if (table === undefined || context.field(over.rows, over.where) === null)
    context.fail(over.rows, 'is no table that this machine has', node);
  const number = context.temporary(intTypes.u32);
  context.emit({ kind: 'assign', dst: number.name, value: constant(0, intTypes.u32) }, node);
  const label = context.label('loop_');
  const round = context.label('round_');
  const stmts = context.collect(() => {
    const more = { op: 'binary', type: boolType, operator: '<', a: number.expr, b: constant(table.rows, intTypes.u32) } as const;
    const end = context.collect(() => {
      assign(cursor, nullOf(cursor.type), node, context);
      context.emit({ kind: 'leave', label }, node);
    });
    context.emit({ kind: 'if', cond: more, then: [], else: end, condition: true }, node);
    assign(cursor, { op: 'rowAt', type: refTo(over.rows), a: number.expr }, node, context);
    const here = localExpr(cursor.name, cursor.type);
    const inner = context.collect(() => {
      const exists = context.temporary(boolType);
      const flag = context.temporary(boolType);
      const skip = (cond: Expr): void =>
        context.emit(
          { kind: 'if', cond, then: [], else: context.collect(() => context.emit({ kind: 'leave', label: round }, node)), condition: true },
          node,
        );
      context.emit({ kind: 'rowQuery', ref: here, dst: exists.name }, node);
      skip(exists.expr);
      context.emit(
        { kind: 'load', dst: flag.name, place: { kind: 'field', table: over.rows, field: over.where, row: here, index: null } },
        node,
      );
      skip(flag.expr);
      context.inTarget({ leave: label, again: { kind: 'leave', label: round } }, () => context.statement(body));
    });
    context.emit({ kind: 'block', label: round, body: inner }, body);
    const next: Expr = { op: 'binary', type: intTypes.u32, operator: '+', a: number.expr, b: constant(1, intTypes.u32) };
    context.emit({ kind: 'assign', dst: number.name, value: next }, node);
  });
  context.emit({ kind: 'loop', label, body: stmts, bounded: true }, node);
}

function commaParts(node: CNode): CNode[] {
  const inner = node.type === 'parenthesized_expression' ? (named(node)[0] ?? node) : node;
  if (inner.type !== 'comma_expression') return [inner];
  return [...commaParts(child(inner, 'left') ?? inner), ...commaParts(child(inner, 'right') ?? inner)];
}
