/**
 * Conditions: each operand of `&&`, `||`, `!` and `?:` becomes a branch of its own, so that each shared read
 * is one statement, and coverage knows which operand took which value.
 */
import type { Expr } from '../../compiler/ir/types.ts';
import { boolType } from '../../compiler/ir/types.ts';
import { type CNode, child, named } from '../c/node.ts';
import { constantValue } from './constants.ts';
import type { Context } from './context.ts';
import { leaveOut } from './leftOut.ts';
import { toBool } from './scalars.ts';
import { falseExpr, not, trueExpr } from './values.ts';

/** Whether evaluation of the node may stop half-way. */
export function isShortCircuit(node: CNode, context: Context): boolean {
  const inner = unwrap(node, context);
  if (inner.type === 'binary_expression') {
    const operator = child(inner, 'operator')?.type;
    return operator === '&&' || operator === '||';
  }
  const operand = negated(inner);
  return operand !== null && isShortCircuit(operand, context);
}

/** The node as a truth value, for use in an `if` or a loop. */
export function lowerCondition(node: CNode, context: Context): Expr {
  const inner = unwrap(node, context);
  const operand = negated(inner);
  if (operand !== null) return not(lowerCondition(operand, context));
  if (isShortCircuit(inner, context)) return branchedValue(inner, context);
  return toBool(context.expression(inner), inner, context);
}

/** The node as a truth value, with a branch for its last operand too, so that both its values are counted. */
export function branchedValue(node: CNode, context: Context): Expr {
  const result = context.temporary(boolType);
  decide(node, result.name, false, context);
  return result.expr;
}

/** Emits the branches that end in `result` being the value of the node, turned round if `inverted`. */
function decide(node: CNode, result: string, inverted: boolean, context: Context): void {
  const inner = unwrap(node, context);
  const set = (value: boolean, at: CNode): void =>
    context.emit({ kind: 'assign', dst: result, value: value !== inverted ? trueExpr : falseExpr }, at);
  const operand = negated(inner);
  if (operand !== null && isShortCircuit(operand, context)) {
    decide(operand, result, !inverted, context);
    return;
  }
  const operator = inner.type === 'binary_expression' ? child(inner, 'operator')?.type : undefined;
  if (operator === '&&' || operator === '||') {
    const left = child(inner, 'left') ?? inner;
    const right = child(inner, 'right') ?? inner;
    const cond = lowerCondition(left, context);
    const decided = cond.op === 'const' && (cond.value === 0) === (operator === '&&');
    const more = context.collect(() => {
      // What is never looked at may lack anything.
      if (decided && context.probe(() => lowerCondition(right, context)) === null) leaveOut(right.text.slice(0, 30), right, context);
      else decide(right, result, inverted, context);
    });
    const short = context.collect(() => set(operator === '||', inner));
    context.emit(
      { kind: 'if', cond, then: operator === '&&' ? more : short, else: operator === '&&' ? short : more, condition: true },
      left,
    );
    return;
  }
  const cond = lowerCondition(inner, context);
  const yes = context.collect(() => set(true, inner));
  const no = context.collect(() => set(false, inner));
  context.emit({ kind: 'if', cond, then: yes, else: no, condition: true }, inner);
}

/** What a condition always is, as far as constants tell, whatever else it asks for; null if it may be either. */
export function alwaysIs(node: CNode, context: Context): boolean | null {
  const inner = unwrap(node, context);
  const operand = negated(inner);
  if (operand !== null) {
    const value = alwaysIs(operand, context);
    return value === null ? null : !value;
  }
  const operator = inner.type === 'binary_expression' ? child(inner, 'operator')?.type : undefined;
  if (operator === '&&' || operator === '||') {
    const sides = [child(inner, 'left'), child(inner, 'right')].map((side) => (side === null ? null : alwaysIs(side, context)));
    const strong = operator === '||';
    return sides.includes(strong) ? strong : sides.includes(null) ? null : !strong;
  }
  const found = context.probe(() => toBool(context.expression(inner), inner, context));
  const value = found?.silent === true ? constantValue(found.value) : null;
  return value === null ? null : value !== 0;
}

/** Parentheses, and the names that only give a hint to C's compiler, are looked through. */
function unwrap(node: CNode, context: Context): CNode {
  let inner = node;
  for (;;) {
    if (inner.type === 'parenthesized_expression') {
      const only = named(inner);
      if (only.length !== 1 || only[0] === undefined || only[0].type === 'compound_statement') return inner;
      inner = only[0];
      continue;
    }
    if (inner.type === 'call_expression') {
      const callee = child(inner, 'function')?.text ?? '';
      const meaning = context.names.bindings.calls.get(callee);
      const list = child(inner, 'arguments');
      const args = list === null ? [] : named(list);
      if (
        meaning !== undefined &&
        'value' in meaning &&
        args.length === 1 &&
        args[0] !== undefined &&
        !context.names.imported.has(callee) &&
        !context.names.redefined.has(callee)
      ) {
        inner = args[0];
        continue;
      }
    }
    return inner;
  }
}

function negated(node: CNode): CNode | null {
  if (node.type !== 'unary_expression' || child(node, 'operator')?.type !== '!') return null;
  return child(node, 'argument');
}
