/**
 * Random search beyond the bounds that can be exhausted: schedules are fast-check arbitraries, so failing ones
 * shrink, and seed and path repeat them exactly.
 *
 * In: a compiled system, options. Out: what was met, with a path to it. Never: a claim that nothing is there.
 */
import fc from 'fast-check';
import type { CompiledSystem } from '../../compiler/system.ts';
import { stepAt } from './follow.ts';
import { endsAtBound, type Goal, goalKey, goalsOfState, goalsOfStep, isDeadlocked, mayBeDeadlocked, moversOf } from './goal.ts';

export interface HuntRequest {
  readonly seed: number;
  /** Of a failing schedule, as a hunt gave it: that one is run, and nothing else. */
  readonly path?: string;
  /** Schedules. Default 10,000. */
  readonly runs?: number;
  /** Steps of a schedule. Default 200. */
  readonly stepsMax?: number;
  /**
   * Most steps that one process takes in a row before another is drawn; each schedule draws a scale up to this.
   * Default 64. Defects need few changes of process at the right places, so long stretches find more than short ones.
   */
  readonly stretchMax?: number;
  /** Ids of the properties that are looked for, `deadlock` among them; others are passed over. Left out: all, deadlocks and faults. */
  readonly only?: readonly string[];
  /** Ends the hunt between two schedules. */
  readonly timeMs?: number;
  /** Ends it, too. */
  readonly signal?: AbortSignal;
  /** Called before the first step with everything that this run was drawn from. */
  readonly onOptions?: (options: HuntOptions) => void;
}
/** With all defaults filled in: enough to repeat the hunt. */
export type HuntOptions = Required<Pick<HuntRequest, 'seed' | 'runs' | 'stepsMax' | 'stretchMax'>> & Pick<HuntRequest, 'path' | 'timeMs'>;

export interface HuntFinding {
  readonly goal: Goal;
  /** Number of the initial state among `initialStates()`, and its words. */
  readonly initialIndex: number;
  readonly initial: Int32Array;
  readonly labels: readonly number[];
  /** With the seed: repeats it. */
  readonly path: string;
  /** Smaller schedules that were found on the way. */
  readonly shrinks: number;
}

export interface HuntResult {
  readonly options: HuntOptions;
  /** The first thing that was found, shrunk; null if nothing was. */
  readonly found: HuntFinding | null;
  /** Schedules that were run, those of shrinking included. */
  readonly schedules: number;
  readonly steps: number;
  /** Schedules that a bound of the model ended: what lies behind it was not seen. */
  readonly boundsMet: number;
  /** Indices of *reachable* properties that were met. */
  readonly reached: readonly number[];
  /** It was stopped, or time was up, before all runs were made. */
  readonly interrupted: boolean;
}

/**
 * Processes take turns. A turn goes to the process at distance `who` from the one that moved last (or to the next one
 * that can move) for `1 + long % stretch` steps. Where a step is a choice among several, `choices` decides in turn; when
 * they are used up, it is the first. So small numbers, which shrinking prefers, mean few changes and answers of "no".
 */
interface Schedule {
  readonly initial: number;
  readonly scale: number;
  readonly turns: readonly { readonly who: number; readonly long: number }[];
  readonly choices: readonly number[];
}

/** Large enough to tell the initial states, and the answers to a choice, apart. */
const pickMax = 2 ** 10;
/** Stretches of up to a quarter, a sixteenth, ... of the longest. */
const scales = 4;
/** Others get a chance after so long: Ctrl-C among them. */
const breathMs = 100;

