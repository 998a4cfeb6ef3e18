/**
 * What comes out of the compiler (`CompiledSystem`), for those who search it, and what can be asked of the compiler.
 *
 * In: a description. Out: types only. Never: a word of KVM, a word of search.
 */
import type { SystemDescription } from './description.ts';
import type { Fault } from './faults.ts';
import type { Layout } from './machine/layout.ts';
import type { Program } from './program/types.ts';
import type { Twin } from './wasm/twin.ts';

export interface CompileOptions {
  /** False: every statement that touches shared state is a step of its own (the oracle's view). Default true. */
  readonly merge?: boolean;
  /** `interpreter` runs the program directly; slow, simple, the oracle. `wasm`: one WebAssembly module. Default: `javascript`, and `wasm` for searches that prove to be large (`forLargeSearch`). */
  readonly backEnd?: 'javascript' | 'wasm' | 'interpreter';
  /** Rules that tests drop on purpose to see that something notices. */
  readonly inject?: 'blockingMidStep' | 'ignoreVisibility' | 'rwlockAsMutex';
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
