/**
 * Which `for` loops are sure to end after a constant number of rounds.
 *
 * In: a for statement. Out: yes or no. Never: a yes that rests on anything but constants.
 */
import type { Expression, ForStatement } from 'oxc-parser';
import { computeExact, wrapExact } from '../../ir/fold.ts';
import type { BinaryOperator, IntType } from '../../ir/types.ts';
import { assignedNames } from '../syntax.ts';
import type { FunctionContext } from './context.ts';

/** More rounds than any bound of a scaled-down machine; beyond it a loop counts as unbounded. */
const roundsMax = 4096;
const comparisons: Readonly<Record<string, BinaryOperator>> = { '<': '<', '<=': '<=', '>': '>', '>=': '>=', '!==': '!=' };

export function isBounded(cx: FunctionContext, node: ForStatement): boolean {
  const { init, test, update } = node;
  const first = init === null ? null : firstValue(init);
  if (first === null || test?.type !== 'BinaryExpression' || update === null) return false;
  const { name } = first;
  const binding = cx.lookup(name);
  if (binding?.kind !== 'local' || binding.type.kind !== 'int' || assignedNames(node.body).has(name)) return false;
  const operator = comparisons[test.operator];
  if (operator === undefined || test.left.type !== 'Identifier' || test.left.name !== name) return false;
  const [start, end, step] = [constantOf(cx, first.value), constantOf(cx, test.right), stepOf(cx, update, name)];
  if (start === null || end === null || step === null) return false;
  return ends(binding.type, operator, start, end, step);
}

/** The variable and its first value: of `let i: u32 = 0`, or `i = 0`. */
function firstValue(init: NonNullable<ForStatement['init']>): { name: string; value: Expression } | null {
  if (init.type === 'VariableDeclaration') {
    const declarator = init.declarations[0];
    if (init.declarations.length !== 1 || declarator?.id.type !== 'Identifier' || declarator.init === null) return null;
    return { name: declarator.id.name, value: declarator.init };
  }
  if (init.type !== 'AssignmentExpression' || init.operator !== '=' || init.left.type !== 'Identifier') return null;
  return { name: init.left.name, value: init.right };
}

function ends(type: IntType, operator: BinaryOperator, start: number, end: number, step: number): boolean {
  let value = start;
  for (let round = 0; round < roundsMax; round++) {
    if (computeExact(operator, BigInt(value), BigInt(end)) === 0n) return true;
    const next = wrapExact(type, BigInt(value + step));
    if (next === null) return true;
    value = next;
  }
  return false;
}

function stepOf(cx: FunctionContext, update: Expression, name: string): number | null {
  if (update.type === 'UpdateExpression' && update.argument.type === 'Identifier' && update.argument.name === name)
    return update.operator === '++' ? 1 : -1;
  if (update.type !== 'AssignmentExpression' || update.left.type !== 'Identifier' || update.left.name !== name) return null;
  const amount = constantOf(cx, update.right);
  if (amount === null) return null;
  return update.operator === '+=' ? amount : update.operator === '-=' ? -amount : null;
}

function constantOf(cx: FunctionContext, node: Expression): number | null {
  let found: number | null = null;
  const stmts = cx.capture(() => {
    const value = cx.lower.value(cx, node);
    if (value.kind === 'literal') found = value.value;
    if (value.kind === 'typed' && value.expr.op === 'const' && value.expr.type.kind === 'int') found = value.expr.value;
  });
  return stmts.length === 0 ? found : null;
}
