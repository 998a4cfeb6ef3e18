/**
 * Going through IR: visiting and rebuilding statements, expressions and places.
 *
 * In: IR. Out: IR, or calls of what was given. Never: a change of what it was given; a meaning of its own.
 *
 * Whoever adds a kind of statement or expression has to add it here, and the exhaustive switches say so.
 */
import type { Argument, Expr, Place, Stmt } from './types.ts';

// ---------------------------------------------------------------------------------------------
// Expressions

/** The operands of an expression, in order of evaluation. */
export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case 'const':
    case 'local':
    case 'self':
      return [];
    case 'binary':
      return [expr.a, expr.b];
    case 'pointerTo':
      return [expr.row, expr.index];
    default:
      return [expr.a];
  }
}

/** Calls `visit` for the expression and all below it, operands first. */
export function visitExpr(expr: Expr, visit: (expr: Expr) => void): void {
  for (const operand of operandsOf(expr)) visitExpr(operand, visit);
  visit(expr);
}

/** Rebuilds an expression from its leaves up: `map` gets each node with its operands already mapped. What does not change is shared. */
export function mapExpr(expr: Expr, map: (expr: Expr) => Expr): Expr {
  switch (expr.op) {
    case 'const':
    case 'local':
    case 'self':
      return map(expr);
    case 'binary': {
      const [a, b] = [mapExpr(expr.a, map), mapExpr(expr.b, map)];
      return map(a === expr.a && b === expr.b ? expr : { ...expr, a, b });
    }
    case 'pointerTo': {
      const [row, index] = [mapExpr(expr.row, map), mapExpr(expr.index, map)];
      return map(row === expr.row && index === expr.index ? expr : { ...expr, row, index });
    }
    default: {
      const a = mapExpr(expr.a, map);
      return map(a === expr.a ? expr : { ...expr, a });
    }
  }
}

/** Names of the locals that an expression reads. */
export function localsOfExpr(expr: Expr): string[] {
  const names: string[] = [];
  visitExpr(expr, (node) => {
    if (node.op === 'local') names.push(node.local);
  });
  return names;
}

// ---------------------------------------------------------------------------------------------
// Places

/** The expressions of a place, in order of evaluation. */
export function exprsOfPlace(place: Place): readonly Expr[] {
  if (place.kind === 'pointer') return [place.pointer];
  return [place.row, place.index].filter((expr) => expr !== null);
}

/** A place with each of its expressions replaced by `map` of it (whole expressions, not their nodes). */
export function mapPlace(place: Place, map: (expr: Expr) => Expr): Place {
  if (place.kind === 'pointer') return { ...place, pointer: map(place.pointer) };
  return { ...place, row: place.row && map(place.row), index: place.index && map(place.index) };
}

/** The shared field that a statement itself touches (not those nested in it), or null. */
export function placeOf(stmt: Stmt): Place | null {
  switch (stmt.kind) {
    case 'load':
    case 'store':
    case 'atomic':
      return stmt.place;
    case 'acquire':
    case 'release':
    case 'tryAcquire':
    case 'lockQuery':
      return stmt.lock;
    case 'list':
      return stmt.list;
    default:
      return null;
  }
}

// ---------------------------------------------------------------------------------------------
// Statements

/** The lists of statements inside a statement: then and else, bodies. */
export function bodiesOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.kind) {
    case 'if':
      return [stmt.then, stmt.else];
    case 'loop':
    case 'block':
    case 'wait':
    case 'ghost':
      return [stmt.body];
    default:
      return [];
  }
}

/** The statement with each list of statements inside it replaced by `map` of that list. */
export function mapBodies(stmt: Stmt, map: (body: readonly Stmt[]) => readonly Stmt[]): Stmt {
  switch (stmt.kind) {
    case 'if':
      return { ...stmt, then: map(stmt.then), else: map(stmt.else) };
    case 'loop':
    case 'block':
    case 'wait':
    case 'ghost':
      return { ...stmt, body: map(stmt.body) };
    default:
      return stmt;
  }
}

/**
 * Calls `visit` for every statement, a statement before those inside it. `parents` are the statements
 * around it, outermost first (the same array each time: copy it to keep it).
 */
export function visitStmts(body: readonly Stmt[], visit: (stmt: Stmt, parents: readonly Stmt[]) => void): void {
  const parents: Stmt[] = [];
  const go = (list: readonly Stmt[]): void => {
    for (const stmt of list) {
      visit(stmt, parents);
      parents.push(stmt);
      bodiesOf(stmt).forEach(go);
      parents.pop();
    }
  };
  go(body);
}

/**
 * Rebuilds a list of statements from the inside out. `map` gets each statement with its bodies already
 * mapped, and gives what takes its place: nothing, itself, or several.
 */
export function mapStmts(body: readonly Stmt[], map: (stmt: Stmt) => readonly Stmt[]): Stmt[] {
  return body.flatMap((stmt) => map(mapBodies(stmt, (inner) => mapStmts(inner, map))));
}

/** Replaces the statement with this id, once; the same list if there is none. */
export function replaceStmt(body: readonly Stmt[], id: string, map: (stmt: Stmt) => readonly Stmt[]): Stmt[] {
  return body.flatMap((stmt) => (stmt.id === id ? map(stmt) : [mapBodies(stmt, (inner) => replaceStmt(inner, id, map))]));
}

/**
 * The expressions of a statement itself, places' included, in order of evaluation; not those of
 * statements nested in it. The condition of a `wait` is evaluated after its body, that of an `if` before.
 */
