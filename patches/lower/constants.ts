/**
 * What expressions of constants are worth: by that what is never reached is told from what is. The program folds constants by itself later.
 */
import { foldedBinary, foldedUnary, wrapExact } from '../../compiler/index.ts';
import type { Expr } from '../../compiler/ir/types.ts';

/** The value of an expression; null if constants do not tell it. */
export function constantValue(expr: Expr): number | null {
  switch (expr.op) {
    case 'const':
      return expr.value;
    case 'cast': {
      const a = constantValue(expr.a);
      return a === null ? null : wrapExact(expr.type, BigInt(a));
    }
    case 'unary': {
      const a = constantValue(expr.a);
      return a === null ? null : known(foldedUnary(expr.operator, expr.type, { op: 'const', type: expr.a.type, value: a }));
    }
    case 'binary': {
      const [a, b] = [constantValue(expr.a), constantValue(expr.b)];
      if (a === null || b === null) return null;
      return known(
        foldedBinary(expr.operator, expr.type, { op: 'const', type: expr.a.type, value: a }, { op: 'const', type: expr.b.type, value: b }),
      );
    }
    default:
      return null;
  }
}

function known(expr: Expr): number | null {
  return expr.op === 'const' ? expr.value : null;
}
