/**
 * The flow graph of one procedure, before specialisation.
 *
 * In: a procedure whose `wait`s and `ghost`s were lifted. Out: nodes with edges; structure is gone.
 * Never: a decision about steps.
 *
 * Each edge of a branch leads to a `goto` of its own, so that coverage can count edges. The back edge of a loop
 * without a proven bound is a `goto` that says so: a step may have to end there.
 */
import type { Expr, Procedure, Stmt } from '../ir/types.ts';
import { bodiesOf } from '../ir/walk.ts';
import type { LeafStmt } from './types.ts';

export type FlowOp =
  | { readonly kind: 'leaf'; readonly stmt: LeafStmt }
  | { readonly kind: 'branch'; readonly cond: Expr; readonly stmt: Stmt }
  /** `edge` of the branch before it; or the back edge of a loop. */
  | { readonly kind: 'goto'; readonly edge: number | null; readonly back: 'none' | 'bounded' | 'unbounded' | 'endless' }
  | { readonly kind: 'call'; readonly stmt: Extract<Stmt, { kind: 'call' }> }
  | { readonly kind: 'wait'; readonly stmt: Extract<Stmt, { kind: 'wait' }> }
  | { readonly kind: 'monitor'; readonly stmt: Extract<Stmt, { kind: 'monitor' }> }
  | { readonly kind: 'return'; readonly value: Expr | null };

export interface FlowNode {
  readonly index: number;
  readonly op: FlowOp;
  readonly stmt: Stmt | null;
  next: number[];
}
export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly entry: number;
}

interface Target {
  readonly label: string;
  readonly leave: FlowNode;
  readonly again: FlowNode | null;
}

class Builder {
  readonly nodes: FlowNode[] = [];
  readonly targets: Target[] = [];

  make(op: FlowOp, stmt: Stmt | null = null): FlowNode {
    const node: FlowNode = { index: this.nodes.length, op, stmt, next: [] };
    this.nodes.push(node);
    return node;
  }
  plain(): FlowNode {
    return this.make({ kind: 'goto', edge: null, back: 'none' });
  }

  /** Appends `body` behind `from`; gives the open end, or null if control never falls out of it. */
  sequence(body: readonly Stmt[], from: FlowNode): FlowNode | null {
    let open: FlowNode | null = from;
    for (const stmt of body) {
      // What stands behind a leave or return is unreachable and has no node.
      if (open === null) return null;
      open = this.statement(stmt, open);
    }
    return open;
  }

  statement(stmt: Stmt, from: FlowNode): FlowNode | null {
    switch (stmt.kind) {
      case 'if': {
        const branch = this.link(from, { kind: 'branch', cond: stmt.cond, stmt }, stmt);
        const ends = [stmt.then, stmt.else].map((body, edge) =>
          this.sequence(body, this.link(branch, { kind: 'goto', edge, back: 'none' }, null)),
        );
        const open = ends.filter((end) => end !== null);
        if (open.length === 0) return null;
        const join = this.plain();
        for (const end of open) end.next.push(join.index);
        return join;
      }
      case 'loop': {
        const head = this.link(from, { kind: 'goto', edge: null, back: 'none' }, null);
        const leave = this.plain();
        const again = this.make({ kind: 'goto', edge: null, back: loopKind(stmt) }, stmt);
        again.next.push(head.index);
        this.targets.push({ label: stmt.label, leave, again });
        const end = this.sequence(stmt.body, head);
        this.targets.pop();
        if (end !== null) end.next.push(again.index);
        return this.isReached(leave) ? leave : null;
      }
      case 'block': {
        const leave = this.plain();
        this.targets.push({ label: stmt.label, leave, again: null });
        const end = this.sequence(stmt.body, from);
        this.targets.pop();
        if (end !== null) end.next.push(leave.index);
        return this.isReached(leave) ? leave : null;
      }
      case 'leave':
        from.next.push(this.target(stmt.label).leave.index);
        return null;
      case 'continue': {
        const again = this.target(stmt.label).again;
        if (again === null) throw new Error(`continue ${stmt.label}: not a loop`);
        from.next.push(again.index);
        return null;
      }
      case 'return':
        this.link(from, { kind: 'return', value: stmt.value }, stmt);
        return null;
      case 'call':
        return this.link(from, { kind: 'call', stmt }, stmt);
      case 'wait':
        return this.link(from, { kind: 'wait', stmt }, stmt);
      case 'monitor':
        return this.link(from, { kind: 'monitor', stmt }, stmt);
      case 'ghost':
        throw new Error('ghost blocks were lifted');
      default:
        return this.link(from, { kind: 'leaf', stmt }, stmt);
    }
  }

  private link(from: FlowNode, op: FlowOp, stmt: Stmt | null): FlowNode {
    const node = this.make(op, stmt);
    from.next.push(node.index);
    return node;
  }
  private target(label: string): Target {
    const found = this.targets.findLast((t) => t.label === label);
    if (found === undefined) throw new Error(`no block or loop ${label}`);
    return found;
  }
  private isReached(node: FlowNode): boolean {
    return this.nodes.some((n) => n.next.includes(node.index));
  }
}

/** A loop that nothing leaves, or that free choices may keep in, must not spin inside one step. */
function loopKind(loop: Extract<Stmt, { kind: 'loop' }>): 'bounded' | 'unbounded' | 'endless' {
  if (loop.bounded) return 'bounded';
  return canLeave(loop.body, new Set()) && !chooses(loop.body) ? 'unbounded' : 'endless';
}
function chooses(body: readonly Stmt[]): boolean {
  return body.some((stmt) => stmt.kind === 'choose' || bodiesOf(stmt).some(chooses));
}
function canLeave(body: readonly Stmt[], inner: ReadonlySet<string>): boolean {
  return body.some((stmt) => {
    switch (stmt.kind) {
      case 'return':
        return true;
      case 'leave':
      case 'continue':
        return !inner.has(stmt.label) && !(stmt.kind === 'continue');
      case 'if':
        return canLeave(stmt.then, inner) || canLeave(stmt.else, inner);
      case 'loop':
      case 'block':
        return canLeave(stmt.body, new Set([...inner, stmt.label]));
      default:
        return false;
    }
  });
}

export function flowGraph(procedure: Procedure): FlowGraph {
  const builder = new Builder();
  const entry = builder.plain();
  const end = builder.sequence(procedure.body, entry);
  if (end !== null) {
    // Falling off the end of a void procedure; one with a result was checked by the front end.
    const node = builder.make({ kind: 'return', value: null });
    end.next.push(node.index);
  }
  return { nodes: builder.nodes, entry: entry.index };
}
