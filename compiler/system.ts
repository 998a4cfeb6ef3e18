/**
 * What is compiled (`SystemDescription`) and what comes out (`CompiledSystem`): the two faces of the
 * compiler towards those who describe a model and those who search it.
 *
 * In: IR. Out: types only. Never: a word of KVM, a word of search.
 */
import type { MachineDescription, Position, Procedure, ProcedureTable, ScalarType } from './ir/types.ts';
import type { Layout } from './machine/layout.ts';
import type { Program } from './program/types.ts';
import type { Twin } from './wasm/wasm.ts';

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
  /** Of tables whose rows may be renamed; default: none is said of any. */
  readonly rowNumbers?: readonly RowNumbers[];
}

export interface CompileOptions {
  /** False: every statement that touches shared state is a step of its own (the oracle's view). Default true. */
  readonly merge?: boolean;
  /** `interpreter` runs the program directly; slow, simple, the oracle. `wasm`: one WebAssembly module. Default: `javascript`, and `wasm` for searches that prove to be large (`forLargeSearch`). */
  readonly backEnd?: 'javascript' | 'wasm' | 'interpreter';
  /** Rules that tests drop on purpose to see that something notices. */
  readonly inject?: 'blockingMidStep' | 'ignoreVisibility' | 'rwlockAsMutex';
}

/** Why a path ended, or what ended the whole run's claim to completeness. */
export type FaultKind =
  /** Violations: what the kernel itself would see. */
  | 'nullDereference'
  | 'useAfterFree'
  | 'badIndex'
  | 'doubleFree'
  | 'listCorruption'
  | 'notHeld'
  | 'selfDeadlock'
  | 'underflow'
  | 'divisionByZero'
  | 'bug'
  /** A bound of the model: the run is incomplete. */
  | 'bound';
export interface Fault {
  readonly kind: FaultKind;
  /** What happened; of a bound, which one: it is read as `bound … exceeded`. */
  readonly message: string;
  readonly position: Position;
  readonly statement: string;
}

/**
 * A system that runs in a module of its own memory, for callers that want to put code of theirs beside it: what a search does for each
 * state costs as much as a step does.
 *
 * The text of such code is in the small language of generated code: functions over whole numbers and arrays of 32-bit words, all of
 * whose variables are 32-bit words. It is given as the body of a function that returns an object of those that can be called.
 */
export interface NativeCode {
  /** All memory, as words. To be asked again after `grow`; older views still show what they showed. */
  memory(): Int32Array;
  /** At least so many bytes from now on; the new ones are zero. False: there is no more. */
  grow(bytes: number): boolean;
  /** Bytes that it can grow to. What nobody has touched takes no memory of the machine. */
  readonly most: number;
  /** What `twinOf` makes the same system of in a thread, over the same memory: plain data, which can be sent there. */
  readonly twin: Twin;
  /** The first byte behind all that the system keeps, a multiple of 64. The system never looks there. */
  readonly free: number;
  /**
   * Compiles functions. They know the system's arrays as `M` (that `buffer` is the beginning of), `L` (labels), `T` (status) and `V` (violations), and use
   * those named in `arrays`, each by its first byte. They may call `expand`, `check` and `reached`, which are given states by their word of all memory. Who
   * calls `expand` there has to use what it gave before any other method of the system is called. Throws Error on text that is not in the language.
   */
  link(text: string, arrays: ReadonlyMap<string, number>): Readonly<Record<string, (...args: readonly number[]) => number>>;
}

/**
 * Status of a successor, as `expand` reports it. 0: a state. Else the path ends: index + 1 into `faults`.
 */
export interface CompiledSystem {
  readonly description: SystemDescription;
  readonly program: Program;
  readonly layout: Layout;
  /** Length of a state in 32-bit words. */
  readonly words: number;
  /** Ids of the properties in the order of bits and indices used below. */
  readonly propertyIds: readonly string[];
  /** `interpreter`, `javascript` or `wasm`: so that a test can prove which one ran. */
  readonly backEnd: string;
  /** Every fault that some statement can end in, filled as they are met. */
  readonly faults: readonly Fault[];

  /** Scratch shared by all calls below; every `base` and `out` is an offset in words into it. */
  readonly buffer: Int32Array;
  /** Largest number of successors that one state can have is not known; `expand` writes at most this many. */
  readonly successorsMax: number;

  /** Runs the prologue; gives every initial state (sorted, without repetition). Throws `PrologueError`. */
  initialStates(): Int32Array[];

  /**
   * All steps from the state at `base`. Successor k is written to words
   * [out + k*words, out + (k+1)*words). Returns their number n; successors that ended in a fault count and
   * occupy a slot of undefined content. For k < n:
   *   labels[k]        process (low 8 bits) and choice code (24 bits above), see `step`;
   *   status[k]        0, or fault index + 1;
   *   violations[k]    bit set over the first 32 properties: monitors and assertions that this step violated;
   * `essential` is whether an essential process made one of them (so: not a deadlock).
   */
  expand(base: number, out: number): number;
  readonly labels: Int32Array;
  readonly status: Int32Array;
  readonly violations: Int32Array;

  /** Labels of the steps enabled in the state at `base`, in the order of `expand`. */
  enabled(base: number): number[];
  /** One step by its label, from `base` to `out`. Returns status as above, or -1 if it is not enabled. */
  step(base: number, label: number, out: number): number;

  /**
   * State properties of the state at `base`: a bit set of those violated. `reachedMask()` afterwards
   * gives the bit set of those whose scope this state was in (for `reachable` and `progress`: that are true here).
   */
  check(base: number): number;
  reachedMask(): number;

  /** Each process in the state at `base`. */
  processStatus(base: number, process: number): 'runnable' | 'blocked' | 'idle' | 'done';
  /** Bit set of the processes that `process` waits for (holders of the lock it blocks on); 0 if none. */
  waitsFor(base: number, process: number): number;
  isQuiescent(base: number): boolean;

  /** How often each event property's monitors ran, by property index: saturating, since the last reset. */
  readonly monitorCounts: Uint32Array;
  /** Largest number that the hooks of each property with a bound gave, by property index, since the last reset; a back end may leave it out. */
  readonly worst?: Uint32Array;
  /** How often each basic block of `program` was entered, by block number; by predicates at least once if at all (`settledCoverage`). */
  readonly coverage: Uint32Array;
  /** How often each `mark` was executed, by its name; left out by a back end that does not count them. */
  readonly marks?: ReadonlyMap<string, number>;
  /** The same counts by the number of the mark, to be added to. */
  readonly markCounts?: Uint32Array;
  resetCounters(): void;

  /**
   * Left out by systems that do not run in a module, and by all that wrap a system and change its steps: code that is linked to it would not
   * see the change. So it must not be copied with `...`.
   */
  readonly native?: NativeCode;
}

/** The prologue faulted, violated an assertion, blocked, or left nothing. */
export class PrologueError extends Error {
  override readonly name = 'PrologueError';
}

/** IR for one procedure, by name, or a clear complaint: for those who look procedures up by name. */
export function procedureNamed(table: ProcedureTable, name: string): Procedure {
  const found = table.get(name);
  if (found === undefined) throw new Error(`the system has no procedure ${name}`);
  return found;
}
