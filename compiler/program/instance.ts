/**
 * One procedure as one process runs it, with constant arguments: what specialisation makes.
 */
import type { Expr, Procedure, Stmt } from '../ir/types.ts';
import type { LockSet } from './locks.ts';
import type { LeafStmt } from './types.ts';

/**
 * Who runs an instance: a process by number, a hook or wait condition of that process (which runs as one,
 * so it must not share instances with code that can be preempted), the prologue, or a predicate of states.
 */
export type Runner = number | `hook ${number}` | 'prologue' | 'predicate';

export type InstanceOp =
  | { readonly kind: 'leaf'; readonly stmt: LeafStmt }
  | { readonly kind: 'branch'; readonly cond: Expr; readonly stmt: Stmt }
  | {
      readonly kind: 'goto';
      readonly edge: number | null;
      readonly back: 'none' | 'bounded' | 'unbounded' | 'endless';
      /** The branch that this was, and the constant value of its condition. */
      readonly decided: { readonly stmt: Stmt; readonly value: boolean } | null;
    }
  | {
      readonly kind: 'call';
      readonly callee: Instance;
      readonly args: readonly (Expr | null)[];
      readonly back: readonly (string | null)[];
      readonly dst: string | null;
      readonly stmt: Stmt;
    }
  | {
      readonly kind: 'wait';
      readonly callee: Instance;
      readonly args: readonly Expr[];
      readonly label: string;
      readonly idle: boolean;
      readonly stmt: Stmt;
    }
  | {
      readonly kind: 'monitor';
      readonly callee: Instance;
      readonly args: readonly (Expr | null)[];
      readonly property: string | null;
      readonly stmt: Extract<Stmt, { kind: 'monitor' }>;
    }
  | { readonly kind: 'bound'; readonly message: string; readonly stmt: Stmt }
  | { readonly kind: 'return'; readonly value: Expr | null; readonly exit: number; readonly stmt?: Stmt };

export interface InstanceNode {
  readonly index: number;
  readonly op: InstanceOp;
  readonly stmt: Stmt | null;
  next: number[];
  /** Before the node. */
  readonly locks: LockSet;
}

export interface Instance {
  readonly index: number;
  readonly procedure: Procedure;
  readonly runner: Runner;
  readonly constants: readonly (number | null)[];
  readonly entryLocks: LockSet;
  readonly nodes: InstanceNode[];
  entry: number;
  readonly exits: LockSet[];
  /** Part of a cycle of calls. */
  recursive: boolean;
}
