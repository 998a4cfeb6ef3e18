/**
 * What of the machine a procedure can look at or change: two states that agree in that are one to it.
 *
 * In: procedures, names. Out: the part of a state that matters to them, as a key. Never: less than what they touch.
 */
import {
  calleesOf,
  type Expr,
  exprsOf,
  type MachineState,
  type ProcedureTable,
  placeOf,
  visitExpr,
  visitStmts,
} from '../../compiler/index.ts';

export interface Touched {
  /** As `table.field`. */
  readonly fields: ReadonlySet<string>;
  /** Tables of whose rows it may matter which exist. */
  readonly tables: ReadonlySet<string>;
}

/** By the procedures of these names and all that they call. */
export function touchedBy(names: readonly string[], procedures: ProcedureTable): Touched {
  const fields = new Set<string>();
  const tables = new Set<string>();
  const done = new Set<string>();
  const open = [...names];
  const lookAt = (expr: Expr): void => {
    const { type } = expr;
    if (type.kind === 'ref' || type.kind === 'pointer') tables.add(type.table);
  };
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const procedure = procedures.get(name);
    if (procedure === undefined || done.has(name)) continue;
    done.add(name);
    open.push(...calleesOf(procedure.body));
    visitStmts(procedure.body, (stmt) => {
      const place = placeOf(stmt);
      if (place !== null) {
        fields.add(`${place.table}.${place.field}`);
        tables.add(place.table);
      }
      if (stmt.kind === 'alloc') tables.add(stmt.table);
      for (const expr of exprsOf(stmt)) visitExpr(expr, lookAt);
    });
  }
  return { fields, tables };
}

/** Equal of states that agree in what is touched. */
export function touchedKey({ tables, allocated }: MachineState, touched: Touched): string {
  const cells = Object.entries(tables).flatMap(([table, fields]) =>
    Object.entries(fields).flatMap(([field, values]) => (touched.fields.has(`${table}.${field}`) ? [values] : [])),
  );
  const rows = Object.entries(allocated).flatMap(([table, exists]) => (touched.tables.has(table) ? [exists.map(Number)] : []));
  return JSON.stringify([cells, rows]);
}
