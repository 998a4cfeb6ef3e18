/**
 * Statements, checked: labels, calls, what each kind takes and gives.
 *
 * In: a procedure. Out: reports. Never: a throw.
 */
import { fitsInto, sameType } from './typeRelations.ts';
import type { FieldType, MachineDescription, Place, Procedure, ScalarType, Stmt } from './types.ts';
import type { ExprValidator, Report } from './validateExpr.ts';
import { bodiesOf, exprsOf } from './walk.ts';

type Of<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>;
/** What is around a statement: loops and blocks by label, and whether it is inside a ghost block or a wait. */
interface Surroundings {
  readonly labels: ReadonlyMap<string, 'loop' | 'block'>;
  readonly inside: 'code' | 'ghost' | 'wait';
}

export class StmtValidator {
  readonly #procedure: Procedure;
  readonly #procedures: ReadonlyMap<string, Procedure>;
  readonly #machine: MachineDescription;
  readonly #locals: ReadonlyMap<string, ScalarType>;
  readonly #exprs: ExprValidator;
  readonly #report: Report;
  readonly #at: (id: string) => void;
  readonly #ids = new Set<string>();

  constructor(
    procedure: Procedure,
    procedures: ReadonlyMap<string, Procedure>,
    machine: MachineDescription,
    locals: ReadonlyMap<string, ScalarType>,
    exprs: ExprValidator,
    report: Report,
    at: (id: string) => void,
  ) {
    this.#procedure = procedure;
    this.#procedures = procedures;
    this.#machine = machine;
    this.#locals = locals;
    this.#exprs = exprs;
    this.#report = report;
    this.#at = at;
  }

  check(): void {
    this.#body(this.#procedure.body, { labels: new Map(), inside: 'code' });
  }

