/**
 * Statements of one node as C.
 *
 * In: leaf statements. Out: C statements on the successor `N`. Never: control flow between nodes.
 */
import type { Place, ScalarType } from '../ir/types.ts';
import type { LeafStmt } from '../program/types.ts';
import { quoted } from './context.ts';
import { brought, expression, pointerOf, rowNumber, type Scope } from './expressions.ts';

export interface StatementScope extends Scope {
  typeOf(local: string): ScalarType;
  /** C that leaves the function when the process blocks here; `no_step()` where it cannot just return. */
  readonly blocked: string;
  /** C that ends the step with the process where it is. */
  readonly announced: string;
}

/** `local := value`, brought into the local's type. */
export function setLocal(scope: StatementScope, local: string, value: string): string {
  return `${scope.local(local)} = ${brought(scope.typeOf(local), value)};`;
}

/** Element number of the place, tested. */
function elementNumber(place: Place, scope: Scope): string {
  const { context } = scope;
  const length = context.lengthOf(place.table, place.field);
  const liveName = context.liveName(place.table);
  const live = liveName === null ? '0' : `N.${liveName}`;
  if (place.kind === 'pointer') {
    const value = `element(${expression(place.pointer, scope)}, ${context.dangling(pointerOf(place.pointer))})`;
    return `at_element(${value}, ${length}, ${live})`;
  }
  const row = place.row === null ? '0' : rowNumber(place.row, scope);
  const index = place.index === null ? '0' : expression(place.index, scope);
  return `at(${row}, ${index}, ${length}, ${live})`;
}

function member(place: Place, scope: Scope): string {
  return `N.${scope.context.fieldName(place.table, place.field)}`;
}

function scalarType(place: Place, scope: Scope): ScalarType {
  const { type } = scope.context.field(place.table, place.field);
  if (type.kind === 'lock' || type.kind === 'list') throw new TypeError(`${place.table}.${place.field} is not a scalar`);
  return type;
}

type Leaf<K extends LeafStmt['kind']> = Extract<LeafStmt, { kind: K }>;

export function leaf(stmt: LeafStmt, scope: StatementScope): string {
  switch (stmt.kind) {
    case 'assign':
      return setLocal(scope, stmt.dst, expression(stmt.value, scope));
    case 'load':
      return setLocal(scope, stmt.dst, `(ll)${member(stmt.place, scope)}[${elementNumber(stmt.place, scope)}]`);
    case 'store': {
      const value = brought(scalarType(stmt.place, scope), expression(stmt.value, scope));
      return `{ int k = ${elementNumber(stmt.place, scope)}; ${member(stmt.place, scope)}[k] = ${value}; }`;
    }
    case 'atomic':
      return atomic(stmt, scope);
    case 'acquire':
      return acquire(stmt, scope);
    case 'release': {
      const { bits, lock } = lockOf(stmt.lock, scope);
      const let_go = stmt.mode === 'exclusive' ? `if (${lock}w[k] != self + 1) end_path(notHeld); ${lock}w[k] = 0;` : shared(lock, bits);
      return `{ int k = ${elementNumber(stmt.lock, scope)}; ${let_go} }`;
    }
    case 'tryAcquire': {
      const { lock } = lockOf(stmt.lock, scope);
      const got = `int got = !${held(lock)} && ${free(lock, stmt.mode)}; if (got) { ${take(lock, stmt.mode)} }`;
      return `{ int k = ${elementNumber(stmt.lock, scope)}; ${got} ${setLocal(scope, stmt.dst, 'got')} }`;
    }
    case 'lockQuery':
      return `{ int k = ${elementNumber(stmt.lock, scope)}; ${setLocal(scope, stmt.dst, query(stmt, scope))} }`;
    case 'list':
      return list(stmt, scope);
    case 'alloc': {
      const { rows } = scope.context.table(stmt.table);
      const live = `N.${scope.context.liveName(stmt.table) ?? ''}`;
      const found = `while (k < ${rows} && ${live}[k]) k++; if (k == ${rows}) end_path(bound); ${live}[k] = 1;`;
      return `{ int k = 0; ${found} ${setLocal(scope, stmt.dst, 'k + 1')} }`;
    }
    case 'free':
      return freeRow(stmt, scope);
    case 'rowQuery': {
      if (stmt.ref.type.kind !== 'ref') throw new TypeError('a reference is needed');
      const { table } = stmt.ref.type;
      const live = scope.context.liveName(table);
      const lives = `v >= 1 && v <= ${scope.context.table(table).rows}${live === null ? '' : ` && N.${live}[v - 1]`}`;
      return `{ ll v = ${expression(stmt.ref, scope)}; ${setLocal(scope, stmt.dst, `(${lives})`)} }`;
    }
    case 'choose':
      return setLocal(scope, stmt.dst, `choose(${stmt.count})`);
    case 'assume':
      return `if (!(${expression(stmt.cond, scope)})) no_step();`;
    case 'assert':
      return assertion(stmt, scope);
    case 'mark':
    case 'preempt':
      return ';';
  }
}

