/**
 * The program: what the analyses make of the IR and what emitters and the interpreter run.
 *
 * In: nothing. Out: types only. Never: a word of KVM, a word of search.
 *
 * Procedures are specialised by constant arguments and by the locks held at entry, so every expression
 * here is already folded and every lock operation knows what is held. A spec is a graph of nodes. *Whole*
 * specs have no preemption point inside and become ordinary functions; the others belong to one process,
 * which may stop inside them: their locals that live across a resume point have a slot in the state.
 *
 * Steps. While a process runs, two flags are kept: `started` (a node of this step was executed) and `spent`
 * (the one non-mover, or a left mover, was executed). Before a node:
 *   cut `never`    go on;
 *   cut `spent`    if `spent`, the step ends here (the node's resume point is stored);
 *   cut `started`  if `started`, the step ends here. Such a node may block, so it is first in its step.
 * Then the node is executed; `started` becomes true, and `spent` too if the node `spends`. A step also
 * ends when the process's first procedure returns.
 *
 * Details. Entering a spec that is not whole: its arguments are stored in the frame slots of the parameters
 * that live at its entry (always part of `frame`), then it runs from `entry`. The prologue is a whole spec
 * like its callees, but may hold `acquire`, `release`, `wait`, `choose`, `assume`: acquire and wait must
 * succeed at once, else PrologueError. `ghost` blocks have become `monitor` nodes without property.
 * References and pointers compare by value: two dangling ones are equal; only dereferencing faults.
 *
 * Decisions where the IR leaves room (interpreter and emitters agree on these; random programs test it):
 * - Label: process | code << 8; each choice takes v = code % count; code = floor(code / count). A code that is not
 *   used up at the end of the step means that the label is not enabled.
 * - A blocked acquire or wait, or a false assume: no successor. A preferring writer that finds the lock taken and whose
 *   waiting bit is clear makes the announcing step (sets it, same resume point); once set it is blocked while taken.
 *   Waiting writers keep out new readers and shared tries, not writers or exclusive tries. Releases leave the bit alone;
 *   acquiring exclusively (by acquire or try) clears one's own.
 * - acquire by a process that holds the lock in any mode: selfDeadlock. A try then just fails (dst false).
 * - contended: another process's waiting bit, or another process is owner or writer. Readers do not contend.
 * - Arithmetic is exact and then brought into `type`: above max `fault` and below min `fault` are both kind underflow. Shift
 *   counts are taken modulo 32. `/` truncates; `/ 0` and `% 0` are divisionByZero. Stores and atomics bring the value into
 *   the field's type by its rule; assigns and loads into the local's type.
 * - Dereference (also list element, pointerTo, indexOf, pointerIndex, free): null or special is nullDereference;
 *   dangling, or a free row at a real access, is useAfterFree (free: doubleFree). pointerTo and rowAt do not look whether
 *   the row is allocated; an index outside is badIndex. Order: row, then index, then life, then operands of the statement.
 * - refCast of a dangling reference: dangling if the target is strong, else useAfterFree. A special that the target lacks is null.
 * - List elements of add, addTail, remove, contains, next, previous: null is nullDereference, dangling is useAfterFree.
 * - A failed assert sets the bit of its property (if any); `bug` then ends the path with fault bug. Monitors likewise set bits.
 * - A predicate that faults counts as false.
 * - A caller keeps, while its callee may stop, of `live` of the call what the return does not give (suspended.ts): not `dst` and `back`; a `dangle` node behind a call
 *   leaves them alone, too (the callee brought them up to date).
 * - Counters: what is told apart is zero and more. Every evaluation of a wait's condition counts inside its spec; the
 *   block of a wait or acquire itself counts when it goes on.
 * - waitsFor: exclusive: owner, writer and readers; shared: the writer, and waiting writers if they are preferred.
 */
import type { Expr, LockMode, Position, Procedure, ScalarType, Stmt, ValueType } from '../ir/types.ts';
import type { Column } from '../machine/layout.ts';

export type Cut = 'never' | 'spent' | 'started';

/** Statements that survive as nodes; `if`, `loop`, `block`, `leave`, `continue` became edges. */
export type LeafStmt = Extract<
  Stmt,
  {
    kind:
      | 'assign'
      | 'load'
      | 'store'
      | 'atomic'
      | 'acquire'
      | 'release'
      | 'tryAcquire'
      | 'lockQuery'
      | 'list'
      | 'alloc'
      | 'free'
      | 'rowQuery'
      | 'choose'
      | 'assume'
      | 'assert'
      | 'mark'
      | 'preempt';
  }
>;

