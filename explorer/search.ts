/**
 * Breadth-first search over a compiled system.
 *
 * In: a compiled system. Out: everything reachable within the limits, and what was wrong with it.
 * Never: an allocation per state, or a word about what the states mean.
 *
 * Parents are taken in the order in which they were found, some at a time: each is copied into the system's
 * buffer and expanded there, the successors of all of them are hashed and inserted together, and the new ones
 * are checked. A batch never crosses a level, so depths are exact, and the first violation of a
 * property in this order has a shortest trace.
 */
import type { CompiledSystem } from '../compiler/index.ts';
import { StuckStates } from './deadlock.ts';
import { Expansion, type ExpansionSink } from './expansion.ts';
import { Findings, isBound, meetings } from './findings.ts';
import { Numbers } from './numbers.ts';
import { type Ample, type Found, noMore } from './reductions/ample/ample.ts';
import type { Cut, DeadlockDescription, ExploreOptions, Progress } from './result.ts';
import { Batch, type VisitedSet } from './visited/batch.ts';
import { ComponentSet } from './visited/componentSet.ts';
import { ExactSet } from './visited/exact.ts';
import { FingerprintSet } from './visited/fingerprint.ts';
import { ModuleFull, ModuleSet } from './visited/moduleSet.ts';
import { SpillingSet } from './visited/spillingSet.ts';
import { ordinaryWords, sharedWords } from './visited/store.ts';

const defaultMemoryBytes = 2 ** 32;
const defaultBatchParents = 64;
/** Share of the limit of memory: below, there is room for a set that takes a third of this one while states are taken over into it. */
const crowdedFrom = 0.6;
/** Bit sets of processes and of properties are one word wide. */
const widthMax = 32;

type LimitCut = Exclude<Cut, { kind: 'bound' }>;

/** Threads that help a search, as the search sees them. */
export interface Threads {
  /** Memory that they take beside the search's own. */
  readonly bytes: number;
  /** Whether all of them have started. */
  readonly ready: boolean;
  /** Whether the level has enough left for them. */
  wants(): boolean;
  /** Some thousand parents further; its pieces end where the search may be interrupted. False: the limit of memory. */
  round(): Generator<void, boolean>;
  /** Brings the system's counters up to date. */
  settle(): void;
  /** Sends them home. */
  stop(): Promise<void>;
}

export class Search implements ExpansionSink {
  readonly findings = new Findings();
  readonly visited: VisitedSet;
  readonly initial: Int32Array[];
  /** Id of the first state of each level. */
  readonly levels: number[] = [0];
  readonly terminalStates = new Numbers();
  /** States in which processes wait for each other in a cycle. */
  readonly cycles = new Numbers();
  firstCycle: DeadlockDescription | null = null;
  readonly stuckStates: StuckStates;
  readonly expansion: Expansion;
  readonly cuts: LimitCut[] = [];
  initialCount = 0;
  /** The next state to expand. */
  next = 0;
  /** The first state that is not of the level that is expanded now. */
  levelEnd = 0;
  /** A batch was expanded and its successors were lost: what was found can be told, and nobody can go on from here. */
  torn = false;
  /** Threads that help, once there are any. */
  crew: Threads | null = null;
  private round: Generator<void, boolean> | null = null;
  elapsedMs = 0;
  /** That it goes on in another way than it began, for the result. */
  remark: string | null = null;
  /** Runs of each property's monitors during the prologue, which do not count as reaching it. */
  readonly monitorsBefore: Uint32Array;

  /** The visited set, if it begins in the system's module. */
  private readonly spilling: SpillingSet | null;
  /** Whether the states have come near to the limit of memory. */
  crowded = false;
  /** The visited set, if it does not begin in the module. */
  private readonly found: Found;
  readonly batch: Batch;
  private readonly batchParents: number;
  private readonly meetings: number;
  /** Whether new states are checked. */
  readonly checks: boolean;

