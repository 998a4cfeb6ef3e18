/**
 * Statements as a graph of what happens next: structure and labels are gone.
 */
import type { Expr, Stmt } from '../../compiler/ir/types.ts';

export interface GraphNode {
  readonly index: number;
  /** Null: nothing happens here (joins, the end). */
  readonly stmt: Stmt | null;
  /** For a branch; then `next` is [true, false]. */
  readonly cond: Expr | null;
  next: number[];
  /** Start of a loop, and the locals that its rounds assign. */
  loop: ReadonlySet<string> | null;
}
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly entry: number;
  /** Where control falls out of the last statement. */
  readonly end: number;
}

/** Builds the graph of a list of statements. `leave` without its label inside ends there, too. */
export function graphOf(body: readonly Stmt[]): Graph {
  const nodes: GraphNode[] = [];
  const make = (stmt: Stmt | null, cond: Expr | null, next: number[]): GraphNode => {
    const node: GraphNode = { index: nodes.length, stmt, cond, next, loop: null };
    nodes.push(node);
    return node;
  };
  const end = make(null, null, []);
  const targets: { label: string; leave: number; again: number | null }[] = [];
  /** Nodes for `stmts`, from the last to the first; gives the index of the first. */
  const sequence = (stmts: readonly Stmt[], after: number): number => stmts.reduceRight((next, stmt) => statement(stmt, next), after);
  const statement = (stmt: Stmt, after: number): number => {
    switch (stmt.kind) {
      case 'if':
        return make(stmt, stmt.cond, [sequence(stmt.then, after), sequence(stmt.else, after)]).index;
      case 'loop': {
        const head = make(null, null, []);
        head.loop = assigned(stmt.body);
        targets.push({ label: stmt.label, leave: after, again: head.index });
        head.next = [sequence(stmt.body, head.index)];
        targets.pop();
        return head.index;
      }
      case 'block': {
        targets.push({ label: stmt.label, leave: after, again: null });
        const first = sequence(stmt.body, after);
        targets.pop();
        return first;
      }
      case 'leave':
        return targets.findLast((one) => one.label === stmt.label)?.leave ?? end.index;
      case 'continue':
        return targets.findLast((one) => one.label === stmt.label)?.again ?? end.index;
      case 'return':
        return make(stmt, null, []).index;
      case 'ghost':
      case 'mark':
      case 'monitor':
      case 'preempt':
        return after;
      default:
        return make(stmt, null, [after]).index;
    }
  };
  return { entry: sequence(body, end.index), nodes, end: end.index };
}

function assigned(stmts: readonly Stmt[]): Set<string> {
  const names = new Set<string>();
  const visit = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if ('dst' in stmt && stmt.dst !== null) names.add(stmt.dst);
      if (stmt.kind === 'call') for (const arg of stmt.args) if (arg.mode === 'inout') names.add(arg.local);
      if (stmt.kind === 'if') {
        visit(stmt.then);
        visit(stmt.else);
      }
      if (stmt.kind === 'loop' || stmt.kind === 'block' || stmt.kind === 'ghost') visit(stmt.body);
    }
  };
  visit(stmts);
  return names;
}

/**
 * Statements that may stand in the middle of a condition of the source: `if (a && b)` and `if (a) if (b)` are one in
 * the IR. Those that lead to a branch, first in a branch or loop, or right behind a jump out of the same line.
 */
export function maybeMidCondition(body: readonly Stmt[], temporaries: ReadonlySet<string>): Set<Stmt> {
  const found = new Set<Stmt>();
  const visit = (stmts: readonly Stmt[], inside: boolean): void => {
    let doubtful = inside;
    for (const [index, stmt] of stmts.entries()) {
      if (doubtful) for (const one of evaluation(stmts.slice(index), temporaries)) found.add(one);
      if (stmt.kind === 'if') {
        visit(stmt.then, true);
        visit(stmt.else, true);
      }
      if (stmt.kind === 'block') visit(stmt.body, doubtful);
      if (stmt.kind === 'loop') visit(stmt.body, true);
      const next = stmts[index + 1];
      doubtful = stmt.kind === 'if' && next?.pos.line === stmt.pos.line && next.pos.file === stmt.pos.file;
    }
  };
  visit(body, false);
  return found;
}

/** The statements at the start of a list that only find out what the branch behind them asks; none if there is no branch. */
function evaluation(stmts: readonly Stmt[], temporaries: ReadonlySet<string>): readonly Stmt[] {
  const branch = stmts.findIndex((stmt) => !('dst' in stmt && stmt.dst !== null && temporaries.has(stmt.dst)));
  return branch >= 0 && stmts[branch]?.kind === 'if' ? stmts.slice(0, branch + 1) : [];
}