  #body(body: readonly Stmt[], around: Surroundings): void {
    for (const stmt of body) {
      this.#at(stmt.id);
      if (stmt.id === '') this.#report('a statement without id');
      if (this.#ids.has(stmt.id)) this.#report('an id that another statement has');
      this.#ids.add(stmt.id);
      this.#stmt(stmt, around);
      for (const inner of bodiesOf(stmt)) this.#body(inner, this.#inside(stmt, around));
    }
  }
  #inside(stmt: Stmt, around: Surroundings): Surroundings {
    switch (stmt.kind) {
      case 'loop':
      case 'block':
        if (around.labels.has(stmt.label)) this.#report(`the label ${stmt.label} is around itself`);
        return { ...around, labels: new Map([...around.labels, [stmt.label, stmt.kind]]) };
      case 'ghost':
      case 'wait':
        if (around.inside !== 'code') this.#report(`a ${stmt.kind} inside a ${around.inside}`);
        return { labels: new Map(), inside: stmt.kind };
      default:
        return around;
    }
  }

  #stmt(stmt: Stmt, around: Surroundings): void {
    switch (stmt.kind) {
      case 'assign':
        this.#exprs.into(stmt.value, this.#local(stmt.dst) ?? stmt.value.type, `assign to ${stmt.dst}`);
        return;
      case 'load':
        this.#gives(stmt.dst, this.#scalar(stmt.place), 'load');
        return;
      case 'store': {
        const type = this.#scalar(stmt.place);
        this.#exprs.into(stmt.value, type ?? stmt.value.type, 'store');
        return;
      }
      case 'atomic':
        this.#atomic(stmt);
        return;
      case 'call':
        this.#call(stmt);
        return;
      case 'leave':
        if (!around.labels.has(stmt.label)) this.#report(`leave ${stmt.label}, which is not around it`);
        return;
      case 'continue':
        if (around.labels.get(stmt.label) !== 'loop') this.#report(`continue ${stmt.label}, which is no loop around it`);
        return;
      case 'return':
        this.#return(stmt, around);
        return;
      case 'acquire':
      case 'release':
      case 'tryAcquire':
      case 'lockQuery':
        this.#lock(stmt);
        return;
      case 'list':
        this.#list(stmt);
        return;
      case 'alloc':
        this.#dynamic(stmt.table);
        this.#gives(stmt.dst, { kind: 'ref', table: stmt.table, strong: true, specials: 0 }, 'alloc');
        return;
      case 'free':
        this.#exprs.check(stmt.ref);
        if (stmt.ref.type.kind !== 'ref' || !stmt.ref.type.strong) this.#report('free takes a strong reference');
        else this.#dynamic(stmt.ref.type.table);
        return;
      case 'rowQuery':
        this.#exprs.check(stmt.ref);
        if (stmt.ref.type.kind !== 'ref') this.#report('rowQuery takes a reference');
        this.#gives(stmt.dst, { kind: 'bool' }, 'rowQuery');
        return;
      case 'choose': {
        const type = this.#local(stmt.dst);
        const most = type?.kind === 'bool' ? 1 : type?.kind === 'int' ? type.max : -1;
        if (stmt.count < 1 || stmt.count - 1 > most) this.#report(`choose: ${stmt.dst} does not hold 0..${stmt.count - 1}`);
        return;
      }
      case 'if':
      case 'assume':
      case 'assert':
      case 'wait':
        this.#exprs.bool(stmt.cond, stmt.kind);
        return;
      case 'monitor': {
        for (const arg of stmt.args) this.#exprs.check(arg);
        const callee = this.#procedures.get(stmt.procedure);
        if (callee === undefined) this.#report(`there is no procedure ${stmt.procedure}`);
        else if (callee.params.length !== stmt.args.length) this.#report(`${stmt.procedure} takes ${callee.params.length} arguments`);
        return;
      }
      case 'loop':
      case 'block':
      case 'ghost':
      case 'mark':
      case 'preempt':
        for (const expr of exprsOf(stmt)) this.#exprs.check(expr);
    }
  }

  #local(name: string): ScalarType | null {
    const type = this.#locals.get(name);
    if (type === undefined) this.#report(`the local ${name} is not declared`);
    return type ?? null;
  }
  #gives(dst: string | null, type: ScalarType | null, what: string): void {
    if (dst === null) return;
    const local = this.#local(dst);
    if (local !== null && type !== null && !fitsInto(type, local)) this.#report(`${what} gives ${type.kind}, but ${dst} is ${local.kind}`);
  }
  #field(place: Place): FieldType | null {
    return this.#exprs.place(place)?.type ?? null;
  }
  #scalar(place: Place): ScalarType | null {
    const type = this.#field(place);
    if (type?.kind !== 'lock' && type?.kind !== 'list') return type;
    this.#report(`${place.table}.${place.field} is a ${type.kind}`);
    return null;
  }
  #dynamic(name: string): void {
    if (!this.#machine.tables.some((table) => table.name === name && table.dynamic)) this.#report(`${name} is no dynamic table`);
  }

  #atomic(stmt: Of<'atomic'>): void {
    const type = this.#scalar(stmt.place);
    const wanted = stmt.operator === 'compareExchange' ? 2 : 1;
    if (stmt.operands.length !== wanted) this.#report(`${stmt.operator} takes ${wanted} operands`);
    for (const operand of stmt.operands) this.#exprs.into(operand, type ?? operand.type, stmt.operator);
    if (stmt.operator.startsWith('fetch') && type !== null && type.kind !== 'int') this.#report(`${stmt.operator} takes an integer field`);
    this.#gives(stmt.dst, type, stmt.operator);
    if (stmt.success !== null && stmt.operator !== 'compareExchange') this.#report(`${stmt.operator} cannot fail`);
    this.#gives(stmt.success, { kind: 'bool' }, stmt.operator);
  }

  #call(stmt: Of<'call'>): void {
    for (const expr of exprsOf(stmt)) this.#exprs.check(expr);
    const callee = this.#procedures.get(stmt.callee);
    if (callee === undefined) {
      this.#report(`there is no procedure ${stmt.callee}`);
      return;
    }
    if (callee.params.length !== stmt.args.length)
      this.#report(`${stmt.callee} takes ${callee.params.length} arguments, not ${stmt.args.length}`);
    const inout = new Set<string>();
    callee.params.forEach((param, i) => {
      const arg = stmt.args[i];
      if (arg === undefined) return;
      if (arg.mode !== param.mode) {
        this.#report(`argument ${param.name} of ${stmt.callee} is ${param.mode}`);
      } else if (arg.mode === 'in') {
        if (!fitsInto(arg.value.type, param.type)) this.#report(`argument ${param.name} of ${stmt.callee} is ${param.type.kind}`);
      } else {
        const type = this.#local(arg.local);
        if (type !== null && !sameType(type, param.type)) this.#report(`${arg.local} has not the type of ${param.name} of ${stmt.callee}`);
        if (inout.has(arg.local)) this.#report(`${arg.local} is given back twice`);
        inout.add(arg.local);
      }
    });
    if (stmt.dst === null) return;
    if (inout.has(stmt.dst)) this.#report(`${stmt.dst} gets the result and is given back`);
    if (callee.result.kind === 'void') this.#report(`${stmt.callee} returns nothing`);
    else this.#gives(stmt.dst, callee.result, stmt.callee);
  }

  #return(stmt: Of<'return'>, around: Surroundings): void {
    const { result } = this.#procedure;
    if (around.inside !== 'code') this.#report(`return inside a ${around.inside}`);
    if ((stmt.value === null) !== (result.kind === 'void')) this.#report(`a return ${stmt.value === null ? 'without' : 'with'} a value`);
    else if (stmt.value !== null && result.kind !== 'void') this.#exprs.into(stmt.value, result, 'return');
  }

  #lock(stmt: Of<'acquire' | 'release' | 'tryAcquire' | 'lockQuery'>): void {
    const type = this.#field(stmt.lock);
    if (type !== null && type.kind !== 'lock') this.#report(`${stmt.lock.table}.${stmt.lock.field} is no lock`);
    if (stmt.kind !== 'lockQuery' && stmt.mode === 'shared' && type?.kind === 'lock' && type.flavour === 'mutex')
      this.#report('a mutex has no shared mode');
    if (stmt.kind === 'tryAcquire' || stmt.kind === 'lockQuery') this.#gives(stmt.dst, { kind: 'bool' }, stmt.kind);
  }

  #list(stmt: Of<'list'>): void {
    const type = this.#field(stmt.list);
    if (type !== null && type.kind !== 'list') this.#report(`${stmt.list.table}.${stmt.list.field} is no list`);
    const takesElement = !['length', 'isEmpty', 'first', 'last'].includes(stmt.operator);
    if ((stmt.element !== null) !== takesElement) this.#report(`${stmt.operator} takes ${takesElement ? 'an' : 'no'} element`);
    if (stmt.element !== null) {
      this.#exprs.check(stmt.element);
      if (type?.kind === 'list' && !sameType(stmt.element.type, type.element)) this.#report(`${stmt.operator}: an element of another type`);
    }
    const gives: Partial<Record<typeof stmt.operator, ScalarType | null>> = {
      contains: { kind: 'bool' },
      isEmpty: { kind: 'bool' },
      length: { kind: 'int', min: 0, max: 0xffff_ffff, overflow: 'wrap', underflow: 'wrap' },
    };
    const changes = stmt.operator === 'add' || stmt.operator === 'addTail' || stmt.operator === 'remove';
    if (changes !== (stmt.dst === null)) this.#report(`${stmt.operator} gives ${changes ? 'nothing' : 'a value'}`);
    this.#gives(stmt.dst, gives[stmt.operator] ?? (type?.kind === 'list' ? type.element : null), stmt.operator);
  }
}