function assertion(stmt: Leaf<'assert'>, scope: StatementScope): string {
  const property = stmt.property === null ? -1 : scope.context.program.properties.indexOf(stmt.property);
  const violated = property < 0 ? '' : `bad |= ${bit(property)}; `;
  const ends = stmt.severity === 'bug' ? `message = ${scope.context.message(stmt.message)}; end_path(bug); ` : '';
  return `if (!(${expression(stmt.cond, scope)})) { ${violated}${ends}}`;
}

/** The bit of a property in `bad` and `reached`. */
export function bit(property: number): string {
  return `(1ULL << ${property})`;
}

function atomic(stmt: Leaf<'atomic'>, scope: StatementScope): string {
  const type = scalarType(stmt.place, scope);
  const place = `${member(stmt.place, scope)}[k]`;
  const operands = stmt.operands.map((operand, n) => `ll o${n} = ${expression(operand, scope)};`).join(' ');
  const set = (value: string) => `${place} = ${brought(type, value)};`;
  const act = {
    compareExchange: `int done = before == o0; if (done) { ${set('o1')} }`,
    exchange: set('o0'),
    fetchAnd: set('(before & o0)'),
    fetchOr: set('(before | o0)'),
    fetchAdd: set('(before + o0)'),
  }[stmt.operator];
  const dst = stmt.dst === null ? '' : setLocal(scope, stmt.dst, 'before');
  const success = stmt.success === null || stmt.operator !== 'compareExchange' ? '' : setLocal(scope, stmt.success, 'done');
  return `{ int k = ${elementNumber(stmt.place, scope)}; ${operands} ll before = ${place}; ${act} ${dst} ${success} }`;
}

function lockOf(place: Place, scope: Scope): { lock: string; bits: string; preferred: boolean } {
  const { type } = scope.context.field(place.table, place.field);
  if (type.kind !== 'lock') throw new TypeError(`${place.table}.${place.field} is not a lock`);
  return { lock: member(place, scope), bits: '(1u << self)', preferred: type.flavour === 'rwlock' && type.writerPreference };
}
function held(lock: string): string {
  return `(${lock}w[k] == self + 1 || (${lock}r[k] >> self & 1))`;
}
function free(lock: string, mode: 'exclusive' | 'shared'): string {
  return mode === 'exclusive' ? `(!${lock}w[k] && !${lock}r[k])` : `(!${lock}w[k] && !${lock}q[k])`;
}
function take(lock: string, mode: 'exclusive' | 'shared'): string {
  return mode === 'exclusive' ? `${lock}w[k] = self + 1; ${lock}q[k] &= ~(1u << self);` : `${lock}r[k] |= 1u << self;`;
}
function shared(lock: string, bits: string): string {
  return `if (!(${lock}r[k] & ${bits})) end_path(notHeld); ${lock}r[k] &= ~${bits};`;
}

