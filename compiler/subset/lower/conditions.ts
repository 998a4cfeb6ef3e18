/**
 * Conditions: `&&`, `||`, `!`, `?:` become `if`s, one for each operand, so that each shared read is a
 * statement and each operand's two values are counted.
 *
 * In: conditions and what to do either way. Out: ifs, blocks, leaves. Never: a statement twice, unless it is a jump.
 */
import type { Expression } from 'oxc-parser';
import { constant, negate } from '../../ir/fold.ts';
import { sameType } from '../../ir/typeRelations.ts';
import { boolType, type ScalarType, type Stmt } from '../../ir/types.ts';
import type { Span } from '../source.ts';

import { type FunctionContext, local, typed, type Value, type Way } from './context.ts';
import { asBool, asType, meetOperands, plain } from './convert.ts';

type Logical = Extract<Expression, { type: 'LogicalExpression' }>;
type Conditional = Extract<Expression, { type: 'ConditionalExpression' }>;

export function lowerBranch(cx: FunctionContext, test: Expression, whenTrue: Way | null, whenFalse: Way | null): void {
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    lowerBranch(cx, test.argument, whenFalse, whenTrue);
    return;
  }
  if (test.type === 'LogicalExpression') {
    if (test.operator === '&&') {
      both(cx, test, whenTrue, whenFalse, false);
      return;
    }
    if (test.operator === '||') {
      both(cx, test, whenFalse, whenTrue, true);
      return;
    }
  }
  branchOn(cx, asBool(cx, cx.lower.value(cx, test), test), test, whenTrue, whenFalse);
}

/**
 * `a && b`: `met` if both are true, `unmet` otherwise. With `turned`, the same for `a || b`: `met` is what
 * happens if both are false.
 */
function both(cx: FunctionContext, test: Logical, met: Way | null, unmet: Way | null, turned: boolean): void {
  const ways = (condition: Expression, yes: Way | null, no: Way | null): void =>
    turned ? lowerBranch(cx, condition, no, yes) : lowerBranch(cx, condition, yes, no);
  if (unmet === null) {
    ways(test.left, { jump: false, emit: () => ways(test.right, met, null) }, null);
  } else if (unmet.jump) {
    ways(test.left, null, unmet);
    ways(test.right, met, unmet);
  } else if (cx.waiting) {
    branchOn(cx, plain(cx, logicalValue(cx, test), test), test, turned ? unmet : met, turned ? met : unmet);
  } else {
    const label = cx.freshLabel('end');
    const body = cx.capture(() => {
      const last: Way = {
        jump: false,
        emit: () => {
          met?.emit();
          if (fallsThrough(cx.out)) cx.emit(test, { kind: 'leave', label });
        },
      };
      ways(test.left, { jump: false, emit: () => ways(test.right, last, null) }, null);
      unmet.emit();
    });
    cx.emit(test, { kind: 'block', label, body });
  }
}

function branchOn(cx: FunctionContext, cond: ReturnType<typeof asBool>, span: Span, whenTrue: Way | null, whenFalse: Way | null): void {
  if (cond.op === 'const') {
    (cond.value === 1 ? whenTrue : whenFalse)?.emit();
    return;
  }
  const yes = cx.capture(() => whenTrue?.emit());
  const no = cx.capture(() => whenFalse?.emit());
  if (yes.length === 0 && no.length > 0) cx.emit(span, { kind: 'if', cond: negate(cond), then: no, else: [], condition: true });
  else cx.emit(span, { kind: 'if', cond, then: yes, else: no, condition: true });
}

/** `a && b` or `a || b` as a value. */
export function logicalValue(cx: FunctionContext, node: Logical): Value {
  if (node.operator === '??') return cx.refuse('MM101', node, 'the operator ??');
  const dst = cx.temporary(boolType);
  const set = (value: number): void => cx.emit(node, { kind: 'assign', dst, value: constant(boolType, value) });
  // Of `a && b` the value is false unless both are true; of `a || b` true unless both are false.
  const unless = node.operator === '&&' ? 1 : 0;
  set(1 - unless);
  const way: Way = { jump: false, emit: () => set(unless) };
  both(cx, node, way, null, node.operator === '||');
  return typed(local(dst, boolType));
}

/** `test ? a : b` as a value. */
export function selected(cx: FunctionContext, node: Conditional, hint: ScalarType | undefined): Value {
  let a: Value = { kind: 'null' };
  let b: Value = { kind: 'null' };
  const first = cx.capture(() => {
    a = cx.lower.value(cx, node.consequent, hint);
  });
  const second = cx.capture(() => {
    b = cx.lower.value(cx, node.alternate, hint);
  });
  const type = typeOfEither(cx, a, b, node, hint);
  const dst = cx.temporary(type);
  const way = (list: Stmt[], value: Value, span: Expression): Way => ({
    jump: false,
    emit: () => {
      cx.out.push(...list);
      cx.into(span, dst, asType(cx, value, type, span));
    },
  });
  lowerBranch(cx, node.test, way(first, a, node.consequent), way(second, b, node.alternate));
  return typed(local(dst, type));
}
function typeOfEither(cx: FunctionContext, a: Value, b: Value, span: Span, hint: ScalarType | undefined): ScalarType {
  if (a.kind === 'typed' && b.kind === 'typed' && sameType(a.expr.type, b.expr.type)) return a.expr.type;
  if (a.kind === 'typed' || b.kind === 'typed') return meetOperands(cx, a, b, span).a.type;
  const [x, y] = [plain(cx, a, span, hint), plain(cx, b, span, hint)];
  return meetOperands(cx, typed(x), typed(y), span).a.type;
}

/** Whether control can reach the end of a list of statements. */
export function fallsThrough(body: readonly Stmt[]): boolean {
  const last = body.at(-1);
  switch (last?.kind) {
    case undefined:
      return true;
    case 'leave':
    case 'continue':
    case 'return':
      return false;
    case 'if':
      return fallsThrough(last.then) || fallsThrough(last.else);
    case 'block':
      return fallsThrough(last.body) || leaves(last.body, last.label);
    case 'loop':
      return leaves(last.body, last.label);
    default:
      return true;
  }
}
function leaves(body: readonly Stmt[], label: string): boolean {
  return body.some((stmt) => {
    if (stmt.kind === 'leave') return stmt.label === label;
    if (stmt.kind === 'if') return leaves(stmt.then, label) || leaves(stmt.else, label);
    return (stmt.kind === 'block' || stmt.kind === 'loop') && leaves(stmt.body, label);
  });
}