export type NodeOp =
  | { readonly kind: 'leaf'; readonly stmt: LeafStmt }
  /** Edges: [true, false]. `stmt` is the `if` it came from: both values are counted for coverage. */
  | { readonly kind: 'branch'; readonly cond: Expr; readonly stmt: Stmt }
  /** No effect; edges: [next]. `decided`: the branch that this was, whose condition is constant in this spec. */
  | { readonly kind: 'goto'; readonly decided: { readonly stmt: Stmt; readonly value: boolean } | null }
  /**
   * `spec` is run. Arguments by position of the callee's parameters; null where the parameter is a
   * constant of the spec. For `inout`, `back` names the local that gets the value at the return.
   * If `spec` is whole: a function call. Otherwise the frame is entered and `returnIndex` stored in it.
   * Edges: one per exit of the callee (`exits` of the spec), in that order.
   */
  | {
      readonly kind: 'call';
      readonly spec: number;
      readonly args: readonly (Expr | null)[];
      readonly back: readonly (string | null)[];
      readonly dst: string | null;
      readonly returnIndex: number;
      readonly stmt: Stmt;
    }
  /** Ends the path with a `bound` fault: recursion deeper than the program allows for. No edges. */
  | { readonly kind: 'bound'; readonly message: string; readonly stmt: Stmt }
  /** Leaves the spec by exit number `exit` (one per set of locks held at a return). No edges. `stmt`: unless it falls off the end. */
  | { readonly kind: 'return'; readonly value: Expr | null; readonly exit: number; readonly stmt?: Stmt }
  /** Blocks unless `cond` after `body` is run (a whole spec without parameters that are not given, returning bool). */
  | {
      readonly kind: 'wait';
      readonly spec: number;
      readonly args: readonly Expr[];
      readonly label: string;
      readonly idle: boolean;
      readonly stmt: Stmt;
    }
  /** Runs the whole spec; if it returns bool and gives false, `property` (index in the system) is violated. Counts. */
  | {
      readonly kind: 'monitor';
      readonly property: number | null;
      readonly spec: number;
      readonly args: readonly (Expr | null)[];
      readonly stmt: Extract<Stmt, { kind: 'monitor' }>;
    }
  /**
   * After a free, or a call that may free rows of `table`: those of `locals` (strong references and pointers
   * to that table) that refer to a row freed meanwhile become dangling. See `mayFree` of Spec.
   */
  | { readonly kind: 'dangle'; readonly table: string; readonly locals: readonly string[] };

export interface ProgramNode {
  /** Index in `Spec.nodes`. */
  readonly index: number;
  readonly op: NodeOp;
  readonly next: readonly number[];
  readonly cut: Cut;
  readonly spends: boolean;
  /** Part of a `ghost` block or hook. */
  readonly ghost: boolean;
  readonly pos: Position;
  /** Locals whose value may still be read at or after this node. Only for nodes with a cut other than `never`, and calls of specs that are not whole (there: what lives after the call). */
  readonly live: readonly string[];
  /** Where the process can stop: its number in `ProcessProgram.resumes`, else null. */
  readonly resume: number | null;
  /** Coverage counter of this node; null where a neighbour's counter says the same. */
  readonly block: number | null;
}

export interface FrameSlot {
  readonly local: string;
  readonly column: Column;
}

export interface Spec {
  readonly index: number;
  readonly procedure: Procedure;
  /** Constant value of each parameter, or null. */
  readonly constants: readonly (number | null)[];
  /** Spelling for the reader: `f(vcpu=1) with mmu_lock`. */
  readonly title: string;
  readonly whole: boolean;
  /** For a spec that is not whole: the process it belongs to. */
  readonly process: number | null;
  readonly result: ValueType;
  /** Every local and parameter that is not a constant. */
  readonly locals: ReadonlyMap<string, ScalarType>;
  readonly nodes: readonly ProgramNode[];
  readonly entry: number;
  /** Number of different sets of locks that it may return with (≥ 1; 1 for whole specs). */
  readonly exits: number;
  /** Names of tables of which it, or what it calls, may free rows. */
  readonly mayFree: readonly string[];
  /** Not whole: slots of the locals that are live at some resume point or over a call of a spec that is not whole; all others of the frame are zero. */
  readonly frame: readonly FrameSlot[];
  /** Not whole and called from somewhere: holds the number of the call site in `callSites`. */
  readonly returnSlot: Column | null;
  readonly callSites: readonly { readonly spec: number; readonly node: number }[];
}

export interface ResumePoint {
  readonly spec: number;
  readonly node: number;
  readonly idle: boolean;
  /** Locks that are certainly held there, by the names of `locks.ts`. */
  readonly held: readonly { readonly lock: string; readonly mode: LockMode }[];
}

export interface ProcessProgram {
  readonly name: string;
  readonly essential: boolean;
  readonly entry: { readonly spec: number; readonly args: readonly number[] };
  /** Resume points; number 0 stands for "ended" and has spec -1. `initial` is where the process starts. */
  readonly resumes: readonly ResumePoint[];
  readonly initial: number;
}

export interface Program {
  readonly specs: readonly Spec[];
  readonly processes: readonly ProcessProgram[];
  /** Runs alone before all processes: a whole spec (locks are taken as free), or null. */
  readonly prologue: { readonly spec: number; readonly args: readonly number[] } | null;
  /** Whole specs of state predicates, by property index; null for event and assertion properties. */
  readonly predicates: readonly (number | null)[];
  readonly quiescent: number | null;
  /** Coverage counters. */
  readonly blocks: readonly { readonly spec: number; readonly node: number /** edge of a branch */; readonly edge: number | null }[];
  readonly properties: readonly string[];
}
