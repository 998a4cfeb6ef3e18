/**
 * What is compiled: a machine, procedures, processes, properties.
 *
 * In: IR. Out: types, and how to find a procedure. Never: a word of KVM, a word of search.
 */
import type { MachineDescription, Procedure, ProcedureTable, ScalarType } from './ir/types.ts';

/** An essential process must end or come to rest; a daemon may stop for ever at any point. */
export interface ProcessDescription {
  readonly name: string;
  /** What a trace's lane is headed by, e.g. `vCPU 0`. */
  readonly title: string;
  readonly procedure: string;
  /** One constant per parameter, in the encoding of `ir/types.ts` (a reference is row + 1). */
  readonly args: readonly number[];
  readonly kind: 'essential' | 'daemon';
}

/**
 * When a state predicate must be true. `always`; `noWriter`: in states in which nobody holds `lock`
 * exclusively; `quiescent`: every essential process has ended or rests at an idle wait, and the
 * system's `quiescent` predicate holds.
 */
export type Scope =
  | { readonly kind: 'always' }
  | { readonly kind: 'noWriter'; readonly table: string; readonly field: string }
  | { readonly kind: 'quiescent' };

/** Where a monitor or a recording hook is attached. Its parameters are given by the event. */
export type HookEvent =
  /** (row, index, before, after); no row for singletons, no index for plain fields. After any write of the field. */
  | { readonly on: 'write'; readonly table: string; readonly field: string }
  /** (the procedure's parameters), before its first statement. */
  | { readonly on: 'call'; readonly procedure: string }
  /** (the procedure's parameters as they are at the return, the result if there is one). */
  | { readonly on: 'return'; readonly procedure: string }
  /** (row), after alloc; before free. */
  | { readonly on: 'alloc' | 'free'; readonly table: string }
  /** (row of the list unless singleton, element), after. */
  | { readonly on: 'listAdd' | 'listRemove'; readonly table: string; readonly field: string };

export interface Hook {
  readonly event: HookEvent;
  /** A procedure of the system; returns bool (false: violated) for a monitor, an unsigned integer for one with a bound, void for a hook that records. */
  readonly procedure: string;
}

/** What is checked. `id` is unique in the system, e.g. `I-10`. */
export type PropertyDescription =
  /** Violated in a state of its scope in which the predicate (a procedure without parameters) is false. */
  | { readonly kind: 'state'; readonly id: string; readonly name: string; readonly predicate: string; readonly scope: Scope }
  /**
   * Violated when a hook's procedure returns false, or a number above `bound`. Hooks that return nothing record into ghost fields.
   */
  | { readonly kind: 'event'; readonly id: string; readonly name: string; readonly hooks: readonly Hook[]; readonly bound?: number }
  /** Violated by `assert` statements that carry this id. */
  | { readonly kind: 'assertion'; readonly id: string; readonly name: string }
  /** An interesting state: the run is vacuous unless the predicate is true somewhere. */
  | { readonly kind: 'reachable'; readonly id: string; readonly name: string; readonly predicate: string }
  /**
   * Something that is owed must come: violated by a fair run in which the predicate ("it is owed") stays true from some state on. Fair
   * is weak fairness of each process and strong fairness of acquiring locks; choices made by `chooseFair` are answered "no" again and again.
   */
  | { readonly kind: 'progress'; readonly id: string; readonly name: string; readonly predicate: string };

/**
 * Says that a dynamic table's rows are interchangeable although procedures turn references into numbers and back: where
 * those numbers are kept, and why nothing else tells one row from another. What flows into other places refutes it.
 */
export interface RowNumbers {
  readonly table: string;
  /** Integer fields with a bit per row, as `table.field`. */
  readonly sets: readonly string[];
  /** Integer fields that may hold a row: where `word & mask` is `equals`, its number is `(word >> shift & 2 ** bits - 1) - bias`; what is no row is none. */
  readonly links: readonly RowLink[];
  readonly because: string;
}
export interface RowLink {
  readonly field: string;
  readonly mask: number;
  readonly equals: number;
  readonly shift: number;
  readonly bits: number;
  readonly bias: number;
}

export interface SystemDescription {
  readonly name: string;
  readonly machine: MachineDescription;
  /** Named constants that procedures may use, e.g. `KVM_MMU_NUM_PREV_ROOTS`. */
  readonly constants: ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>;
  readonly procedures: ProcedureTable;
  /** Run to its end, alone, from the all-zero state; free choices in it give several initial states. Null: none. */
  readonly prologue: { readonly procedure: string; readonly args: readonly number[] } | null;
  readonly processes: readonly ProcessDescription[];
  readonly properties: readonly PropertyDescription[];
  /** Hooks that belong to the machine (hardware caches, ghosts), whatever properties are checked. */
  readonly hooks: readonly Hook[];
  /** Predicate that must hold, beside the processes being at rest, for a state to be quiescent. Null: true. */
  readonly quiescent: string | null;
  /** No warning of a process that ends and still holds a lock. */
  readonly mayEndLocked?: boolean;
  /** Of tables whose rows may be renamed; default: none is said of any. */
  readonly rowNumbers?: readonly RowNumbers[];
}

/** IR for one procedure, by name, or a clear complaint: for those who look procedures up by name. */
export function procedureNamed(table: ProcedureTable, name: string): Procedure {
  const found = table.get(name);
  if (found === undefined) throw new Error(`the system has no procedure ${name}`);
  return found;
}
