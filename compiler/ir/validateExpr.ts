/**
 * Expressions and places, checked against the types of their operands.
 *
 * In: expressions, places. Out: reports. Never: a throw.
 */
import { fitsInto, sameType } from './typeRelations.ts';
import type { Expr, FieldDescription, MachineDescription, Place, ScalarType } from './types.ts';
import { operandsOf } from './walk.ts';

export type Report = (message: string) => void;
export type ConstantTable = ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>;

export class ExprValidator {
  readonly #machine: MachineDescription;
  readonly #locals: ReadonlyMap<string, ScalarType>;
  readonly #constants: ConstantTable | null;
  readonly #report: Report;

  constructor(machine: MachineDescription, locals: ReadonlyMap<string, ScalarType>, constants: ConstantTable | null, report: Report) {
    this.#machine = machine;
    this.#locals = locals;
    this.#constants = constants;
    this.#report = report;
  }

  check(expr: Expr): void {
    for (const operand of operandsOf(expr)) this.check(operand);
    this.#node(expr);
  }
  bool(expr: Expr, what: string): void {
    this.check(expr);
    if (expr.type.kind !== 'bool') this.#report(`${what} is ${expr.type.kind}, not bool`);
  }
  /** `expr` is kept where `type` is. */
  into(expr: Expr, type: ScalarType, what: string): void {
    this.check(expr);
    if (!fitsInto(expr.type, type)) this.#report(`${what}: ${expr.type.kind} into ${type.kind}`);
  }

  /** The field of a place, or null if there is none. */
  place(place: Place): FieldDescription | null {
    const table = this.#machine.tables.find((candidate) => candidate.name === place.table);
    const field = table?.fields.find((candidate) => candidate.path === place.field);
    if (table === undefined || field === undefined) {
      this.#report(`there is no ${place.table}.${place.field}`);
      return null;
    }
    const name = `${place.table}.${place.field}`;
    if (place.kind === 'pointer') {
      this.check(place.pointer);
      const { type } = place.pointer;
      if (type.kind !== 'pointer' || type.table !== place.table || type.field !== place.field)
        this.#report(`a pointer that is not to ${name}`);
      return field;
    }
    if ((place.row === null) !== table.singleton) this.#report(`${name} ${table.singleton ? 'takes no' : 'needs a'} row`);
    if (place.row !== null) {
      this.check(place.row);
      if (!sameType(place.row.type, { kind: 'ref', table: table.name, strong: true, specials: 0 }))
        this.#report(`${name}: a row that is no strong reference`);
    }
    if ((place.index === null) !== (field.length === 0)) this.#report(`${name} ${field.length === 0 ? 'takes no' : 'needs an'} index`);
    if (place.index !== null) {
      this.check(place.index);
      if (place.index.type.kind !== 'int') this.#report(`${name}: an index that is no integer`);
    }
    return field;
  }

  #node(expr: Expr): void {
    const { type } = expr;
    switch (expr.op) {
      case 'const':
        this.#constant(expr);
        return;
      case 'local': {
        const declared = this.#locals.get(expr.local);
        if (declared === undefined) this.#report(`the local ${expr.local} is not declared`);
        else if (!sameType(declared, type)) this.#report(`the local ${expr.local} has another type`);
        return;
      }
      case 'self':
        this.#kind(type.kind === 'int', 'self is an integer');
        return;
      case 'unary': {
        const wanted = expr.operator === '!' ? 'bool' : 'int';
        this.#kind(type.kind === wanted && expr.a.type.kind === wanted, `${expr.operator} takes and gives ${wanted}`);
        return;
      }
      case 'binary':
        this.#binary(expr);
        return;
      case 'cast':
        this.#kind(isNumber(type) && isNumber(expr.a.type), 'cast is between integers and bool');
        return;
      case 'rowAt':
        this.#kind(
          expr.a.type.kind === 'int' && expr.type.strong && expr.type.specials === 0,
          'rowAt makes a strong reference of an integer',
        );
        this.#table(expr.type.table);
        return;
      case 'indexOf':
        this.#kind(expr.a.type.kind === 'ref', 'indexOf takes a reference');
        return;
      case 'refCast':
        this.#kind(expr.a.type.kind === 'ref' && expr.a.type.table === expr.type.table, 'refCast stays in its table');
        return;
      case 'special':
        this.#kind(expr.a.type.kind === 'int' && expr.type.specials > 0, 'special makes a root of an integer');
        this.#table(expr.type.table);
        return;
      case 'pointerTo':
        this.#kind(
          expr.row.type.kind === 'ref' && expr.row.type.table === expr.type.table && expr.row.type.strong,
          'pointerTo takes a strong reference',
        );
        this.#kind(expr.index.type.kind === 'int', 'pointerTo takes an integer as index');
        return;
      case 'pointerRow':
        this.#kind(expr.a.type.kind === 'pointer' && expr.a.type.table === expr.type.table, 'pointerRow gives a row of its table');
        return;
      case 'pointerIndex':
        this.#kind(expr.a.type.kind === 'pointer', 'pointerIndex takes a pointer');
        return;
      case 'isDangling':
        this.#kind(expr.a.type.kind === 'pointer' || expr.a.type.kind === 'ref', 'isDangling takes a reference or pointer');
    }
  }

  #constant({ type, value, name }: Extract<Expr, { op: 'const' }>): void {
    const held =
      type.kind === 'int' ? value >= type.min && value <= type.max : type.kind === 'bool' ? value === 0 || value === 1 : value >= 0;
    if (!held || !Number.isInteger(value)) this.#report(`the constant ${value} is outside its type`);
    const known = name === undefined ? undefined : this.#constants?.get(name);
    if (known !== undefined && known.value !== value) this.#report(`the constant ${name} is ${known.value}, not ${value}`);
  }
  #binary({ operator, type, a, b }: Extract<Expr, { op: 'binary' }>): void {
    const ints = a.type.kind === 'int' && b.type.kind === 'int';
    switch (operator) {
      case '==':
      case '!=':
        this.#kind(type.kind === 'bool' && (ints || sameType(a.type, b.type)), `${operator} compares values of one type`);
        return;
      case '<':
      case '<=':
      case '>':
      case '>=':
        this.#kind(type.kind === 'bool' && ints, `${operator} compares integers`);
        return;
      default:
        this.#kind(type.kind === 'int' && ints, `${operator} takes and gives integers`);
    }
  }
  #table(name: string): void {
    if (!this.#machine.tables.some((table) => table.name === name)) this.#report(`there is no table ${name}`);
  }
  #kind(holds: boolean, message: string): void {
    if (!holds) this.#report(message);
  }
}

function isNumber(type: ScalarType): boolean {
  return type.kind === 'int' || type.kind === 'bool';
}
