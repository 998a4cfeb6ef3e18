/**
 * Expressions and places as text of the subset.
 *
 * In: expressions, how locals are spelled. Out: text that the front end reads back as the same expression.
 * Never: a line break.
 */
import { sameType, spellType } from './typeRelations.ts';
import { type BinaryOperator, type Expr, type IntType, intTypes, type Place, type RefType, type ScalarType } from './types.ts';

export interface ExprPrinter {
  /** Text of a local: its name, or what was put in its place. */
  local(name: string): string;
  /** Whether a constant may be written by its name. */
  named(name: string, value: number): boolean;
  /** Whether a part of a row is an array of records, so that its index comes before the member. */
  arrayOfRecords(table: string, part: string): boolean;
}

const precedences: Readonly<Record<BinaryOperator, number>> = {
  '|': 4,
  '^': 5,
  '&': 6,
  '==': 7,
  '!=': 7,
  '<': 8,
  '<=': 8,
  '>': 8,
  '>=': 8,
  '<<': 9,
  '>>': 9,
  '+': 10,
  '-': 10,
  '*': 11,
  '/': 11,
  '%': 11,
};
const unaryPrecedence = 12;
/**
 * `precedence` is that of what is around: text that binds less is put in parentheses. `hint` is the type that
 * a literal would take there.
 */
export function printExpr(printer: ExprPrinter, expr: Expr, precedence = 0, hint?: ScalarType): string {
  const wrap = (own: number, text: string): string => (own < precedence ? `(${text})` : text);
  const inner = (operand: Expr): string => printExpr(printer, operand);
  switch (expr.op) {
    case 'const':
      return printConst(printer, expr);
    case 'local':
      return protect(printer.local(expr.local), precedence);
    case 'self':
      return 'self()';
    case 'unary':
      return wrap(unaryPrecedence, `${expr.operator}${printOperand(printer, expr.a, unaryPrecedence + 1)}`);
    case 'binary':
      return wrap(precedences[expr.operator], printBinary(printer, expr, hint));
    case 'cast':
      return printCast(printer, expr, precedence);
    case 'rowAt':
      return `rowAt(${expr.type.table}, ${printConverted(printer, expr.a, intTypes.u32)})`;
    case 'indexOf':
      return `indexOf(${inner(expr.a)})`;
    case 'refCast':
      return printRefCast(printer, expr.a, expr.type);
    case 'special':
      return `specialRoot<'${expr.type.table}', ${expr.type.specials}>(${printConverted(printer, expr.a, intTypes.u32)})`;
    case 'pointerTo':
      return `pointerTo(${expr.type.table}, ${inner(expr.row)}, '${expr.type.field}', ${printConverted(printer, expr.index, intTypes.u32)})`;
    case 'pointerRow':
      return `pointerRow(${inner(expr.a)})`;
    case 'pointerIndex':
      return `pointerIndex(${inner(expr.a)})`;
    case 'isDangling':
      return `isDangling(${inner(expr.a)})`;
  }
}

/** Where the front end converts by itself: assignments, stores, arguments, returns. */
export function printConverted(printer: ExprPrinter, expr: Expr, type: ScalarType, precedence = 0): string {
  if (expr.op === 'cast' && expr.type.kind === 'int' && sameType(expr.type, type) && expr.a.type.kind === 'int')
    return printExpr(printer, expr.a, precedence, type);
  return printExpr(printer, expr, precedence, type);
}

/** ` op= value` if an expression steps what `target` spells, else null. */
export function printStep(printer: ExprPrinter, value: Expr, target: string): string | null {
  const inner = value.op === 'cast' && value.a.op === 'binary' && value.type.kind === 'int' ? value.a : value;
  if (inner.op !== 'binary' || precedences[inner.operator] === 7 || precedences[inner.operator] === 8) return null;
  if (printOperand(printer, inner.a, unaryPrecedence) !== target) return null;
  return `${inner.operator}= ${printOperand(printer, inner.b, 0, inner.a.type)}`;
}

