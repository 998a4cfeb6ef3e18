/**
 * Loops that walk all rows of a table for those whose field has a value.
 *
 * In: a procedure. Out: its loops of that shape, each with what it looks for. Never: a loop that does anything for other rows:
 * to skip them changes nothing but the time.
 */
import type { Expr, Procedure, Stmt, TableDescription } from '../ir/types.ts';
import { localsOfExpr, localsRead, localsWritten, placeOf, visitStmts } from '../ir/walk.ts';

export interface RowScan {
  /** Only allocated rows are asked for their field. */
  readonly table: string;
  readonly field: string;
  /** Does not change in the loop. */
  readonly value: Expr;
  /** The local that counts rows. */
  readonly counter: string;
}

/** By the loop itself. */
export function rowScansOf({ body }: Procedure, tables: ReadonlyMap<string, TableDescription>): ReadonlyMap<Stmt, RowScan> {
  const found = new Map<Stmt, RowScan>();
  visitStmts(body, (stmt) => {
    const scan = stmt.kind === 'loop' ? scanOf(stmt, tables) : null;
    if (scan !== null && onlyInside(stmt, [scan.counter, ...scan.written], body)) found.set(stmt, scan);
  });
  return found;
}

/** Fields that scans ask for, without those that anything but a plain store writes. */
export function indexedFields(procedures: readonly Procedure[], scans: readonly RowScan[]): readonly Pick<RowScan, 'table' | 'field'>[] {
  const wanted = new Map(scans.map(({ table, field }) => [`${table}.${field}`, { table, field }]));
  for (const { body } of procedures) {
    visitStmts(body, (stmt) => {
      const place = placeOf(stmt);
      const plain = stmt.kind === 'load' || (stmt.kind === 'store' && place?.kind === 'field');
      if (place !== null && !plain) wanted.delete(`${place.table}.${place.field}`);
    });
  }
  return [...wanted.values()];
}

interface Found extends RowScan {
  /** Locals that the loop writes for rows without the value, too. */
  readonly written: readonly string[];
}

/** `for (i < rows) { const row = rowAt(table, i); … if it is allocated … if its field is the value … }`. */
function scanOf(loop: Stmt & { kind: 'loop' }, tables: ReadonlyMap<string, TableDescription>): Found | null {
  const [bound, ...rest] = loop.body;
  const step = rest.pop();
  if (bound?.kind !== 'if' || bound.else.length > 0 || !leaves(bound.then, loop.label)) return null;
  const { cond } = bound;
  if (cond.op !== 'binary' || cond.operator !== '>=' || cond.a.op !== 'local' || cond.b.op !== 'const') return null;
  const counter = cond.a.local;
  if (step === undefined || !incremented(step, counter)) return null;
  const filter = filterOf(rest, counter, tables);
  if (filter === null || cond.b.value > (tables.get(filter.table)?.rows ?? 0)) return null;
  const written = new Set<string>();
  visitStmts(rest, (stmt) => {
    for (const local of localsWritten(stmt)) written.add(local);
  });
  if (written.has(counter) || localsOfExpr(filter.value).some((local) => written.has(local) || local === counter)) return null;
  return { ...filter, counter };
}

/** Straight on from the start of the body to the comparison, past nothing but what is read of the row; null: something else is there. */
function filterOf(body: readonly Stmt[], counter: string, tables: ReadonlyMap<string, TableDescription>): Omit<Found, 'counter'> | null {
  const written: string[] = [];
  const fields = new Map<string, string>();
  let row: { readonly local: string; readonly table: string } | null = null;
  let query: string | null = null;
  let allocated = false;
  let skip: string | null = null;
  let stmts = body;
  for (let k = 0; k < stmts.length; k++) {
    const stmt = stmts[k];
    if (stmt === undefined) return null;
    if (stmt.kind === 'block' && stmts.length === 1 && skip === null) {
      [skip, stmts, k] = [stmt.label, stmt.body, -1];
    } else if (stmt.kind === 'assign' && row === null && stmt.value.op === 'rowAt') {
      const { a, type } = stmt.value;
      if (a.op !== 'local' || a.local !== counter || tables.get(type.table)?.dynamic !== true) return null;
      row = { local: stmt.dst, table: type.table };
      written.push(stmt.dst);
    } else if (stmt.kind === 'rowQuery' && isLocal(stmt.ref, row?.local)) {
      query = stmt.dst;
      written.push(stmt.dst);
    } else if (stmt.kind === 'load' && allocated && stmt.place.kind === 'field' && isLocal(stmt.place.row, row?.local)) {
      if (stmt.place.index !== null) return null;
      fields.set(stmt.dst, stmt.place.field);
      written.push(stmt.dst);
    } else if (stmt.kind === 'if' && stmt.else.length === 0 && row !== null) {
      const inside = k === stmts.length - 1 && !(skip !== null && leaves(stmt.then, skip));
      if (!inside && (skip === null || !leaves(stmt.then, skip))) return null;
      const compared = comparedField(stmt.cond, inside ? '==' : '!=', fields);
      if (compared !== null) return { table: row.table, ...compared, written };
      if (localsOfExpr(stmt.cond).some((local) => !written.includes(local))) return null;
      if (isTruth(stmt.cond, query, inside)) allocated = true;
      if (inside) [stmts, k] = [stmt.then, -1];
    } else {
      return null;
    }
  }
  return null;
}

/** A field of the row on one side. */
function comparedField(cond: Expr, operator: '==' | '!=', fields: ReadonlyMap<string, string>): Pick<RowScan, 'field' | 'value'> | null {
  if (cond.op !== 'binary' || cond.operator !== operator) return null;
  for (const [one, value] of [
    [cond.a, cond.b],
    [cond.b, cond.a],
  ] as const) {
    const field = one.op === 'local' ? fields.get(one.local) : undefined;
    if (field !== undefined && (value.op === 'local' || value.op === 'const')) return { field, value };
  }
  return null;
}

/** The local itself, or its negation. */
function isTruth(cond: Expr, local: string | null, positive: boolean): boolean {
  if (local === null) return false;
  if (positive) return isLocal(cond, local);
  return cond.op === 'unary' && cond.operator === '!' && isLocal(cond.a, local);
}
function isLocal(expr: Expr | null, local: string | undefined): boolean {
  return expr?.op === 'local' && expr.local === local;
}
function leaves(stmts: readonly Stmt[], label: string): boolean {
  const [only] = stmts;
  return stmts.length === 1 && only?.kind === 'leave' && only.label === label;
}
function incremented(stmt: Stmt, local: string): boolean {
  if (stmt.kind !== 'assign' || stmt.dst !== local || stmt.value.op !== 'binary' || stmt.value.operator !== '+') return false;
  return isLocal(stmt.value.a, local) && stmt.value.b.op === 'const' && stmt.value.b.value === 1;
}

/** Whether nothing outside the loop reads these locals. */
function onlyInside(loop: Stmt, locals: readonly string[], body: readonly Stmt[]): boolean {
  let only = true;
  visitStmts(body, (stmt, parents) => {
    if (stmt === loop || parents.includes(loop)) return;
    if (localsRead(stmt).some((local) => locals.includes(local))) only = false;
  });
  return only;
}