export function exprsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case 'assign':
      return [stmt.value];
    case 'load':
    case 'acquire':
    case 'release':
    case 'tryAcquire':
    case 'lockQuery':
      return placeExprs(stmt);
    case 'store':
      return [...placeExprs(stmt), stmt.value];
    case 'atomic':
      return [...placeExprs(stmt), ...stmt.operands];
    case 'list':
      return stmt.element === null ? placeExprs(stmt) : [...placeExprs(stmt), stmt.element];
    case 'call':
      return stmt.args.flatMap((arg) => (arg.mode === 'in' ? [arg.value] : []));
    case 'if':
    case 'assume':
    case 'wait':
    case 'assert':
      return [stmt.cond];
    case 'return':
      return stmt.value === null ? [] : [stmt.value];
    case 'free':
    case 'rowQuery':
      return [stmt.ref];
    case 'monitor':
      return stmt.args;
    case 'loop':
    case 'block':
    case 'leave':
    case 'continue':
    case 'alloc':
    case 'choose':
    case 'ghost':
    case 'mark':
    case 'preempt':
      return [];
  }
}
function placeExprs(stmt: Stmt): readonly Expr[] {
  const place = placeOf(stmt);
  return place === null ? [] : exprsOfPlace(place);
}

/** The statement with each of the expressions that `exprsOf` lists replaced by `map` of it. */
export function mapExprs(stmt: Stmt, map: (expr: Expr) => Expr): Stmt {
  switch (stmt.kind) {
    case 'assign':
      return { ...stmt, value: map(stmt.value) };
    case 'load':
      return { ...stmt, place: mapPlace(stmt.place, map) };
    case 'store':
      return { ...stmt, place: mapPlace(stmt.place, map), value: map(stmt.value) };
    case 'atomic':
      return { ...stmt, place: mapPlace(stmt.place, map), operands: stmt.operands.map(map) };
    case 'acquire':
    case 'release':
    case 'tryAcquire':
    case 'lockQuery':
      return { ...stmt, lock: mapPlace(stmt.lock, map) };
    case 'list':
      return { ...stmt, list: mapPlace(stmt.list, map), element: stmt.element && map(stmt.element) };
    case 'call':
      return { ...stmt, args: stmt.args.map((arg): Argument => (arg.mode === 'in' ? { mode: 'in', value: map(arg.value) } : arg)) };
    case 'if':
    case 'assume':
    case 'wait':
    case 'assert':
      return { ...stmt, cond: map(stmt.cond) };
    case 'return':
      return { ...stmt, value: stmt.value && map(stmt.value) };
    case 'free':
    case 'rowQuery':
      return { ...stmt, ref: map(stmt.ref) };
    case 'monitor':
      return { ...stmt, args: stmt.args.map(map) };
    case 'loop':
    case 'block':
    case 'leave':
    case 'continue':
    case 'alloc':
    case 'choose':
    case 'ghost':
    case 'mark':
    case 'preempt':
      return stmt;
  }
}

/** Names of the locals that a statement itself reads, in-out arguments included. */
export function localsRead(stmt: Stmt): string[] {
  const names = exprsOf(stmt).flatMap(localsOfExpr);
  if (stmt.kind === 'call') names.push(...inoutLocals(stmt.args));
  return names;
}

/** Names of the locals that a statement itself writes, in-out arguments included. */
export function localsWritten(stmt: Stmt): string[] {
  switch (stmt.kind) {
    case 'call':
      return [...inoutLocals(stmt.args), ...(stmt.dst === null ? [] : [stmt.dst])];
    case 'atomic':
      return [stmt.dst, stmt.success].filter((name) => name !== null);
    case 'list':
      return stmt.dst === null ? [] : [stmt.dst];
    case 'assign':
    case 'load':
    case 'tryAcquire':
    case 'lockQuery':
    case 'alloc':
    case 'rowQuery':
    case 'choose':
      return [stmt.dst];
    default:
      return [];
  }
}
function inoutLocals(args: readonly Argument[]): string[] {
  return args.flatMap((arg) => (arg.mode === 'inout' ? [arg.local] : []));
}

/** The statement itself (not those nested in it) with the locals that it reads and writes renamed. */
export function renameLocals(stmt: Stmt, rename: (local: string) => string): Stmt {
  const mapped = mapExprs(stmt, (expr) => mapExpr(expr, (node) => (node.op === 'local' ? { ...node, local: rename(node.local) } : node)));
  switch (mapped.kind) {
    case 'assign':
    case 'load':
    case 'tryAcquire':
    case 'lockQuery':
    case 'alloc':
    case 'rowQuery':
    case 'choose':
      return { ...mapped, dst: rename(mapped.dst) };
    case 'list':
      return { ...mapped, dst: mapped.dst && rename(mapped.dst) };
    case 'atomic':
      return { ...mapped, dst: mapped.dst && rename(mapped.dst), success: mapped.success && rename(mapped.success) };
    case 'call': {
      const args = mapped.args.map((arg): Argument => (arg.mode === 'inout' ? { mode: 'inout', local: rename(arg.local) } : arg));
      return { ...mapped, args, dst: mapped.dst && rename(mapped.dst) };
    }
    default:
      return mapped;
  }
}

/** Names of the procedures that a body calls, or runs as monitors, without repetition, in order. */
export function calleesOf(body: readonly Stmt[]): string[] {
  const names = new Set<string>();
  visitStmts(body, (stmt) => {
    if (stmt.kind === 'call') names.add(stmt.callee);
    if (stmt.kind === 'monitor') names.add(stmt.procedure);
  });
  return [...names];
}
