/**
 * What the tracing interpreter tells about one step, statement by statement.
 *
 * In: nothing. Out: types only. Never: text for a reader (that is `counterexamples/`), a word of KVM.
 *
 * All values are in the encoding of `ir/types.ts`: booleans are 0 and 1, a reference is row + 1, and so
 * on; the type beside a place or a local says how to spell them. Rows and indices of places count from 0.
 */
import type { AtomicOperator, FieldType, ListOperator, LockMode, LockQuery, Position, ScalarType } from '../ir/types.ts';

/** One element of one field: `pages[row].spt[index]`, `vm.gen` (row and index null). */
export interface EventPlace {
  readonly table: string;
  readonly field: string;
  /** Null for a singleton table. */
  readonly row: number | null;
  /** Null for a plain field. */
  readonly index: number | null;
  readonly type: FieldType;
}

/** One call on the stack of the process, outermost first; the last one is the procedure that runs. */
export interface StackEntry {
  readonly procedure: string;
  /** The spec's title, with its constant arguments. */
  readonly title: string;
  /** Index of the spec in the program. */
  readonly spec: number;
  /** Inside this procedure: the call that is under way, and for the last entry the statement itself. */
  readonly position: Position;
}

/** A shared scalar that was read. */
export interface ReadEvent {
  readonly place: EventPlace;
  readonly value: number;
}
/** A shared scalar that was written; before may equal after. */
export interface WriteEvent {
  readonly place: EventPlace;
  readonly before: number;
  readonly after: number;
}
/** A list that was used. For operators that only look, before and after are the same array content. */
export interface ListEvent {
  readonly place: EventPlace;
  readonly operator: ListOperator;
  /** The element given, null if the operator takes none. */
  readonly element: number | null;
  /** What `dst` got; null if the operator gives nothing. */
  readonly result: number | null;
  readonly before: readonly number[];
  readonly after: readonly number[];
}
/**
 * What happened to a lock. `announced`: a writer set its waiting bit and stays where it is. `failed`: a
 * try that did not get it. `queried`: looked at only, see `query`.
 */
export interface LockEvent {
  readonly place: EventPlace;
  readonly what: 'acquired' | 'released' | 'announced' | 'failed' | 'queried';
  /** Null for a query. */
  readonly mode: LockMode | null;
  readonly query: { readonly query: LockQuery; readonly answer: boolean } | null;
}
/** A row that came (`alloc`) or went (`free`). `dangled`: reference fields (also in lists, where `index` is that of the list) that a free made dangling. */
export interface RowEvent {
  readonly table: string;
  readonly row: number;
  readonly what: 'alloc' | 'free';
  readonly dangled: readonly WriteEvent[];
}
/** A local or parameter of the procedure that runs got a value. */
export interface LocalEvent {
  readonly local: string;
  readonly type: ScalarType;
  readonly before: number;
  readonly after: number;
  /** Made by the front end: not written by anybody, not worth showing by itself. */
  readonly temporary: boolean;
}
export interface ChoiceEvent {
  readonly label: string;
  readonly value: number;
  readonly count: number;
}
/** A call of a procedure. The statements inside follow as events of their own, with a deeper stack. */
export interface CallEvent {
  readonly procedure: string;
  /** All parameters, constant ones too, in order. */
  readonly args: readonly { readonly name: string; readonly type: ScalarType; readonly value: number }[];
}
/** A return to the caller named by the stack's last entry but one (or the end of the process). */
export interface ReturnEvent {
  readonly procedure: string;
  readonly value: number | null;
}
/** A monitor ran (its own statements come before this event, with `phase` `monitor`). */
export interface MonitorEvent {
  /** Index of the property in the system, null for a hook that only records. */
  readonly property: number | null;
  readonly procedure: string;
  readonly args: readonly number[];
  /** False: the property is violated here. */
  readonly held: boolean;
}
/** An `assert` that was evaluated. */
export interface AssertEvent {
  /** Index of the property in the system, null if the statement names none. */
  readonly property: number | null;
  readonly severity: 'warn' | 'bug';
  readonly message: string;
  readonly held: boolean;
}
/** The path ended here. `kind` and `message` are those of the `Fault` in `system.ts`. */
export interface FaultEvent {
  readonly kind: string;
  readonly message: string;
}

/**
 * What kind of node it was: the kind of the IR statement, or for control flow `branch` (an `if`),
 * `goto`, `return`, `dangle` (bookkeeping of the compiler).
 */
export type EventKind =
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
  | 'preempt'
  | 'branch'
  | 'goto'
  | 'bound'
  | 'call'
  | 'return'
  | 'wait'
  | 'monitor'
  | 'dangle';

/** One node of the program graph that was executed. A step is a list of these, in order. */
export interface StatementEvent {
  /** Index of the process in the system. */
  readonly process: number;
  readonly kind: EventKind;
  /**
   * `kernel`: the process's own statement; `ghost`: a ghost block or a hook that records, and its statements; `monitor`: a
   * monitor and its statements; `wait`: inside the condition of a wait.
   */
  readonly phase: 'kernel' | 'ghost' | 'monitor' | 'wait';
  /** Outermost call first; never empty. */
  readonly stack: readonly StackEntry[];
  readonly position: Position;
  /** Stable id of the statement; empty for nodes that stand for none. */
  readonly statement: string;
  /** Index of the spec and of the node in it. */
  readonly spec: number;
  readonly node: number;

  readonly reads: readonly ReadEvent[];
  readonly writes: readonly WriteEvent[];
  readonly locals: readonly LocalEvent[];
  readonly list: ListEvent | null;
  readonly lock: LockEvent | null;
  readonly row: RowEvent | null;
  readonly choice: ChoiceEvent | null;
  readonly call: CallEvent | null;
  readonly returned: ReturnEvent | null;
  readonly monitor: MonitorEvent | null;
  readonly assertion: AssertEvent | null;
  /** Branch: which way. Wait and assume: whether the condition held. Else null. */
  readonly condition: boolean | null;
  /** Atomic: the operator, and for compareExchange whether it was exchanged. */
  readonly atomic: { readonly operator: AtomicOperator; readonly exchanged: boolean | null } | null;
  readonly mark: string | null;
  readonly fault: FaultEvent | null;
}
