/**
 * Pure expressions as normalised text over symbolic values, so that what two front ends write differently and
 * means the same reads the same.
 */
import type { Expr, Place, ScalarType } from '../../compiler/ir/types.ts';

/** Value of a local, as text. */
export type Environment = ReadonlyMap<string, string>;

/** Longer terms are not compared: they stand for nothing equal. */
const termLimit = 4000;
const symmetric = new Set(['==', '+', '*', '&', '|', '^']);
/** The expression's value. Constants are their values; conversions that change nothing vanish. */
export function termOf(expr: Expr, environment: Environment): string {
  const text = term(expr, environment);
  return text.length > termLimit ? `(too long ${uniqueNumber()})` : text;
}

let unique = 0;
function uniqueNumber(): number {
  unique += 1;
  return unique;
}

function term(expr: Expr, environment: Environment): string {
  switch (expr.op) {
    case 'const':
      return pattern(expr.value, expr.type);
    case 'local':
      return environment.get(expr.local) ?? initial(expr.local);
    case 'self':
      return 'self';
    case 'unary':
      return unary(expr.operator, expr.type, termOf(expr.a, environment));
    case 'binary':
      return binary(expr.operator, expr.a.type, termOf(expr.a, environment), termOf(expr.b, environment));
    case 'cast':
      return cast(expr.type, expr.a.type, termOf(expr.a, environment));
    case 'refCast': {
      const a = termOf(expr.a, environment);
      return a === '0' ? a : `row(${a})`;
    }
    case 'pointerTo':
      return `pointer(${termOf(expr.row, environment)},${termOf(expr.index, environment)})`;
    default:
      return `${expr.op}(${termOf(expr.a, environment)})`;
  }
}

/** What a local is before anything was assigned. */
export function initial(local: string): string {
  return `<${local}>`;
}

/** The opposite of a truth value: terms carry at most one sign, in front. */
export function negated(text: string): string {
  if (text === '0' || text === '1') return text === '0' ? '1' : '0';
  return text.startsWith('!') ? text.slice(1) : `!${text}`;
}

function unary(operator: string, type: ScalarType, a: string): string {
  if (operator === '!') return negated(a);
  if (/^\d+$/.test(a) && type.kind === 'int') return pattern(operator === '-' ? -Number(a) : ~Number(a), type);
  return `${operator}(${a})`;
}

function binary(operator: string, type: ScalarType, a: string, b: string): string {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) {
    const folded = fold(operator, Number(a), Number(b));
    if (folded !== null) return folded;
  }
  if (operator === '+' && (a === '0' || b === '0')) return a === '0' ? b : a;
  if (operator === '*' && (a === '1' || b === '1')) return a === '1' ? b : a;
  // A truth value compared with false or true is itself.
  if ((operator === '==' || operator === '!=') && type.kind === 'bool' && /^[01]$/.test(b))
    return (operator === '==') === (b === '1') ? a : negated(a);
  // Of comparisons only == and < are written; the others are these, turned round.
  if (operator === '!=') return negated(binary('==', type, a, b));
  if (operator === '>') return binary('<', type, b, a);
  if (operator === '>=' || operator === '<=') return negated(operator === '>=' ? binary('<', type, a, b) : binary('<', type, b, a));
  const [x, y] = symmetric.has(operator) && b < a ? [b, a] : [a, b];
  const signed = type.kind === 'int' && type.min < 0 && ['/', '%', '>>', '<'].includes(operator) ? 's' : '';
  return `[${x} ${signed}${operator} ${y}]`;
}

function fold(operator: string, a: number, b: number): string | null {
  switch (operator) {
    case '==':
      return a === b ? '1' : '0';
    case '!=':
      return a === b ? '0' : '1';
    case '<<':
      return b < 31 && a >= 0 ? String((a << b) >>> 0) : null;
    case '&':
      return String((a & b) >>> 0);
    case '|':
      return String((a | b) >>> 0);
    case '+':
      return a >= 0 && b >= 0 && a + b < 0x7fff_ffff ? String(a + b) : null;
    default:
      return null;
  }
}

function cast(to: ScalarType, from: ScalarType, a: string): string {
  if (to.kind === 'bool') {
    if (from.kind === 'bool') return a;
    return /^\d+$/.test(a) ? (a === '0' ? '0' : '1') : binary('!=', from, a, '0');
  }
  if (from.kind === 'bool' || to.kind !== 'int' || from.kind !== 'int') return a;
  // Terms are patterns of 32 bits; signs matter to operators only.
  const full = to.max - to.min === 0xffff_ffff;
  return full || (from.min >= to.min && from.max <= to.max) ? a : `to${to.min < 0 ? 's' : 'u'}${to.max}(${a})`;
}

/** A number as its 32 bits. */
function pattern(value: number, type: ScalarType): string {
  return String(type.kind === 'int' ? value >>> 0 : value);
}

/** A place, with the terms of its row and index. */
export function placeTerm(place: Place, environment: Environment): string {
  if (place.kind === 'pointer') return `${place.table}.${place.field}*${termOf(place.pointer, environment)}`;
  const row = place.row === null ? '' : termOf(place.row, environment);
  const index = place.index === null ? '' : termOf(place.index, environment);
  return `${place.table}(${row}).${place.field}(${index})`;
}
