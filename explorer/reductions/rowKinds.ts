/**
 * Whether a program treats the rows of a table that always exist alike: what each number has to do with them.
 *
 * In: procedures, a table. Out: complaints, and which fields and locals are sets of rows. Never: trust in a description; what is not
 * understood is a complaint.
 *
 * Every number is *plain* (the same whatever the rows are called), a *row* (its number), or a *set* (a bit for each row), as with
 * scalarsets (N. Ip and D. Dill, 1993). Rows and sets are made, compared and combined only in ways that commute with a permutation of
 * the rows: a row names no particular one, and knows no order. Kinds are found by going through all statements until none is new.
 */
import type { CompiledSystem, Expr, IntType, Place, Procedure, ScalarType, Stmt } from '../../compiler/index.ts';
import { exprsOfPlace, localsOfExpr } from '../../compiler/index.ts';
import { countedLoop, readBeforeSet, wrongWithLoop } from './rowLoops.ts';

export type NumberKind = 'plain' | 'row' | 'set';
export interface RowKinds {
  readonly complaints: readonly string[];
  /** Integer fields with a bit per row, as `table.field`. */
  readonly sets: ReadonlySet<string>;
  /** Locals with a bit per row, as `procedure:local`; and those that hold the number of one. */
  readonly setLocals: ReadonlySet<string>;
  readonly rowLocals: ReadonlySet<string>;
}

/** Procedures that processes, predicates and their monitors may run: not the prologue, whose states may be any. */
export function proceduresOf({ program, description }: Pick<CompiledSystem, 'program' | 'description'>): Map<string, Procedure> {
  const found = new Map<string, Procedure>();
  const work = [...program.processes.map(({ entry }) => entry.spec), ...program.predicates, program.quiescent].filter(
    (spec) => spec !== null,
  );
  const seen = new Set(work);
  for (let index = work.pop(); index !== undefined; index = work.pop()) {
    const spec = program.specs[index];
    if (spec === undefined) continue;
    found.set(spec.procedure.name, spec.procedure);
    for (const { op } of spec.nodes) {
      if ((op.kind !== 'call' && op.kind !== 'wait' && op.kind !== 'monitor') || seen.has(op.spec)) continue;
      seen.add(op.spec);
      work.push(op.spec);
    }
  }
  // What is called in branches that are never taken has no instance.
  for (const procedure of found.values())
    for (const name of namesCalled(procedure.body)) {
      const other = description.procedures.get(name);
      if (!found.has(name) && other !== undefined) found.set(name, other);
    }
  return found;
}

export function rowKinds(system: Pick<CompiledSystem, 'program' | 'description'>, table: string, rows: number): RowKinds {
  return new Kinds(system, table, rows).run();
}

class Kinds {
  readonly #complaints = new Set<string>();
  readonly #kinds = new Map<string, NumberKind>();
  readonly #procedures: ReadonlyMap<string, Procedure>;
  #changed = false;
  /** Complaints of earlier rounds may rest on kinds that were not known yet. */
  #last = false;
  #name = '';

  constructor(
    private readonly system: Pick<CompiledSystem, 'program' | 'description'>,
    private readonly table: string,
    private readonly rows: number,
  ) {
    this.#procedures = proceduresOf(system);
  }

