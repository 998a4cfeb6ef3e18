/**
 * Where numbers of a table's rows go in a program: whether anything but the declared places can tell rows apart.
 *
 * In: a program, a dynamic table, what is declared of it. Out: complaints, and the stored locals that hold declared words.
 * Never: what follows from the order in which a loop meets the rows; who declares a table vouches for that.
 */
import {
  type CompiledSystem,
  type Expr,
  localsOfExpr,
  type Place,
  type RowNumbers,
  type ScalarType,
  visitExpr,
} from '../../compiler/index.ts';

type Program = CompiledSystem['program'];
type Spec = Program['specs'][number];

/** What a stored local holds: a copy of a declared set, or of a declared link. */
export type Held = 'set' | { readonly link: string };
export interface RowFlow {
  readonly complaints: readonly string[];
  /** By spec and local (`key`). */
  readonly held: ReadonlyMap<string, Held>;
}

export function keyOf(spec: Spec, local: string): string {
  return `${spec.index}:${local}`;
}

const derived = 'derived';
const orders = new Set(['<', '<=', '>', '>=']);
const comparisons = new Set([...orders, '==', '!=']);

export function rowFlow(program: Program, table: string, rows: number, declared: RowNumbers | null): RowFlow {
  return new Flow(program, table, rows, declared).run();
}

class Flow {
  readonly #complaints = new Set<string>();
  /** What a local may hold: `derived`, or the name of a declared field whose word it is. */
  readonly #holds = new Map<string, Set<string>>();
  readonly #results = new Map<number, Set<string>>();
  /** Locals from which `rowAt` makes rows, and specs whose results are such. */
  readonly #makesRow = new Set<string>();
  readonly #resultMakesRow = new Set<number>();
  readonly #declaredFields: ReadonlySet<string>;
  #changed = false;

  constructor(
    private readonly program: Program,
    private readonly table: string,
    private readonly rows: number,
    private readonly declared: RowNumbers | null,
  ) {
    this.#declaredFields = new Set([...(declared?.sets ?? []), ...(declared?.links.map(({ field }) => field) ?? [])]);
  }