/** An operand: the front end takes it to C's type that holds it. */
function printOperand(printer: ExprPrinter, expr: Expr, precedence: number, hint?: ScalarType): string {
  const widens = expr.op === 'cast' && expr.a.type.kind === 'int' && sameType(expr.type, operandType(expr.a.type));
  return printExpr(printer, widens ? expr.a : expr, precedence, hint);
}
function operandType(type: IntType): IntType {
  if (Object.values(intTypes).some((candidate) => sameType(candidate, type))) return type;
  return type.min < 0 ? intTypes.s32 : intTypes.u32;
}

function printBinary(printer: ExprPrinter, { operator, a, b }: Extract<Expr, { op: 'binary' }>, hint?: ScalarType): string {
  const own = precedences[operator];
  const spelled = operator === '==' ? '===' : operator === '!=' ? '!==' : operator;
  // A literal on the left of a shift takes the type of what is around: if that is another one, it is written.
  const asked = hint?.kind === 'int' && sameType(operandType(hint), a.type);
  if ((operator === '<<' || operator === '>>') && a.op === 'const' && !asked) {
    return `(${printConst(printer, a)} as ${spellType(a.type)}) ${spelled} ${printOperand(printer, b, own + 1)}`;
  }
  // Nobody remembers how bit operators bind.
  const side = (expr: Expr, least: number): number =>
    isBitwise(operator) && expr.op === 'binary' && expr.operator !== operator ? unaryPrecedence : least;
  return `${printOperand(printer, a, side(a, own), isBitwise(operator) ? hint : undefined)} ${spelled} ${printOperand(printer, b, side(b, own + 1), a.type)}`;
}
function isBitwise(operator: BinaryOperator): boolean {
  return ['&', '|', '^', '<<', '>>'].includes(operator);
}

function printCast(printer: ExprPrinter, { type, a }: Extract<Expr, { op: 'cast' }>, precedence: number): string {
  const text = (own: number): string => printExpr(printer, a, own);
  if (type.kind === 'bool') return precedence > 7 ? `(${text(7)} !== 0)` : `${text(7)} !== 0`;
  if (a.type.kind === 'bool') return `(${text(2)} ? 1 : 0)`;
  return `(${text(8)} as ${spellType(type)})`;
}

function printRefCast(printer: ExprPrinter, a: Expr, to: RefType): string {
  const text = printExpr(printer, a);
  if (a.type.kind !== 'ref') return text;
  const rooted =
    to.specials === a.type.specials ? text : to.specials === 0 ? `rowOf(${text})` : `rootOf<'${to.table}', ${to.specials}>(${text})`;
  return a.type.strong && !to.strong ? `tagOf(${rooted})` : rooted;
}

function printConst(printer: ExprPrinter, { type, value, name }: Extract<Expr, { op: 'const' }>): string {
  if (name !== undefined && name !== 'NULL' && printer.named(name, value)) return name;
  switch (type.kind) {
    case 'bool':
      return value === 0 ? 'false' : 'true';
    case 'int':
      return value > 0xffff ? `0x${value.toString(16)}` : String(value);
    case 'ref':
      if (value === 0) return 'NULL';
      return type.strong ? `rowAt(${type.table}, ${value - 1})` : `tagOf(rowAt(${type.table}, ${value - 1}))`;
    case 'pointer':
      return 'NULL';
  }
}

/** What was put in place of a local may hold operators: in parentheses unless it is one word, member, call or index. */
function protect(text: string, precedence: number): string {
  return precedence > 0 && / (===|!==|&&|\|\||\?) /.test(outside(text)) ? `(${text})` : text;
}
/** The text without what is inside parentheses and brackets. */
function outside(text: string): string {
  let depth = 0;
  let result = '';
  for (const char of text) {
    if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (depth === 0) result += char;
  }
  return result;
}

export function printPlace(printer: ExprPrinter, place: Place): string {
  if (place.kind === 'pointer') return `at(${printExpr(printer, place.pointer)})`;
  const row = place.row === null ? place.table : `${place.table}[${printExpr(printer, place.row)}]`;
  if (place.index === null) return `${row}.${place.field}`;
  const index = `[${printExpr(printer, place.index)}]`;
  const [first = '', ...rest] = place.field.split('.');
  if (rest.length === 0 || !printer.arrayOfRecords(place.table, first)) return `${row}.${place.field}${index}`;
  return `${row}.${first}${index}.${rest.join('.')}`;
}