  /** Runs the prologue. Throws its error, and RangeError for a system that is wider than the bit sets. */
  constructor(
    readonly system: CompiledSystem,
    readonly options: ExploreOptions,
    readonly ample: Ample | null = null,
  ) {
    const { words, description } = system;
    const { processes, properties } = description;
    if (processes.length > widthMax) throw new RangeError(`a system has at most ${widthMax} processes, not ${processes.length}`);
    if (properties.length > widthMax) throw new RangeError(`a system has at most ${widthMax} properties, not ${properties.length}`);
    const room = Math.floor(system.buffer.length / words) - 1;
    if (room < system.successorsMax) throw new RangeError(`the buffer has room for ${room} of ${system.successorsMax} successors`);
    this.stuckStates = new StuckStates(words);
    this.batchParents = options.batchParents ?? defaultBatchParents;
    const exact = options.mode !== 'fingerprint';
    // Threads have a set that all of them can insert into.
    const threads = (options.workers ?? 1) > 1;
    const compressed = options.compress === true && exact && !threads && ComponentSet.pays(words);
    const allocate = threads ? sharedWords : ordinaryWords;
    const states = () => (compressed ? new ComponentSet(words) : new ExactSet(words, allocate));
    const plain = exact ? states() : new FingerprintSet(words, allocate);
    this.found = plain;
    this.expansion = new Expansion(
      system,
      this,
      ample === null ? null : (parent, out, made) => ample.choose(parent, 0, out, made, this.levelEnd, plain),
    );
    this.meetings = meetings(system);
    this.checks = properties.some((property) => 'predicate' in property);
    const outside = threads || compressed || ample !== null;
    const inModule = outside ? null : ModuleSet.of(system, exact, { ...this.expansion.facts, toMeet: this.meetings }, 2 * this.memoryLimit);
    this.spilling = inModule === null ? null : new SpillingSet(inModule);
    this.visited = this.spilling ?? plain;
    this.batch = inModule?.batch ?? new Batch(room);
    system.resetCounters();
    this.initial = system.initialStates();
    this.monitorsBefore = system.monitorCounts.slice();
    // What the prologue alone costs is no cost of what is searched.
    system.worst?.fill(0);
    this.insertInitial();
  }

  get depth(): number {
    return this.levels.length - 1;
  }

  get exhausted(): boolean {
    return this.next === this.visited.states && this.ample?.hasPending !== true;
  }

  get memoryBytes(): number {
    return this.visited.bytes + this.stuckStates.bytes + (this.crew?.bytes ?? 0);
  }

  get memoryLimit(): number {
    return this.options.limits?.memoryBytes ?? defaultMemoryBytes;
  }

  /** Whether a round of threads is under way: nothing is to be read or saved then. */
  get busy(): boolean {
    return this.round !== null;
  }

  /** Makes the system's counters those of all threads. */
  settle(): void {
    this.crew?.settle();
  }

  /** What the result is to say besides: that the search went on in another way than it was asked to. */
  get remarks(): string[] {
    const remarks = [this.spilling?.remark ?? null, this.remark];
    return remarks.filter((remark) => remark !== null);
  }

  /** The visited set, while it lies in the system's module: batches are expanded and checked there, too. */
  get inModule(): ModuleSet | null {
    return this.spilling?.upper === null ? this.spilling.lower : null;
  }

  progress(): Progress {
    const { states, bytes } = this.visited;
    const rate = this.elapsedMs > 0 ? (1000 * states) / this.elapsedMs : 0;
    return {
      states,
      transitions: this.expansion.transitions,
      frontier: states - this.next,
      depth: this.depth,
      elapsedMs: this.elapsedMs,
      rate,
      memoryBytes: bytes,
    };
  }

  /** Searches for about `budgetMs`, less if memory runs short, or to its end if that is infinite. True: there is nothing more to do. */
  advance(budgetMs: number): boolean {
    const start = performance.now() - this.elapsedMs;
    const end = start + this.elapsedMs + budgetMs;
    const every = this.options.progressEveryMs ?? 1000;
    let progressAt = every * (Math.floor(this.elapsedMs / every) + 1);
    for (;;) {
      const now = performance.now();
      this.elapsedMs = now - start;
      if (this.elapsedMs >= progressAt) {
        this.options.onProgress?.(this.progress());
        progressAt = every * (Math.floor(this.elapsedMs / every) + 1);
      }
      if (!this.busy) {
        if (this.exhausted || this.reachedLimit()) return true;
        if (now >= end || (end < Number.POSITIVE_INFINITY && this.growsCrowded())) return false;
        if (this.crew?.wants() === true) this.round = this.crew.round();
      }
      const first = this.next;
      const taken = this.take();
      if (taken === null) return false;
      if (!taken) {
        this.next = first;
        this.torn = true;
        return true;
      }
      if (this.next === this.levelEnd) this.endLevel();
    }
  }

  /** Goes on to the next level, unless states of those before must be expanded again first. */
  private endLevel(): void {
    const { ample, visited } = this;
    if (ample !== null) {
      if (!ample.hasPending) ample.levelDone(visited, visited.states === this.levelEnd);
      if (ample.hasPending) return;
    }
    if (visited.states === this.levelEnd) return;
    this.levels.push(this.levelEnd);
    this.levelEnd = visited.states;
  }