  run(): RowKinds {
    do {
      this.#changed = false;
      this.#all();
    } while (this.#changed);
    this.#last = true;
    this.#all();
    this.#unset();
    for (const { name, fields } of this.system.description.machine.tables)
      for (const { path, type } of fields)
        if (this.#kinds.get(`field ${name}.${path}`) === 'set' && type.kind === 'int' && !this.#holdsSet(type))
          this.#complaints.add(`${name}.${path} has no bit for each row`);
    const named = (wanted: NumberKind, prefix: string) =>
      new Set([...this.#kinds].flatMap(([key, kind]) => (kind === wanted && key.startsWith(prefix) ? [key.slice(prefix.length)] : [])));
    return {
      complaints: [...this.#complaints],
      sets: named('set', 'field '),
      setLocals: named('set', 'local '),
      rowLocals: named('row', 'local '),
    };
  }

  /** Locals begin as 0, which is no row in particular only if nobody looks. */
  #unset(): void {
    for (const procedure of this.#procedures.values()) {
      this.#name = procedure.name;
      const rows = new Set(
        procedure.locals.flatMap(({ name }) => (this.#kinds.get(`local ${procedure.name}:${name}`) === 'row' ? [name] : [])),
      );
      const local = readBeforeSet(procedure.body, rows, new Set());
      if (local !== null) this.#complain(`may use ${local} as a row before it is set`);
    }
  }

  #all(): void {
    for (const { entry } of this.system.program.processes) {
      const first = this.system.program.specs[entry.spec]?.procedure;
      for (const { name, type } of first?.params ?? []) if (type.kind === 'int') this.#param(first?.name ?? '', name, 'plain');
    }
    for (const procedure of this.#procedures.values()) {
      this.#name = procedure.name;
      this.#body(procedure, procedure.body);
    }
  }

  #complain(text: string): void {
    if (this.#last) this.#complaints.add(`${this.#name} ${text}`);
  }

  #isOurs(type: ScalarType): boolean {
    return (type.kind === 'ref' || type.kind === 'pointer') && type.table === this.table;
  }

  /** What is kept at `key` is of this kind; says so if it was of another. */
  #keep(key: string, kind: NumberKind | null, what: string): NumberKind | null {
    const known = this.#kinds.get(key) ?? null;
    if (kind === null || known === kind) return known;
    if (known !== null) {
      this.#complain(`uses ${what} as a ${known} number and as a ${kind} number`);
      return known;
    }
    this.#kinds.set(key, kind);
    this.#changed = true;
    return kind;
  }

  #local(local: string, kind: NumberKind | null): NumberKind | null {
    if (kind === 'row' && this.#procedures.get(this.#name)?.pos.language === 'c') this.#complain(`keeps the number of a row in ${local}`);
    return this.#keep(`local ${this.#name}:${local}`, kind, local);
  }

  #field({ table, field }: Place, kind: NumberKind | null): NumberKind | null {
    if (kind === 'row') this.#complain(`keeps the number of a row in ${table}.${field}`);
    return this.#keep(`field ${table}.${field}`, kind === 'row' ? null : kind, `${table}.${field}`);
  }

  #param(procedure: string, name: string, kind: NumberKind | null): NumberKind | null {
    return this.#keep(`local ${procedure}:${name}`, kind, `${name} of ${procedure}`);
  }

  /** The kind of the value, once it is known; `want`: what it must be. Null: any, so far. */
  #value(expr: Expr, want: NumberKind | null = null): NumberKind | null {
    const kind = this.#kindOf(expr, want);
    if (want !== null && kind !== null && kind !== want) this.#complain(`takes a ${kind} number for a ${want} number`);
    if (kind === 'set' && expr.type.kind === 'int' && !this.#holdsSet(expr.type)) this.#complain('cuts off bits of a set of rows');
    return kind;
  }

  #kindOf(expr: Expr, want: NumberKind | null): NumberKind | null {
    const constant = constantOf(expr);
    if (constant !== null && expr.type.kind === 'int') {
      if (want === 'row') this.#complain(`names row ${constant} of ${this.table}`);
      return constant === 0 || constant === 2 ** this.rows - 1 ? want : 'plain';
    }
    switch (expr.op) {
      case 'const':
        if (this.#isOurs(expr.type) && expr.value > 0) this.#complain(`names a row of ${this.table}`);
        return 'plain';
      case 'local':
        return expr.type.kind === 'int' ? this.#local(expr.local, want) : 'plain';
      case 'self':
        this.#complain('asks for the number of its process');
        return 'plain';
      case 'cast':
        return this.#cast(expr, want);
      case 'unary':
        return expr.operator === '~' ? this.#value(expr.a, want) : this.#plain(expr.a);
      case 'binary':
        return this.#binary(expr, want);
      case 'rowAt':
        this.#value(expr.a, this.#isOurs(expr.type) ? 'row' : 'plain');
        return 'plain';
      case 'indexOf':
        this.#value(expr.a);
        return this.#isOurs(expr.a.type) ? 'row' : 'plain';
      case 'pointerTo':
        this.#value(expr.row);
        return this.#plain(expr.index);
      default:
        this.#value(expr.a);
        return 'plain';
    }
  }

  #plain(...exprs: Expr[]): 'plain' {
    for (const expr of exprs) this.#value(expr, expr.type.kind === 'int' ? 'plain' : null);
    return 'plain';
  }

