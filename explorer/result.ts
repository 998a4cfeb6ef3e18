/**
 * What a search is asked and what it answers.
 *
 * In: nothing but the compiled system's types. Out: types. Never: printing, nor an opinion on what is expected.
 */
import type { Fault } from '../compiler/index.ts';

/** Limits of one search; what is left out has no limit, except memory. Reaching one makes the run `incomplete`. */
export interface Limits {
  /** Different states. Looked at between batches, so a run may keep some hundred more. */
  readonly states?: number;
  /** Steps from an initial state: states at this depth are kept and checked, and not expanded. */
  readonly depth?: number;
  /** Milliseconds by the clock. */
  readonly timeMs?: number;
  /** Bytes of the visited set, the states and their links. Default 4 GiB. */
  readonly memoryBytes?: number;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  /** States that are known and not expanded yet. */
  readonly frontier: number;
  /** Steps of the level that is expanded now. */
  readonly depth: number;
  readonly elapsedMs: number;
  /** States per second since the start. */
  readonly rate: number;
  readonly memoryBytes: number;
}

export interface ExploreOptions {
  /** `exact` compares whole states; `fingerprint` keeps 64 bits of a hash of each, see `missedStateOdds`. Default `exact`. */
  readonly mode?: 'exact' | 'fingerprint';
  readonly limits?: Limits;
  /** Ends the run as `incomplete` with what was reached. A synchronous run sees it only if `onProgress` sets it. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Default 1000. */
  readonly progressEveryMs?: number;
  /** Parents that are expanded before their successors are looked up. Default 64. */
  readonly batchParents?: number;
  /** Ends the run soon after anything is violated: for who only asks whether something is. Deadlocks end no run. */
  readonly stopAtViolation?: boolean;
  /**
   * Threads that search a large system together, this one included; results are those of one. Default 1. Only for `exploreAsync`,
   * and systems that `compileSystem` made.
   */
  readonly workers?: number;
  /**
   * Keep states in parts, of which most are shared: about a third of the memory where states are wide, somewhat slower. Default: only
   * when the states come near to the limit of memory. Exact searches by one thread; others do not look at it.
   */
  readonly compress?: boolean;
  /** What may be left out without changing a verdict. Default: nothing. */
  readonly reductions?: Reductions;
}

export interface Reductions {
  /** States that differ only in the numbers of interchangeable rows are one. Refused where that would not be exact; `saved` says so. */
  readonly renaming?: boolean;
  /** Where one process's steps can come first without a difference, those of others wait. A trace may then be longer than the shortest. */
  readonly ample?: boolean;
}

/** What ample sets did; or why the search went without. */
export interface AmpleReport {
  readonly refused: string | null;
  /** States of which one process's steps were followed alone, and steps of others that were left out there. */
  readonly reduced: number;
  readonly dropped: number;
  /** Times that only the proviso stood against it: all those steps led to states of this level or of one before. */
  readonly provisoFailed: number;
  /** States that were expanded again, as more was learned. */
  readonly again: number;
  /** How often it was searched: more than once only where states are not kept to be expanded again. */
  readonly searches: number;
}

/** What renaming did: a line for each dynamic table, successors that it changed; or why the search went without. */
export interface RenamingReport {
  readonly tables: readonly string[];
  readonly renamed: number;
  readonly refused: string | null;
}

/**
 * `holds`: everything reachable was seen and nothing was cut. `vacuous`: likewise, but what the property speaks
 * of never happened (or, for a *reachable*, the state was never met). `incomplete`: a limit or a model bound came first.
 */
export type Verdict = 'holds' | 'violated' | 'incomplete' | 'vacuous';

/** The end of a trace: a state that is kept, and perhaps one more step from it. */
export interface TraceEnd {
  /** Id of the last kept state. */
  readonly state: number;
  /** A step from it that completes the trace; null: the trace ends in `state` itself. */
  readonly label: number | null;
}

/** `deadlock` is checked of every system; `fault` outcomes exist only for kinds of fault that were met. */
export type OutcomeKind = 'state' | 'event' | 'assertion' | 'reachable' | 'progress' | 'deadlock' | 'fault';

