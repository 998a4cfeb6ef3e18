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
  /** Schedules. Default 1000. */
  readonly runs?: number;
  /** Steps of a schedule. Default 200. */
  readonly stepsMax?: number;
  /** How much more likely it is that a process goes on than that another is drawn. Default 3; 0: always drawn. */
  readonly stickiness?: number;
  /** Ends the hunt between two schedules. */
  readonly timeMs?: number;
  /** Called before the first step with everything that this run was drawn from. */
  readonly onOptions?: (options: HuntOptions) => void;
}
/** With all defaults filled in: enough to repeat the hunt. */
export type HuntOptions = Required<Pick<HuntRequest, 'seed' | 'runs' | 'stepsMax' | 'stickiness'>> & Pick<HuntRequest, 'path' | 'timeMs'>;

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
  /** Time was up before all runs were made. */
  readonly interrupted: boolean;
}

/** One element of a schedule: 0 goes on with the same process; see `follow`. */
interface Schedule {
  readonly initial: number;
  readonly picks: readonly number[];
}

/** Large enough to tell the steps of any state apart. */
const pickMax = 2 ** 10;

/** Throws what `initialStates` throws. */
export function hunt(system: CompiledSystem, request: HuntRequest): HuntResult {
  const { seed, path, timeMs } = request;
  const options: HuntOptions = {
    seed,
    runs: request.runs ?? 1000,
    stepsMax: request.stepsMax ?? 200,
    stickiness: request.stickiness ?? 3,
    ...(path === undefined ? {} : { path }),
    ...(timeMs === undefined ? {} : { timeMs }),
  };
  request.onOptions?.(options);
  const initials = system.initialStates();
  const tally = { schedules: 0, steps: 0, boundsMet: 0, reached: new Set<number>() };
  // Shrinking must not wander from one violation to another: the first one counts.
  let wanted: string | null = null;
  let found: Omit<HuntFinding, 'path' | 'shrinks'> | null = null;
  const property = fc.property(schedules(options), (schedule) => {
    const initialIndex = schedule.initial % initials.length;
    const initial = initials[initialIndex] ?? new Int32Array(system.words);
    const end = follow(system, initial, schedule.picks, wanted, tally);
    if (end.goal === null) return true;
    wanted ??= goalKey(end.goal);
    found = { goal: end.goal, initialIndex, initial, labels: end.labels };
    return false;
  });
  const details = fc.check(property, {
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
    interrupted: details.interrupted,
  };
}

function schedules({ stepsMax, stickiness }: HuntOptions): fc.Arbitrary<Schedule> {
  const drawn = fc.nat(pickMax);
  const pick = stickiness === 0 ? drawn : fc.oneof({ weight: stickiness, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: drawn });
  return fc.record({ initial: fc.nat(pickMax), picks: fc.array(pick, { maxLength: stepsMax, size: 'max' }) });
}

interface Tally {
  schedules: number;
  steps: number;
  boundsMet: number;
  readonly reached: Set<number>;
}

/**
 * Runs one schedule. A pick chooses among the enabled steps, those of the process that moved last first: so
 * small picks, which shrinking prefers, mean few changes of process. `wanted` null: any goal ends it.
 */
function follow(
  system: CompiledSystem,
  initial: Int32Array,
  picks: readonly number[],
  wanted: string | null,
  tally: Tally,
): { goal: Goal | null; labels: number[] } {
  const labels: number[] = [];
  const choose = (goals: readonly Goal[]) => goals.find((goal) => wanted === null || goalKey(goal) === wanted) ?? null;
  const { words, buffer } = system;
  tally.schedules++;
  buffer.set(initial, 0);
  let goal = choose(stateGoals(system, tally));
  let last = 0;
  for (const pick of [...picks, null]) {
    if (goal !== null) break;
    let count = system.expand(0, words);
    if (mayBeDeadlocked(system, 0, moversOf(system, count))) {
      if (isDeadlocked(system, 0)) goal = choose([{ kind: 'deadlock' }]);
      count = system.expand(0, words);
    }
    // The last state is looked at, and not left.
    if (goal !== null || pick === null || count === 0) break;
    const step = stepAt(system, ordered(system, count, last)[pick % count] ?? 0);
    labels.push(step.label);
    tally.steps++;
    last = step.label & 0xff;
    goal = choose(goalsOfStep(system, step.status, step.violations));
    if (endsAtBound(system, step.status)) tally.boundsMet++;
    if (step.status !== 0) break;
    buffer.set(step.words, 0);
    goal ??= choose(stateGoals(system, tally));
  }
  return { goal, labels };
}

/** Positions of the steps that were just expanded: those of process `last` first, then of those after it in turn. */
function ordered(system: CompiledSystem, count: number, last: number): number[] {
  const processes = system.description.processes.length;
  const distance = (k: number) => (((system.labels[k] ?? 0) & 0xff) - last + processes) % processes;
  return Array.from({ length: count }, (_, k) => k).sort((a, b) => distance(a) - distance(b) || a - b);
}

function stateGoals(system: CompiledSystem, tally: Tally): Goal[] {
  const { violated, met } = goalsOfState(system, 0);
  for (const goal of met) if (goal.kind === 'property') tally.reached.add(goal.index);
  return violated;
}
