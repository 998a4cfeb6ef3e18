/**
 * Named constants: those that the system gives, and `const`s of the files that come to a number.
 *
 * In: the environment's constants, declarations. Out: a look-up by name. Never: a value that depends on anything else.
 */
import type { Expression } from 'oxc-parser';
import type { ScalarType } from '../ir/types.ts';
import type { Declarations } from './declarations.ts';
import type { ConstantLookup, Value } from './lower/context.ts';
import { foldLiterals } from './lower/literals.ts';
import type { Source } from './source.ts';
import { literalFits, operandType, wrapInto } from './types.ts';

export function constantsOf(
  given: ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>,
  declarations: Declarations,
): ConstantLookup {
  const known = new Map<string, Value | null>();
  const lookup = (name: string): Value | null => {
    const environment = given.get(name);
    if (environment !== undefined)
      return { kind: 'typed', expr: { op: 'const', type: readAs(environment.type), value: environment.value, name } };
    if (!known.has(name)) {
      // A constant that refers to itself is not one.
      known.set(name, null);
      known.set(name, declared(name));
    }
    return known.get(name) ?? null;
  };
  const declared = (name: string): Value | null => {
    const declaration = declarations.constants.get(name);
    if (declaration === undefined) return null;
    const value = evaluate(declaration.init, declaration.source);
    if (value === null || value.kind === 'null') return null;
    if (value.kind === 'typed') return value.expr.op === 'const' ? { kind: 'typed', expr: { ...value.expr, name } } : null;
    if (declaration.type === null) return { kind: 'literal', value: value.value, name };
    const type = declarations.scalarOf(declaration.source, declaration.type);
    if (type.kind !== 'int' || !literalFits(type, value.value)) return null;
    return { kind: 'typed', expr: { op: 'const', type, value: wrapInto(type, value.value), name } };
  };
  const evaluate = (node: Expression, source: Source): Value | null => {
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'boolean')
          return { kind: 'typed', expr: { op: 'const', type: { kind: 'bool' }, value: node.value ? 1 : 0 } };
        return typeof node.value === 'number' && Number.isInteger(node.value) ? { kind: 'literal', value: node.value } : null;
      case 'Identifier':
        return lookup(node.name);
      case 'TSAsExpression':
        return evaluate(node.expression, source);
      case 'UnaryExpression': {
        const a = numberOf(evaluate(node.argument, source));
        if (a === null || (node.operator !== '-' && node.operator !== '~')) return null;
        return { kind: 'literal', value: node.operator === '-' ? -a : ~a };
      }
      case 'BinaryExpression': {
        const [a, b] = [
          node.left.type === 'PrivateIdentifier' ? null : numberOf(evaluate(node.left, source)),
          numberOf(evaluate(node.right, source)),
        ];
        if (a === null || b === null) return null;
        const { operator } = node;
        if (operator === '+' || operator === '-' || operator === '*' || operator === '/' || operator === '%')
          return foldLiterals(operator, a, b);
        if (operator === '&' || operator === '|' || operator === '^' || operator === '<<' || operator === '>>')
          return foldLiterals(operator, a, b);
        return null;
      }
      default:
        return null;
    }
  };
  return lookup;
}

function numberOf(value: Value | null): number | null {
  if (value?.kind === 'literal') return value.value;
  return value?.kind === 'typed' && value.expr.op === 'const' && value.expr.type.kind === 'int' ? value.expr.value : null;
}
/** A constant of a scaled width takes part in arithmetic as C's type that holds it, as a field does. */
function readAs(type: ScalarType): ScalarType {
  return type.kind === 'int' ? operandType(type) : type;
}
