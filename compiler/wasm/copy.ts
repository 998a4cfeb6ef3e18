/**
 * Trees over again: with other variables, with other calls; and what is in them.
 *
 * In: statements. Out: statements, numbers, functions that are called. Never: a change of what was given.
 */
import type { Expr, FunctionTree, Stmt, Variable } from './tree.ts';

type Call = Extract<Expr, { kind: 'call' }>;

/** What is put for what. */
interface Change {
  variable(variable: Variable): Variable;
  call(call: Call): Expr;
  /** What stands for a return. */
  leave(value: Expr): readonly Stmt[];
}

/** A body of which variables get others, and a return gives `result` its value and leaves the block `label`. */
export interface Copy {
  readonly variables: ReadonlyMap<Variable, Variable>;
  readonly result: Variable;
  readonly label: string;
}

export function copyStmts(stmts: readonly Stmt[], copy: Copy): Stmt[] {
  return changedStmts(stmts, changeOf(copy));
}
export function copyExpr(expr: Expr, copy: Copy): Expr {
  return changedExpr(expr, changeOf(copy));
}

function changeOf({ variables, result, label }: Copy): Change {
  return {
    variable: (one) => variables.get(one) ?? one,
    call: (call) => call,
    leave: (value) => [
      { kind: 'set', variable: result, value },
      { kind: 'break', label },
    ],
  };
}

/** The statements with something else for each call, whose arguments are done already. */
export function mapCalls(stmts: readonly Stmt[], call: (call: Call) => Expr): Stmt[] {
  return changedStmts(stmts, { variable: (one) => one, call, leave: (value) => [{ kind: 'return', value }] });
}

function changedStmts(stmts: readonly Stmt[], change: Change): Stmt[] {
  return stmts.flatMap((stmt) => changedStmt(stmt, change));
}

function changedStmt(stmt: Stmt, change: Change): readonly Stmt[] {
  const expr = (one: Expr): Expr => changedExpr(one, change);
  const stmts = (some: readonly Stmt[]): Stmt[] => changedStmts(some, change);
  switch (stmt.kind) {
    case 'set':
      return [{ ...stmt, variable: change.variable(stmt.variable), value: expr(stmt.value) }];
    case 'store':
      return [{ ...stmt, index: expr(stmt.index), value: expr(stmt.value) }];
    case 'copy':
      return [{ ...stmt, from: expr(stmt.from), to: expr(stmt.to) }];
    case 'run':
      return [{ ...stmt, value: expr(stmt.value) }];
    case 'if':
      return [{ ...stmt, test: expr(stmt.test), yes: stmts(stmt.yes), no: stmts(stmt.no) }];
    case 'block':
      return [{ ...stmt, body: stmts(stmt.body) }];
    case 'loop':
      return [{ ...stmt, test: stmt.test === null ? null : expr(stmt.test), update: stmts(stmt.update), body: stmts(stmt.body) }];
    case 'switch':
      return [{ ...stmt, on: expr(stmt.on), cases: stmt.cases.map(({ value, body }) => ({ value, body: stmts(body) })) }];
    case 'return':
      return change.leave(expr(stmt.value));
    case 'try':
      return [{ ...stmt, body: stmts(stmt.body), caught: stmts(stmt.caught) }];
    case 'break':
    case 'continue':
    case 'throw':
      return [stmt];
  }
}

function changedExpr(expr: Expr, change: Change): Expr {
  const again = (one: Expr): Expr => changedExpr(one, change);
  switch (expr.kind) {
    case 'number':
      return expr;
    case 'get':
      return { kind: 'get', variable: change.variable(expr.variable) };
    case 'load':
      return { ...expr, index: again(expr.index) };
    case 'binary':
    case 'scale':
    case 'compare':
    case 'and':
    case 'or':
      return { ...expr, a: again(expr.a), b: again(expr.b) };
    case 'step':
    case 'leadingZeros':
    case 'not':
    case 'within':
    case 'low':
      return { ...expr, a: again(expr.a) };
    case 'choice':
      return { ...expr, test: again(expr.test), yes: again(expr.yes), no: again(expr.no) };
    case 'call':
      return change.call({ ...expr, args: expr.args.map(again) });
    case 'indirect':
      return { ...expr, index: again(expr.index), arg: again(expr.arg) };
    case 'atomic':
      return { ...expr, index: again(expr.index), args: expr.args.map(again) };
    case 'sequence':
      return { ...expr, before: changedStmts(expr.before, change), value: again(expr.value) };
  }
}

/** How many statements and expressions a body has, and the function of each call. */
export function shapeOf(stmts: readonly Stmt[]): { size: number; calls: FunctionTree[] } {
  const shape: { size: number; calls: FunctionTree[] } = { size: 0, calls: [] };
  const see = (nodes: readonly (Stmt | Expr)[]): void => {
    for (const node of nodes) {
      shape.size++;
      if (node.kind === 'call') shape.calls.push(node.callee);
      see(partsOf(node));
    }
  };
  see(stmts);
  return shape;
}

function partsOf(node: Stmt | Expr): readonly (Stmt | Expr)[] {
  switch (node.kind) {
    case 'number':
    case 'get':
    case 'break':
    case 'continue':
    case 'throw':
      return [];
    case 'set':
    case 'run':
    case 'return':
      return [node.value];
    case 'load':
      return [node.index];
    case 'store':
      return [node.index, node.value];
    case 'copy':
      return [node.from, node.to];
    case 'if':
      return [node.test, ...node.yes, ...node.no];
    case 'block':
      return node.body;
    case 'loop':
      return [...(node.test === null ? [] : [node.test]), ...node.update, ...node.body];
    case 'switch':
      return [node.on, ...node.cases.flatMap(({ body }) => body)];
    case 'try':
      return [...node.body, ...node.caught];
    case 'binary':
    case 'scale':
    case 'compare':
    case 'and':
    case 'or':
      return [node.a, node.b];
    case 'step':
    case 'leadingZeros':
    case 'not':
    case 'within':
    case 'low':
      return [node.a];
    case 'choice':
      return [node.test, node.yes, node.no];
    case 'call':
      return node.args;
    case 'indirect':
      return [node.index, node.arg];
    case 'atomic':
      return [node.index, ...node.args];
    case 'sequence':
      return [...node.before, node.value];
  }
}