  #cast({ a, type }: Extract<Expr, { op: 'cast' }>, want: NumberKind | null): NumberKind | null {
    if (a.type.kind !== 'int') return this.#plain(a);
    const kind = this.#value(a, type.kind === 'int' ? want : null);
    if (type.kind !== 'int') {
      if (kind === 'row') this.#complain('asks whether the number of a row is 0');
      return 'plain';
    }
    if (kind === 'row' && (type.min > 0 || type.max < this.rows - 1)) this.#complain('cuts off the number of a row');
    return kind;
  }

  #binary({ operator, a, b, type }: Extract<Expr, { op: 'binary' }>, want: NumberKind | null): NumberKind | null {
    switch (operator) {
      case '==':
      case '!=': {
        if (a.type.kind !== 'int') return this.#plain(a, b);
        const kind = this.#value(a) ?? this.#value(b);
        this.#value(a, kind);
        this.#value(b, kind);
        return 'plain';
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
        if (this.#isOurs(a.type)) this.#complain(`orders rows of ${this.table}`);
        return this.#plain(a, b);
      case '<<': {
        if (constantOf(a) !== 1) return this.#plain(a, b);
        const kind = this.#value(b, want === 'set' ? 'row' : null);
        if (kind === 'set') this.#complain('shifts by a set of rows');
        return kind === 'row' ? 'set' : kind;
      }
      case '&':
        if (constantOf(b) === 1 && a.op === 'binary' && a.operator === '>>' && this.#value(a.b) === 'row') {
          // Whether a row is in the set.
          this.#value(a.a, 'set');
          return 'plain';
        }
        return this.#together(a, b, want);
      case '|':
      case '^':
        return this.#together(a, b, want);
      default:
        return type.kind === 'int' ? this.#plain(a, b) : 'plain';
    }
  }

  /** Of one kind, as the whole. */
  #together(a: Expr, b: Expr, want: NumberKind | null): NumberKind | null {
    const kind = want ?? this.#value(a) ?? this.#value(b);
    this.#value(a, kind);
    this.#value(b, kind);
    if (kind === 'row') this.#complain('calculates with the number of a row');
    return kind;
  }

  /** No bit of a row is lost, and what is out of range is so whatever rows are called. */
  #holdsSet({ min, max, overflow }: IntType): boolean {
    const bits = Math.log2(max + 1);
    return Number.isInteger(bits) && bits >= this.rows && (min === 0 || overflow === 'wrap');
  }

  #body(procedure: Procedure, body: readonly Stmt[]): void {
    for (const [index, stmt] of body.entries()) {
      const loop = stmt.kind === 'loop' ? countedLoop(body, index, this.rows) : null;
      if (stmt.kind === 'loop' && loop !== null) {
        this.#body(procedure, loop.body);
        if (this.#kinds.get(`local ${procedure.name}:${loop.counter}`) === 'row') this.#symmetric(procedure, loop);
        continue;
      }
      // The counter's start belongs to the loop behind it.
      if (stmt.kind === 'assign' && countedLoop(body, index + 1, this.rows)?.counter === stmt.dst) continue;
      this.#stmt(procedure, stmt);
    }
  }

  #symmetric(procedure: Procedure, loop: NonNullable<ReturnType<typeof countedLoop>>): void {
    const wrong = wrongWithLoop(procedure, loop, this.table);
    if (wrong !== null) this.#complain(`goes through the rows of ${this.table} in their order: ${wrong}`);
    if (this.system.program.specs.some((spec) => spec.procedure.name === procedure.name && !spec.whole))
      this.#complain(`goes through the rows of ${this.table} in their order, and others may run meanwhile`);
  }

  #stmt(procedure: Procedure, stmt: Stmt): void {
    if ('place' in stmt) this.#place(stmt.place);
    else if ('lock' in stmt) this.#place(stmt.lock);
    switch (stmt.kind) {
      case 'assign':
        this.#into(stmt.dst, stmt.value);
        return;
      case 'load':
        if (isInt(stmt.place, this.system)) this.#local(stmt.dst, this.#field(stmt.place, this.#local(stmt.dst, null)));
        return;
      case 'store':
        if (stmt.value.type.kind !== 'int') this.#value(stmt.value);
        else this.#field(stmt.place, this.#value(stmt.value, this.#field(stmt.place, null)));
        return;
      case 'atomic':
        this.#atomic(stmt);
        return;
      case 'call':
        this.#call(stmt);
        return;
      case 'return':
        if (stmt.value === null) return;
        if (stmt.value.type.kind !== 'int') this.#value(stmt.value);
        else
          this.#keep(`result ${procedure.name}`, this.#value(stmt.value, this.#keep(`result ${procedure.name}`, null, '')), 'its result');
        return;
      case 'monitor':
        for (const [k, arg] of stmt.args.entries()) this.#argument(stmt.procedure, k, arg);
        return;
      case 'choose':
        if (this.#local(stmt.dst, null) === 'row' && stmt.count !== this.rows)
          this.#complain(`chooses a row of ${this.table} and something else`);
        return;
      case 'list':
        this.#place(stmt.list);
        if (stmt.element !== null) this.#value(stmt.element);
        if (stmt.operator === 'length' && stmt.dst !== null) this.#local(stmt.dst, 'plain');
        return;
      case 'if':
        this.#plain(stmt.cond);
        this.#body(procedure, stmt.then);
        this.#body(procedure, stmt.else);
        return;
      case 'wait':
        this.#body(procedure, stmt.body);
        this.#plain(stmt.cond);
        return;
      case 'loop':
      case 'block':
      case 'ghost':
        this.#body(procedure, stmt.body);
        return;
      case 'assume':
      case 'assert':
        this.#plain(stmt.cond);
        return;
      case 'free':
      case 'rowQuery':
        this.#value(stmt.ref);
        return;
    }
  }

  #into(local: string, value: Expr): void {
    if (value.type.kind !== 'int') this.#value(value);
    else this.#local(local, this.#value(value, this.#local(local, null)));
  }

  #place(place: Place): void {
    for (const expr of exprsOfPlace(place)) this.#plain(expr);
  }

  #atomic({ operator, place, operands, dst }: Extract<Stmt, { kind: 'atomic' }>): void {
    if (!isInt(place, this.system)) {
      for (const operand of operands) this.#value(operand);
      return;
    }
    const arithmetic = operator === 'fetchAdd';
    for (const operand of operands) this.#field(place, this.#value(operand, arithmetic ? 'plain' : this.#field(place, null)));
    if (dst !== null) this.#local(dst, this.#field(place, this.#local(dst, null)));
  }

  #call({ callee, args, dst }: Extract<Stmt, { kind: 'call' }>): void {
    const target = this.#procedures.get(callee);
    if (target === undefined) {
      this.#complain(`calls ${callee}, which is not known`);
      return;
    }
    for (const [k, arg] of args.entries()) {
      if (arg.mode === 'in') this.#argument(callee, k, arg.value);
      else if (target.params[k]?.type.kind === 'int') {
        const name = target.params[k].name;
        this.#local(arg.local, this.#param(callee, name, this.#local(arg.local, null)));
      }
    }
    if (dst !== null && target.result.kind === 'int')
      this.#local(dst, this.#keep(`result ${callee}`, this.#local(dst, null), 'its result'));
  }

  #argument(callee: string, k: number, arg: Expr): void {
    const param = this.#procedures.get(callee)?.params[k];
    if (arg.type.kind !== 'int' || param === undefined) {
      this.#value(arg);
      return;
    }
    const known = this.#param(callee, param.name, null);
    this.#param(callee, param.name, this.#value(arg, known));
  }
}

function isInt(place: Place, { description }: Pick<CompiledSystem, 'description'>): boolean {
  const fields = description.machine.tables.find(({ name }) => name === place.table)?.fields;
  return fields?.find(({ path }) => path === place.field)?.type.kind === 'int';
}

/** What an expression without locals comes to. */
export function constantOf(expr: Expr): number | null {
  if (expr.op === 'const') return expr.value;
  if (expr.op === 'cast') return constantOf(expr.a);
  if (expr.op !== 'binary' || localsOfExpr(expr).length > 0) return null;
  const [a, b] = [constantOf(expr.a), constantOf(expr.b)];
  if (a === null || b === null) return null;
  if (expr.operator === '<<') return a * 2 ** b;
  return expr.operator === '-' ? a - b : expr.operator === '+' ? a + b : null;
}

function namesCalled(body: readonly Stmt[]): string[] {
  return body.flatMap((stmt) => {
    const inside = stmt.kind === 'if' ? [...stmt.then, ...stmt.else] : 'body' in stmt ? stmt.body : [];
    return [...(stmt.kind === 'call' ? [stmt.callee] : stmt.kind === 'monitor' ? [stmt.procedure] : []), ...namesCalled(inside)];
  });
}