  /** True once: when the states come near to the limit of memory, so that whoever runs the search can see to that. */
  private growsCrowded(): boolean {
    if (this.crowded || this.memoryBytes < crowdedFrom * this.memoryLimit) return false;
    this.crowded = true;
    return true;
  }

  private insertInitial(): void {
    const { words, buffer } = this.system;
    for (const [index, state] of this.initial.entries()) {
      const before = this.visited.states;
      this.batch.count = 0;
      buffer.set(state, words);
      this.batch.add(words, -1, index);
      this.visited.insert(buffer, this.batch);
      if (this.checks && this.visited.states > before) this.check(words, before);
    }
    this.levelEnd = this.visited.states;
    this.initialCount = this.visited.states;
  }

  private reachedLimit(): boolean {
    const { limits, signal } = this.options;
    const cut = (kind: 'states' | 'depth' | 'time', limit: number, message: string) => this.cuts.push({ kind, limit, message }) > 0;
    if (signal?.aborted === true) return this.cuts.push({ kind: 'interrupted', message: 'interrupted' }) > 0;
    if (this.options.stopAtViolation === true && this.violated()) {
      return this.cuts.push({ kind: 'interrupted', message: 'stopped at a violation' }) > 0;
    }
    if (limits === undefined) return false;
    if (limits.states !== undefined && this.visited.states >= limits.states) {
      return cut('states', limits.states, `limit of ${limits.states} states reached`);
    }
    if (limits.depth !== undefined && this.depth >= limits.depth) {
      return cut('depth', limits.depth, `limit of ${limits.depth} steps reached`);
    }
    if (limits.timeMs !== undefined && this.elapsedMs >= limits.timeMs) {
      return cut('time', limits.timeMs, `limit of ${limits.timeMs / 1000} s reached`);
    }
    return false;
  }

  private violated(): boolean {
    const { violated, faults } = this.findings;
    return violated.size > 0 || [...faults.keys()].some((index) => !this.isBoundAt(index));
  }

  private isBoundAt(fault: number): boolean {
    const found = this.system.faults[fault];
    return found !== undefined && isBound(found);
  }

  /**
   * A batch, or a round of threads. False: there was no memory for it; it is lost and its parents count as not expanded.
   * Null: the threads are not ready with it.
   */
  private take(): boolean | null {
    try {
      if (this.round !== null) return this.goOn(this.round);
      const { inModule } = this;
      if (this.ample?.hasPending === true) this.expandAgain(this.ample);
      else if (inModule === null) this.expandBatch();
      else this.expandInModule(inModule);
      return this.insertBatch();
    } catch (error) {
      if (!isAllocationFailure(error)) throw error;
      const reached = this.memoryBytes;
      // Of no more use; what is told in the end needs room, too.
      this.visited.seal();
      return this.outOfMemory(reached);
    }
  }

  private goOn(round: Generator<void, boolean>): boolean | null {
    const first = this.next;
    this.round = null;
    const { done, value } = round.next();
    if (done !== true) {
      this.round = round;
      return null;
    }
    if (!value) this.next = first;
    return value;
  }

  /** Expands parents of this level while there is room for all successors that one more may have. */
  private expandBatch(): void {
    const { system, batch, visited, expansion } = this;
    const { words, buffer, successorsMax } = system;
    const end = Math.min(this.levelEnd, this.next + this.batchParents);
    const last = buffer.length - successorsMax * words;
    let out = words;
    let parent = this.next;
    batch.count = 0;
    for (; parent < end && out <= last; parent++) {
      visited.copyTo(parent, buffer, 0);
      out += expansion.expand(parent, out, batch) * words;
    }
    this.next = parent;
    visited.expandedBelow(parent);
  }

  /** Expands states again of which too little was followed. What they say was told when they were expanded first. */
  private expandAgain(ample: Ample): void {
    const { system, batch, visited } = this;
    const { words, buffer, successorsMax, labels, status } = system;
    const last = buffer.length - successorsMax * words;
    let out = words;
    batch.count = 0;
    for (let parents = 0; parents < this.batchParents && out <= last && ample.hasPending; parents++) {
      const state = ample.nextPending();
      const before = ample.followedFrom(state);
      visited.copyTo(state, buffer, 0);
      const made = system.expand(0, out);
      const only = ample.chooseAgain(state, 0, out, made, this.levelEnd, this.found);
      for (let k = 0; k < made; k++) {
        const process = (labels[k] as number) & 0xff;
        if (status[k] === 0 && (only < 0 ? only !== noMore && process !== before : process === only)) {
          batch.add(out + k * words, state, labels[k] as number);
        }
      }
      out += made * words;
    }
  }

