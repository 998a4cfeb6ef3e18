/**
 * What of the machine a procedure can look at or change: two states that agree in that are one to it.
 *
 * In: procedures, names. Out: the part of a state that matters to them, as a key. Never: less than what they touch.
 */
import {
  type CellState,
  calleesOf,
  type Expr,
  exprsOf,
  type MachineState,
  type ProcedureTable,
  placeOf,
  visitExpr,
  visitStmts,
} from '../../compiler/index.ts';
import { Mixer } from './mixer.ts';

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

/** Equal of states of one machine that agree in what is touched. */
export function touchedKey({ tables, allocated }: MachineState, touched: Touched): string {
  const mixer = new Mixer();
  for (const [table, fields] of Object.entries(tables)) {
    for (const [field, cells] of Object.entries(fields)) {
      if (touched.fields.has(`${table}.${field}`)) for (const cell of cells) mixCell(mixer, cell);
    }
  }
  for (const [table, exists] of Object.entries(allocated)) {
    if (touched.tables.has(table)) for (const one of exists) mixer.mix(Number(one));
  }
  return mixer.key();
}

function mixCell(mixer: Mixer, cell: CellState): void {
  if (typeof cell === 'number') {
    mixer.mix(cell);
    return;
  }
  const parts = Array.isArray(cell) ? cell : [cell.writer, cell.readers, cell.waiting];
  mixer.mix(parts.length);
  for (const part of parts) mixer.mix(part);
}