/** Throws what `initialStates` throws. */
export async function hunt(system: CompiledSystem, request: HuntRequest): Promise<HuntResult> {
  const { seed, path, timeMs, signal } = request;
  const options: HuntOptions = {
    seed,
    runs: request.runs ?? 10_000,
    stepsMax: request.stepsMax ?? 200,
    stretchMax: Math.max(1, request.stretchMax ?? 64),
    ...(path === undefined ? {} : { path }),
    ...(timeMs === undefined ? {} : { timeMs }),
  };
  request.onOptions?.(options);
  const { only } = request;
  const ofInterest: Wanted = (goal) =>
    only === undefined || (goal.kind === 'property' ? only.includes(system.propertyIds[goal.index] ?? '') : only.includes(goalKey(goal)));
  const initials = system.initialStates();
  const tally = { schedules: 0, steps: 0, boundsMet: 0, reached: new Set<number>() };
  // Shrinking must not wander from one violation to another: the first one counts.
  let wanted: Wanted = ofInterest;
  let found: Omit<HuntFinding, 'path' | 'shrinks'> | null = null;
  let breath = performance.now();
  let stopped = false;
  const property = fc.asyncProperty(schedules(options), async (schedule) => {
    if (performance.now() - breath > breathMs) {
      await new Promise(setImmediate);
      breath = performance.now();
    }
    if (signal?.aborted === true) {
      // One failure ends the run; there is nothing to shrink then.
      const first = !stopped && found === null;
      stopped = true;
      return !first;
    }
    const initialIndex = schedule.initial % initials.length;
    const initial = initials[initialIndex] ?? new Int32Array(system.words);
    const end = follow(system, initial, schedule, options, wanted, tally);
    if (end.goal === null) return true;
    const key = goalKey(end.goal);
    wanted = (goal) => goalKey(goal) === key;
    found = { goal: end.goal, initialIndex, initial, labels: end.labels };
    return false;
  });
  const details = await fc.check(property, {
    seed,
    numRuns: options.runs,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
    ...(timeMs === undefined ? {} : { interruptAfterTimeLimit: timeMs, markInterruptAsFailure: false }),
  });
  const finding = found as Omit<HuntFinding, 'path' | 'shrinks'> | null;
  return {
    options,
    found: finding === null ? null : { ...finding, path: details.counterexamplePath ?? '', shrinks: details.numShrinks },
    schedules: tally.schedules,
    steps: tally.steps,
    boundsMet: tally.boundsMet,
    reached: [...tally.reached].sort((a, b) => a - b),
    interrupted: details.interrupted || signal?.aborted === true,
  };
}

function schedules({ stepsMax, stretchMax }: HuntOptions): fc.Arbitrary<Schedule> {
  const turn = fc.record({ who: fc.nat(2 ** 5), long: fc.nat(stretchMax - 1) });
  return fc.record({
    initial: fc.nat(pickMax),
    scale: fc.nat(scales - 1),
    turns: fc.array(turn, { maxLength: stepsMax, size: 'max' }),
    choices: fc.array(fc.nat(pickMax), { maxLength: stepsMax, size: 'max' }),
  });
}

interface Tally {
  schedules: number;
  steps: number;
  boundsMet: number;
  readonly reached: Set<number>;
}

type Wanted = (goal: Goal) => boolean;

/** Runs one schedule. A goal that is wanted ends it. */
function follow(
  system: CompiledSystem,
  initial: Int32Array,
  { turns, scale, choices }: Schedule,
  { stepsMax, stretchMax }: HuntOptions,
  wanted: Wanted,
  tally: Tally,
): { goal: Goal | null; labels: number[] } {
  const labels: number[] = [];
  const choose = (goals: readonly Goal[]) => goals.find(wanted) ?? null;
  const { words, buffer } = system;
  const processes = system.description.processes.length;
  const stretch = Math.max(1, stretchMax >> (2 * scale));
  tally.schedules++;
  buffer.set(initial, 0);
  let goal = choose(stateGoals(system, tally));
  let mover = 0;
  let turn = 0;
  let left = 0;
  let answered = 0;
  while (goal === null) {
    let count = system.expand(0, words);
    const moving = moversOf(system, count);
    if (mayBeDeadlocked(system, 0, moving)) {
      if (isDeadlocked(system, 0)) goal = choose([{ kind: 'deadlock' }]);
      count = system.expand(0, words);
    }
    // The last state is looked at, and not left.
    if (goal !== null || count === 0 || labels.length === stepsMax) break;
    if (left === 0) {
      const next = turns[turn++];
      if (next === undefined) break;
      mover = (mover + next.who) % processes;
      left = 1 + (next.long % stretch);
    }
    while (((moving >>> mover) & 1) === 0) mover = (mover + 1) % processes;
    const own = stepsOf(system, count, mover);
    const answer = own.length > 1 ? (choices[answered++] ?? 0) : 0;
    const step = stepAt(system, own[answer % own.length] ?? 0);
    left--;
    labels.push(step.label);
    tally.steps++;
    goal = choose(goalsOfStep(system, step.status, step.violations));
    if (endsAtBound(system, step.status)) tally.boundsMet++;
    if (step.status !== 0) break;
    buffer.set(step.words, 0);
    goal ??= choose(stateGoals(system, tally));
  }
  return { goal, labels };
}

/** Positions of a process's steps among those that were just expanded. */
function stepsOf(system: CompiledSystem, count: number, process: number): number[] {
  const own: number[] = [];
  for (let k = 0; k < count; k++) if (((system.labels[k] ?? 0) & 0xff) === process) own.push(k);
  return own;
}

function stateGoals(system: CompiledSystem, tally: Tally): Goal[] {
  const { violated, met } = goalsOfState(system, 0);
  for (const goal of met) if (goal.kind === 'property') tally.reached.add(goal.index);
  return violated;
}