  /** As `expandBatch`, which the module does but for what there is to tell. */
  private expandInModule(module: ModuleSet): void {
    const end = Math.min(this.levelEnd, this.next + this.batchParents);
    let parent = this.next;
    this.batch.count = 0;
    do {
      parent = module.expand(parent, end);
      this.expansion.transitions += module.transitions;
      if (module.notable) this.expansion.tell(parent - 1, 0, module.made, null);
    } while (module.notable && parent < end);
    this.next = parent;
    module.expandedBelow(parent);
  }

  bad(state: number, label: number, ended: number, violations: number): void {
    const end = { state, label };
    const depth = this.depth + 1;
    this.findings.violation(violations, end, depth);
    const fault = this.system.faults[ended - 1];
    // A BUG with a property of its own is that property's violation, and not a second one.
    if (fault !== undefined && !(fault.kind === 'bug' && violations !== 0)) this.findings.fault(ended - 1, end, depth);
  }

  terminal(state: number): void {
    this.terminalStates.push(state);
  }

  stuck(state: number): void {
    this.stuckStates.add(this.system.buffer, 0, state);
  }

  cycle(state: number, processes: number): void {
    this.cycles.push(state);
    this.firstCycle ??= { kind: 'cycle', processes: bitsOf(processes) };
  }

  /** False: the new states do not fit into the limit. */
  insertBatch(): boolean {
    const { visited, batch, system } = this;
    if (!this.hasMemory(visited.growthBytes(batch.count))) return false;
    const before = visited.states;
    const made = visited.insert(system.buffer, batch);
    if (!this.checks) return true;
    const { inModule } = this;
    if (inModule !== null) this.checkInModule(inModule, before, made);
    else for (let k = 0; k < made; k++) this.check(batch.offsets[batch.fresh[k] as number] as number, before + k);
    return true;
  }

  /** False: `bytes` more are above the limit, and that is why the search ends. */
  hasMemory(bytes: number): boolean {
    return this.memoryBytes + bytes <= this.memoryLimit || this.outOfMemory(this.memoryLimit);
  }

  private outOfMemory(limit: number): false {
    this.cuts.push({ kind: 'memory', limit, message: `limit of ${Math.round(limit / 2 ** 20)} MiB of memory reached` });
    return false;
  }

  private check(base: number, state: number): void {
    const { system, findings } = this;
    const violated = system.check(base) & ~this.meetings;
    const reached = system.reachedMask();
    findings.reachedMask |= reached;
    this.checked(state, violated, reached & this.meetings);
  }

  private checkInModule(module: ModuleSet, before: number, made: number): void {
    const count = module.check(made);
    this.findings.reachedMask |= module.reachedMask;
    for (let i = 0; i < count; i++) {
      this.checked(before + (module.notableFresh[i] as number), module.violated[i] as number, module.met[i] as number);
    }
  }

  /** What a new state violates, and what is met in it. */
  checked(state: number, violated: number, met: number): void {
    if ((violated | met) === 0) return;
    const { findings } = this;
    const end = { state, label: null };
    const depth = this.visited.parentOf(state) < 0 ? 0 : this.depth + 1;
    findings.violation(violated, end, depth);
    findings.meeting(met, end, depth);
  }

  /** Ids of the deadlocked states, ascending, and what the first one is. To be asked when the search is over. */
  deadlocks(): { ids: Int32Array; first: DeadlockDescription | null } {
    const { system } = this;
    const stuck = this.stuckStates.dead(system, (fault) => this.isBoundAt(fault));
    const ids = Int32Array.from(new Set([...this.cycles.toArray(), ...stuck])).sort();
    const first = ids[0];
    if (first === undefined) return { ids, first: null };
    if (this.cycles.count > 0 && this.cycles.at(0) === first) return { ids, first: this.firstCycle };
    return { ids, first: { kind: 'stuck', processes: this.stuckStates.processesAt(system, first) } };
  }
}

/** What V8 throws where the machine has no memory for an array, or the array would be longer than any may be; or a module's memory has ended. */
function isAllocationFailure(error: unknown): boolean {
  if (error instanceof ModuleFull) return true;
  return error instanceof RangeError && /allocation failed|Invalid typed array length|Invalid array (buffer )?length/.test(error.message);
}

function bitsOf(mask: number): number[] {
  const bits: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits.push(31 - Math.clz32(rest & -rest));
  return bits;
}