  run(): RowFlow {
    do {
      this.#changed = false;
      for (const spec of this.program.specs) this.#spec(spec);
    } while (this.#changed);
    const held = new Map<string, Held>();
    for (const spec of this.program.specs) for (const { local } of spec.frame) this.#stored(spec, local, held);
    for (const process of this.program.processes) {
      const params = this.program.specs[process.entry.spec]?.procedure.params ?? [];
      for (const [k, param] of params.entries())
        if (this.#isRow(param.type, process.entry.args[k])) this.#complain(`${process.name} starts with a row of its own`);
    }
    return { complaints: [...this.#complaints], held };
  }

  #stored(spec: Spec, local: string, held: Map<string, Held>): void {
    const key = keyOf(spec, local);
    const type = spec.locals.get(local);
    if (type?.kind !== 'int') return;
    const holds = [...(this.#holds.get(key) ?? [])];
    const [only] = holds;
    const where = `${local} of ${spec.procedure.name}`;
    if (holds.length > 1 || only === derived) this.#complain(`${where} keeps a number made of a row while others run`);
    else if (only !== undefined) held.set(key, this.declared?.sets.includes(only) === true ? 'set' : { link: only });
    else if (this.#makesRow.has(key)) this.#complain(`${where} keeps a number that a row is made of while others run`);
  }

  #complain(text: string): void {
    this.#complaints.add(text);
  }

  /** Values above the rows are special ones, and dangling. */
  #isRow(type: ScalarType, value: number | null | undefined): boolean {
    return this.#isOurs(type) && value !== null && value !== undefined && value > 0 && (type.kind === 'pointer' || value <= this.rows);
  }

  #isOurs(type: ScalarType): boolean {
    return (type.kind === 'ref' || type.kind === 'pointer') && type.table === this.table;
  }

  #add(map: Map<string, Set<string>>, key: string, holds: Iterable<string>): void;
  #add(map: Map<number, Set<string>>, key: number, holds: Iterable<string>): void;
  #add(map: Map<string | number, Set<string>>, key: string | number, holds: Iterable<string>): void {
    for (const one of holds) {
      const set = map.get(key) ?? new Set<string>();
      map.set(key, set);
      if (set.has(one)) continue;
      set.add(one);
      this.#changed = true;
    }
  }

  #wantRow(key: string): void {
    if (this.#makesRow.has(key)) return;
    this.#makesRow.add(key);
    this.#changed = true;
  }

  /** What the value of an expression may hold. */
  #value(spec: Spec, expr: Expr): ReadonlySet<string> {
    if (expr.op === 'local') return this.#holds.get(keyOf(spec, expr.local)) ?? new Set();
    if (expr.op === 'indexOf' && this.#isOurs(expr.a.type)) return new Set([derived]);
    if (expr.type.kind !== 'int' || expr.op === 'pointerIndex' || expr.op === 'indexOf') return new Set();
    if (expr.op === 'binary' && comparisons.has(expr.operator)) return new Set();
    const operands = expr.op === 'binary' ? [expr.a, expr.b] : expr.op === 'unary' || expr.op === 'cast' ? [expr.a] : [];
    const inside = operands.map((operand) => this.#value(spec, operand));
    // A conversion that keeps the value is a copy; the ranges of what is stored are those of its source.
    if (expr.op === 'cast') return inside[0] ?? new Set();
    return inside.some((set) => set.size > 0) ? new Set([derived]) : new Set();
  }

  #look(spec: Spec, expr: Expr): void {
    const name = spec.procedure.name;
    visitExpr(expr, (node) => {
      if (node.type.kind === 'ref' && node.type.table === this.table && !node.type.strong) this.#complain(`${name} has weak references`);
      if (node.op === 'const' && this.#isRow(node.type, node.value)) this.#complain(`${name} names a row`);
      if (node.op === 'binary' && orders.has(node.operator) && this.#isOurs(node.a.type)) this.#complain(`${name} compares rows by order`);
      if (node.op === 'rowAt' && this.#isOurs(node.type)) {
        if (this.declared === null) this.#complain(`${name} makes a row of a number`);
        const locals = localsOfExpr(node.a);
        if (locals.length === 0) this.#complain(`${name} names a row`);
        for (const local of locals) this.#wantRow(keyOf(spec, local));
      }
      if (node.op === 'rowAt' && !this.#isOurs(node.type) && this.#value(spec, node.a).size > 0)
        this.#complain(`${name} takes a row of ${node.type.table} by the number of a row`);
      if (node.op === 'indexOf' && this.#isOurs(node.a.type) && this.declared === null) this.#complain(`${name} makes a number of a row`);
    });
  }

  #assign(spec: Spec, local: string, value: Expr): void {
    const key = keyOf(spec, local);
    this.#look(spec, value);
    this.#add(this.#holds, key, this.#value(spec, value));
    if (this.#makesRow.has(key)) for (const from of localsOfExpr(value)) this.#wantRow(keyOf(spec, from));
  }

  #load(spec: Spec, local: string | null, place: Place): void {
    if (local === null) return;
    const field = `${place.table}.${place.field}`;
    const key = keyOf(spec, local);
    if (this.#declaredFields.has(field)) this.#add(this.#holds, key, [field]);
    else if (this.#makesRow.has(key) && spec.locals.get(local)?.kind === 'int') this.#complain(`a row is made of ${field}`);
  }

  #store(spec: Spec, place: Place, value: Expr): void {
    this.#look(spec, value);
    const field = `${place.table}.${place.field}`;
    if (this.#value(spec, value).size > 0 && !this.#declaredFields.has(field)) this.#complain(`a number made of a row goes into ${field}`);
  }

  #call(spec: Spec, callee: number, args: readonly (Expr | null)[]): void {
    const target = this.program.specs[callee];
    if (target === undefined) return;
    for (const [k, arg] of args.entries()) {
      const param = target.procedure.params[k];
      if (arg === null || param === undefined) continue;
      this.#look(spec, arg);
      this.#add(this.#holds, keyOf(target, param.name), this.#value(spec, arg));
      if (this.#makesRow.has(keyOf(target, param.name))) for (const from of localsOfExpr(arg)) this.#wantRow(keyOf(spec, from));
    }
  }

  #spec(spec: Spec): void {
    for (const [local, type] of spec.locals)
      if (type.kind === 'ref' && type.table === this.table && !type.strong) this.#complain(`${local} of ${spec.procedure.name} is weak`);
    for (const [k, param] of spec.procedure.params.entries())
      if (this.#isRow(param.type, spec.constants[k])) this.#complain(`${spec.procedure.name} is given a row by its number`);
    for (const { op } of spec.nodes) {
      if (op.kind === 'branch') this.#look(spec, op.cond);
      else if (op.kind === 'wait' || op.kind === 'monitor') this.#call(spec, op.spec, op.args);
      else if (op.kind === 'call') {
        this.#call(spec, op.spec, op.args);
        const callee = this.program.specs[op.spec];
        if (op.dst !== null) {
          this.#add(this.#holds, keyOf(spec, op.dst), this.#results.get(op.spec) ?? []);
          if (this.#makesRow.has(keyOf(spec, op.dst)) && !this.#resultMakesRow.has(op.spec)) {
            this.#resultMakesRow.add(op.spec);
            this.#changed = true;
          }
        }
        for (const [k, back] of op.back.entries()) {
          const param = callee?.procedure.params[k];
          if (back === null || param === undefined || callee === undefined) continue;
          this.#add(this.#holds, keyOf(spec, back), this.#holds.get(keyOf(callee, param.name)) ?? []);
          if (this.#makesRow.has(keyOf(spec, back))) this.#wantRow(keyOf(callee, param.name));
        }
      } else if (op.kind === 'return' && op.value !== null) {
        this.#look(spec, op.value);
        this.#add(this.#results, spec.index, this.#value(spec, op.value));
        if (this.#resultMakesRow.has(spec.index)) for (const from of localsOfExpr(op.value)) this.#wantRow(keyOf(spec, from));
      } else if (op.kind === 'leaf') this.#leaf(spec, op.stmt);
    }
  }

  #leaf(spec: Spec, stmt: Extract<Spec['nodes'][number]['op'], { kind: 'leaf' }>['stmt']): void {
    switch (stmt.kind) {
      case 'assign':
        this.#assign(spec, stmt.dst, stmt.value);
        return;
      case 'load':
        this.#load(spec, stmt.dst, stmt.place);
        break;
      case 'store':
        this.#store(spec, stmt.place, stmt.value);
        break;
      case 'atomic':
        for (const operand of stmt.operands) this.#store(spec, stmt.place, operand);
        this.#load(spec, stmt.dst, stmt.place);
        break;
      case 'assume':
      case 'assert':
        this.#look(spec, stmt.cond);
        return;
      case 'free':
      case 'rowQuery':
        this.#look(spec, stmt.ref);
        return;
      case 'list':
        if (stmt.element !== null) this.#look(spec, stmt.element);
        break;
    }
    const place = 'place' in stmt ? stmt.place : 'lock' in stmt ? stmt.lock : 'list' in stmt ? stmt.list : null;
    if (place === null) return;
    const exprs = place.kind === 'pointer' ? [place.pointer] : [place.row, place.index];
    for (const expr of exprs) {
      if (expr === null) continue;
      this.#look(spec, expr);
      if (this.#value(spec, expr).size > 0)
        this.#complain(`${spec.procedure.name} looks into ${place.table}.${place.field} by the number of a row`);
    }
  }
}