export interface PropertyOutcome {
  /** Id in the system; `deadlock`; or `fault:` and the kind of fault, e.g. `fault:useAfterFree`. */
  readonly id: string;
  readonly kind: OutcomeKind;
  /** For *reachable*: `holds` if the state was met, `vacuous` if it cannot be met. */
  readonly status: Verdict;
  /** Whether its scope or event occurred (of state properties: in some state of their scope). */
  readonly reached: boolean;
  /** Where a shortest violating trace ends (for *reachable*: a shortest trace to a state that meets it). */
  readonly first: TraceEnd | null;
  /** Steps of that trace; null if there is none. */
  readonly depth: number | null;
  /** Violating states, or violating steps for events, assertions and faults. For *reachable*: states that meet it. */
  readonly count: number;
  /** Faults: every place in which one of this kind arose. */
  readonly faults?: readonly FaultOccurrence[];
  /** Of a property with a bound: the largest number that its monitors gave. Exact if the run is exhausted, else the least that it is. */
  readonly worst?: { readonly value: number; readonly bound: number };
  /** A violated progress property: how the trace goes on for ever behind `first`; no steps where nobody can take one. */
  readonly loop?: readonly number[];
  /** Why it is not decided, where that is no limit of the run. */
  readonly undecided?: string;
  /** A deadlock: what the first one is. */
  readonly deadlock?: DeadlockDescription;
}

export interface FaultOccurrence {
  readonly fault: Fault;
  readonly first: TraceEnd;
  readonly depth: number;
  readonly count: number;
}

/** `cycle`: the processes wait for each other. `stuck`: none of them can step again, whatever daemons do. */
export interface DeadlockDescription {
  readonly kind: 'cycle' | 'stuck';
  readonly processes: readonly number[];
}

/** Why a run is not complete. */
export type Cut =
  | { readonly kind: 'states' | 'depth' | 'time' | 'memory'; readonly limit: number; readonly message: string }
  | { readonly kind: 'interrupted'; readonly message: string }
  | { readonly kind: 'bound'; readonly message: string; readonly occurrence: FaultOccurrence };

export interface Counts {
  readonly states: number;
  /** Steps taken, self loops, repetitions and steps that fault included. */
  readonly transitions: number;
  readonly initialStates: number;
  /** Steps of the longest shortest path: levels less one. */
  readonly depth: number;
  /** States without any step. */
  readonly terminal: number;
  /** Quiescent states; counted only in systems that have an essential process. */
  readonly quiescent: number;
  /** States in a deadlock of either kind. */
  readonly deadlocked: number;
  readonly frontier: number;
  readonly words: number;
  readonly memoryBytes: number;
  readonly bytesPerState: number;
  readonly elapsedMs: number;
  /** States per second. */
  readonly rate: number;
}

/** The states that were found, by id from 0 in the order in which they were found. */
export interface StateGraph {
  readonly count: number;
  /** -1 for initial states. */
  parentOf(state: number): number;
  /** Label of the step from the parent; for an initial state its number among `initialStates()`. */
  labelOf(state: number): number;
  depthOf(state: number): number;
  /** A copy of its words. Of a fingerprint run they are found by replaying the path. */
  wordsOf(state: number): Int32Array;
  /** The initial states, as the prologue gave them. */
  readonly initial: readonly Int32Array[];
}

export interface ExploreResult {
  readonly verdict: Verdict;
  /** In the system's order, then `deadlock`, then faults by kind. */
  readonly outcomes: readonly PropertyOutcome[];
  /** Everything that keeps this run from being complete. Empty if the space was exhausted. */
  readonly cuts: readonly Cut[];
  readonly exhausted: boolean;
  readonly counts: Counts;
  readonly mode: 'exact' | 'fingerprint';
  /** Upper estimate of the chance that some state was taken for another: n²/2^65 for fingerprints, 0 if exact. */
  readonly missedStateOdds: number;
  readonly graph: StateGraph;
  /** By each reduction that was asked for. */
  readonly saved?: { readonly renaming?: RenamingReport; readonly ample?: AmpleReport };
  /** That the search went on in another way than was asked for, with the reason; no verdict depends on it. Left out if there is nothing. */
  readonly remarks?: readonly string[];
  /** Ids of the states without any step, ascending. */
  readonly terminalStates: Int32Array;
  /** Ids of the deadlocked states, ascending. */
  readonly deadlockedStates: Int32Array;
  /** Execution counts of the program's basic blocks, prologue included; of those that predicates run, 1 if they were run (`settledCoverage`). */
  readonly coverage: Uint32Array;
}
