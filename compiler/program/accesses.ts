/**
 * What a node touches of the shared state.
 *
 * In: folded leaf statements. Out: accesses. Never: following calls; that is `conflicts.ts`.
 *
 * Beside the fields there are two shadows per dynamic table. `$rows`: which rows are allocated, read and
 * written by alloc, free and row queries. `$life`: whether a row that somebody refers to still exists, read
 * by every dereference and written by free; so a dereference without a lock conflicts with a free, and
 * two dereferences conflict with nothing.
 */

import type { Expr, Place, TableDescription } from '../ir/types.ts';
import { exprsOf, placeOf, visitExpr } from '../ir/walk.ts';
import { constantOf } from './fold.ts';
import type { LeafStmt } from './types.ts';

export interface Access {
  /** `table.field`, `table.$rows` or `table.$life`. */
  readonly field: string;
  /** Row number from 0, or null if any. */
  readonly row: number | null;
  readonly index: number | null;
  readonly write: boolean;
  /** To a row that no other process can know of: conflicts with nothing, though a state property may see it. */
  readonly private?: boolean;
}

type Tables = ReadonlyMap<string, TableDescription>;

/** `isPrivate`: whether a local refers to a row that no other process can know of. */
export function accessesOf(stmt: LeafStmt, tables: Tables, isPrivate: (local: string) => boolean): Access[] {
  const place = placeOf(stmt);
  const own = ownAccesses(stmt, tables);
  const hidden = place?.kind === 'field' && place.row?.op === 'local' && isPrivate(place.row.local);
  return [...(hidden ? own.map((a) => ({ ...a, private: true })) : own), ...exprsOf(stmt).flatMap((e) => exprAccesses(e, tables))];
}

/**
 * Whether a row still exists is shared state, and some expressions on references read it: a comparison of two
 * (a dangling one equals no row), and whatever makes something else of one.
 */
export function exprAccesses(expr: Expr, tables: Tables): Access[] {
  const found: Access[] = [];
  visitExpr(expr, (node) => {
    const read = referencesRead(node);
    for (const name of read) {
      const table = tables.get(name);
      if (table !== undefined) found.push(...life(table));
    }
  });
  return found;
}

/** Tables of the strong references whose life the operation itself depends on. */
function referencesRead(node: Expr): string[] {
  switch (node.op) {
    case 'isDangling':
    case 'indexOf':
    case 'pointerRow':
    case 'pointerIndex':
      return strongTable(node.a);
    case 'refCast':
      // Between strong types it stays the same reference, dangling or not.
      return node.type.strong ? [] : strongTable(node.a);
    case 'pointerTo':
      return strongTable(node.row);
    case 'binary':
      return node.a.op === 'const' || node.b.op === 'const' ? [] : [...strongTable(node.a), ...strongTable(node.b)];
    default:
      return [];
  }
}
function strongTable(expr: Expr): string[] {
  const { type } = expr;
  if (expr.op === 'const') return [];
  return (type.kind === 'ref' && type.strong) || type.kind === 'pointer' ? [type.table] : [];
}

function ownAccesses(stmt: LeafStmt, tables: Tables): Access[] {
  switch (stmt.kind) {
    case 'load':
      return place(stmt.place, false, tables);
    case 'store':
      return place(stmt.place, true, tables);
    case 'atomic':
      return place(stmt.place, true, tables);
    case 'acquire':
    case 'release':
    case 'tryAcquire':
    case 'lockQuery':
      return place(stmt.lock, false, tables).filter((a) => a.field.endsWith('$life'));
    case 'list': {
      const writes = stmt.operator === 'add' || stmt.operator === 'addTail' || stmt.operator === 'remove';
      const own = place(stmt.list, writes, tables);
      const element = stmt.element === null ? [] : strongTable(stmt.element).flatMap((name) => lifeOf(name, tables));
      own.push(...element);
      return stmt.exclusive ? [...own, { field: `${stmt.list.table}.${stmt.list.field}`, row: null, index: null, write: false }] : own;
    }
    case 'alloc':
      return [{ field: `${stmt.table}.$rows`, row: null, index: null, write: true }];
    case 'free': {
      const table = stmt.ref.type.kind === 'ref' ? stmt.ref.type.table : '';
      const row = rowOf(stmt.ref);
      return [
        { field: `${table}.$rows`, row: null, index: null, write: true },
        { field: `${table}.$life`, row, index: null, write: true },
      ];
    }
    case 'rowQuery': {
      const table = stmt.ref.type.kind === 'ref' ? stmt.ref.type.table : '';
      return [{ field: `${table}.$rows`, row: null, index: null, write: false }];
    }
    case 'assign':
    case 'choose':
    case 'assume':
    case 'assert':
    case 'mark':
    case 'preempt':
      return [];
  }
}

function place(where: Place, write: boolean, tables: Tables): Access[] {
  const table = tables.get(where.table);
  if (table === undefined) throw new Error(`no table ${where.table}`);
  const field = `${where.table}.${where.field}`;
  if (where.kind === 'pointer') return [{ field, row: null, index: null, write }, ...life(table)];
  const row = where.row === null ? 0 : rowOf(where.row);
  const index = where.index === null ? 0 : constantOf(where.index);
  return [{ field, row, index, write }, ...life(table)];
}

function life(table: TableDescription): Access[] {
  return table.dynamic ? [{ field: `${table.name}.$life`, row: null, index: null, write: false }] : [];
}

function lifeOf(name: string, tables: Tables): Access[] {
  const table = tables.get(name);
  return table === undefined ? [] : life(table);
}

function rowOf(ref: Expr): number | null {
  const value = constantOf(ref);
  return value === null ? null : value - 1;
}

/** Whether two accesses may meet in one place, one of them writing. */
export function overlap(a: Access, b: Access): boolean {
  if (!a.write && !b.write) return false;
  return (a.row === null || b.row === null || a.row === b.row) && (a.index === null || b.index === null || a.index === b.index);
}

/** The same of accesses to any fields. */
export function overlapping(a: Access, b: Access): boolean {
  return a.field === b.field && overlap(a, b);
}