function acquire(stmt: Leaf<'acquire'>, scope: StatementScope): string {
  const { lock, bits, preferred } = lockOf(stmt.lock, scope);
  const announce =
    stmt.mode === 'exclusive' && preferred
      ? `else if (!(${lock}q[k] & ${bits})) { ${lock}q[k] |= ${bits}; ${scope.announced} } else ${scope.blocked}`
      : `else ${scope.blocked}`;
  const go = `if (${free(lock, stmt.mode)}) { ${take(lock, stmt.mode)} } ${announce}`;
  return `{ int k = ${elementNumber(stmt.lock, scope)}; if (${held(lock)}) end_path(selfDeadlock); ${go} }`;
}

function query(stmt: Leaf<'lockQuery'>, scope: Scope): string {
  const { lock, bits } = lockOf(stmt.lock, scope);
  switch (stmt.query) {
    case 'contended':
      return `((${lock}q[k] & ~${bits}) != 0 || (${lock}w[k] != 0 && ${lock}w[k] != self + 1))`;
    case 'heldExclusive':
      return `(${lock}w[k] == self + 1)`;
    case 'heldShared':
      return `((${lock}r[k] & ${bits}) != 0)`;
    case 'held':
      return held(lock);
  }
}

function list(stmt: Leaf<'list'>, scope: StatementScope): string {
  const { type } = scope.context.field(stmt.list.table, stmt.list.field);
  if (type.kind !== 'list') throw new TypeError(`${stmt.list.table}.${stmt.list.field} is not a list`);
  const name = member(stmt.list, scope);
  const [items, length] = [`${name}e[k]`, `${name}n[k]`];
  const { rows } = scope.context.table(stmt.list.table);
  const count = rows * scope.context.lengthOf(stmt.list.table, stmt.list.field);
  const element =
    stmt.element === null
      ? ''
      : `ll e = ${expression(stmt.element, scope)}; if (e == 0) end_path(nullDereference); ` +
        `if (e == ${scope.context.dangling(type.element)}) end_path(useAfterFree);`;
  const elsewhere = stmt.exclusive
    ? `for (int j = 0; j < ${count}; j++) if (list_find(${name}e[j], ${name}n[j], e) >= 0) end_path(listCorruption);`
    : '';
  const fresh = `if (list_find(${items}, ${length}, e) >= 0) end_path(listCorruption); ${elsewhere}`;
  const insert = (where: string) => `${fresh} list_insert(${items}, &${length}, ${type.capacity}, ${where}, e);`;
  const act = {
    add: insert('0'),
    addTail: insert(length),
    remove: `list_remove(${items}, &${length}, e);`,
    contains: `r = list_find(${items}, ${length}, e) >= 0;`,
    length: `r = ${length};`,
    isEmpty: `r = ${length} == 0;`,
    first: `r = ${length} == 0 ? 0 : ${items}[0];`,
    last: `r = ${length} == 0 ? 0 : ${items}[${length} - 1];`,
    next: `r = list_step(${items}, ${length}, e, 1);`,
    previous: `r = list_step(${items}, ${length}, e, -1);`,
  }[stmt.operator];
  const gives = !['add', 'addTail', 'remove'].includes(stmt.operator);
  const dst = stmt.dst === null || !gives ? '' : setLocal(scope, stmt.dst, 'r');
  return `{ int k = ${elementNumber(stmt.list, scope)}; ll r = 0; (void)r; ${element} ${act} ${dst} }`;
}

function freeRow(stmt: Leaf<'free'>, scope: StatementScope): string {
  const { type } = stmt.ref;
  if (type.kind !== 'ref') throw new TypeError('free takes a reference');
  const { context } = scope;
  const value = expression(stmt.ref, scope);
  const live = `N.${context.liveName(type.table) ?? ''}`;
  const { rows } = context.table(type.table);
  const dangling = context.dangling(type);
  const twice = `if (v == ${dangling}) end_path(doubleFree); ll row = row_of(v, ${rows}, ${dangling}); if (!${live}[row]) end_path(doubleFree);`;
  return `{ ll v = ${value}; ${twice} free${context.tableNumber(type.table)}((int)row); }`;
}

/** A text for the reader of a verdict. */
export function messageTable(messages: readonly string[]): string {
  return `static const char *messages[] = { ${[...messages.map(quoted), '""'].join(', ')} };`;
}
