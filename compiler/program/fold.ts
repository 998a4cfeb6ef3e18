/**
 * Folding of expressions under an environment of constant locals.
 *
 * In: an expression, known locals. Out: an equal expression, constants folded; the same one if there is nothing to fold. Never: hiding a fault; what
 * would fault at run time (division by zero, `rowAt` outside the table, leaving a range) is left as it is.
 */
import { computeExact, wrapExact } from '../ir/fold.ts';
import type { BinaryOperator, Expr, MachineDescription, ScalarType, TableDescription } from '../ir/types.ts';
import { boolType } from '../ir/types.ts';

export interface FoldContext {
  /** Values of locals that are constant. */
  readonly locals: ReadonlyMap<string, number>;
  /** Number of the process, where it is known. */
  readonly self: number | null;
  readonly tables: ReadonlyMap<string, TableDescription>;
}

export function tablesByName(machine: MachineDescription): Map<string, TableDescription> {
  return new Map(machine.tables.map((table) => [table.name, table]));
}

/** The value of a constant expression, else null. */
export function constantOf(expr: Expr): number | null {
  return expr.op === 'const' ? expr.value : null;
}

export function fold(expr: Expr, context: FoldContext): Expr {
  switch (expr.op) {
    case 'const':
      return expr;
    case 'local': {
      const value = context.locals.get(expr.local);
      return value === undefined ? expr : constant(expr.type, value);
    }
    case 'self':
      return context.self === null ? expr : constant(expr.type, context.self);
    case 'binary': {
      const a = fold(expr.a, context);
      const b = fold(expr.b, context);
      const value = a.op === 'const' && b.op === 'const' ? binary(expr.operator, a.value, b.value, expr.type) : null;
      if (value !== null) return constant(expr.type, value);
      return a === expr.a && b === expr.b ? expr : { ...expr, a, b };
    }
    case 'pointerTo': {
      const row = fold(expr.row, context);
      const index = fold(expr.index, context);
      return row === expr.row && index === expr.index ? expr : { ...expr, row, index };
    }
    default: {
      const a = fold(expr.a, context);
      const value = a.op === 'const' ? unaryLike(expr, a.value, context) : null;
      if (value !== null) return constant(expr.type, value);
      return a === expr.a ? expr : { ...expr, a };
    }
  }
}

function constant(type: ScalarType, value: number): Expr {
  return { op: 'const', type, value };
}

type OneOperand = Exclude<Expr, { op: 'const' | 'local' | 'self' | 'binary' | 'pointerTo' }>;

function unaryLike(expr: OneOperand, a: number, context: FoldContext): number | null {
  switch (expr.op) {
    case 'unary':
      if (expr.operator === '!') return a === 0 ? 1 : 0;
      return normalise(expr.operator === '-' ? -a : ~a, expr.type);
    case 'cast':
      return normalise(a, expr.type);
    case 'rowAt': {
      const table = context.tables.get(expr.type.table);
      return table !== undefined && a >= 0 && a < table.rows ? a + 1 : null;
    }
    case 'indexOf': {
      const table = expr.a.type.kind === 'ref' ? context.tables.get(expr.a.type.table) : undefined;
      return table !== undefined && a >= 1 && a <= table.rows ? a - 1 : null;
    }
    case 'refCast': {
      const table = context.tables.get(expr.type.table);
      if (table === undefined) return null;
      return a <= table.rows ? a : expr.type.specials > 0 ? a : null;
    }
    case 'special': {
      const table = context.tables.get(expr.type.table);
      return table !== undefined && a >= 0 && a < expr.type.specials ? table.rows + 1 + a : null;
    }
    case 'isDangling':
    case 'pointerRow':
    case 'pointerIndex':
      return null;
  }
}

function binary(operator: BinaryOperator, a: number, b: number, type: ScalarType): number | null {
  const exact = computeExact(operator, BigInt(a), BigInt(b));
  return exact === null ? null : wrapExact(type, exact);
}

/** `value` in the range of `type`; null where its rule is not to wrap and it does not fit. */
export function normalise(value: number, type: ScalarType): number | null {
  return type.kind === 'bool' || type.kind === 'int' ? wrapExact(type, BigInt(value)) : value;
}

/** `!expr`, without piling up negations. */
export function negate(expr: Expr): Expr {
  if (expr.op === 'unary' && expr.operator === '!') return expr.a;
  return { op: 'unary', type: boolType, operator: '!', a: expr };
}
