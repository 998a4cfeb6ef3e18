/**
 * A kept trace, run again on a system without a search: does it still violate, and if the system is another
 * one by now, where do the two part?
 *
 * Steps are found by their process and choices, not by labels of the old system. What a step writes is
 * compared with what the trace says it wrote.
 */
import { type CompiledSystem, decodeMachine, interpretProgram, type TracingSystem } from '../compiler/index.ts';
import {
  type Goal,
  goalKey,
  goalOfId,
  goalsOfStep,
  meetsInState,
  type Path,
  type Step,
  stepsFrom,
  wrongWithLoop,
} from '../explorer/index.ts';
import { createNames } from './names.ts';
import type { Names, Naming } from './naming.ts';
import { rowsOf } from './rows.ts';
import type { Trace, TraceCell, TraceRow, TraceStep } from './schema.ts';
import { traceCells } from './view.ts';

export interface Difference {
  /** Number of the step at which the two part; 0: the initial state. */
  readonly step: number;
  readonly kind: 'property' | 'processes' | 'initial' | 'disabled' | 'choices' | 'writes' | 'ended' | 'verdict';
  /** One sentence. Names from the trace file are in it as they are: escape it before printing. */
  readonly message: string;
}

export interface ReplayResult {
  /** The violation was met, at the end of the trace or before. */
  readonly stillViolates: boolean;
  /** Number of the step that violates now; null if none does. */
  readonly violatingStep: number | null;
  /** Whether the trace was made for exactly this system; null where one of the two has no fingerprint. */
  readonly sameModel: boolean | null;
  /** Steps that could be taken. */
  readonly stepsTaken: number;
  /** The first one only: what comes after it follows from it. Null: step for step the same. */
  readonly firstDifference: Difference | null;
  /** The path in this system as far as it was taken, to rebuild a trace from; null without an initial state. */
  readonly path: Path | null;
}

/** `fingerprint`: of the system, as its runs report it; `naming`: how differences are told. Throws what `initialStates` throws. */
export function replayTrace(trace: Trace, system: CompiledSystem, fingerprint = '', naming: Naming = {}): ReplayResult {
  const sameModel = fingerprint === '' || trace.fingerprint === '' ? null : fingerprint === trace.fingerprint;
  const refuse = (difference: Difference): ReplayResult => ({
    stillViolates: false,
    violatingStep: null,
    sameModel,
    stepsTaken: 0,
    firstDifference: difference,
    path: null,
  });
  const goal = goalOfId(system, trace.property.id);
  if (goal === null) return refuse({ step: 0, kind: 'property', message: `this model has no property ${trace.property.id}` });
  const missing = trace.processes.findIndex((process, index) => system.description.processes[index]?.name !== process.name);
  if (missing >= 0) {
    const now = system.description.processes[missing]?.name;
    const message = `process ${missing} was ${trace.processes[missing]?.name}, and is ${now ?? 'not there'} now`;
    return refuse({ step: 0, kind: 'processes', message });
  }
  return { sameModel, ...new Replay(trace, system, goal, naming).run() };
}

class Replay {
  readonly #trace: Trace;
  readonly #system: CompiledSystem;
  readonly #goal: Goal;
  readonly #naming: Naming;
  /** As of the last step that was taken. */
  #names: Names;
  readonly #interpreter: TracingSystem;
  /** What is written for the checker only. Fields that are merely not shown are compared. */
  readonly #ghosts: ReadonlySet<string>;
  readonly #labels: number[] = [];
  #firstDifference: Difference | null = null;

  constructor(trace: Trace, system: CompiledSystem, goal: Goal, naming: Naming) {
    this.#trace = trace;
    this.#system = system;
    this.#goal = goal;
    this.#naming = naming;
    this.#names = createNames(system.description.machine, naming);
    this.#ghosts = new Set(
      system.description.machine.tables.flatMap(({ name, fields }) =>
        fields.flatMap((each) => (each.ghost ? [`${name}.${each.path}`] : [])),
      ),
    );
    this.#interpreter = interpretProgram(system.description, system.program, system.layout);
  }

  run(): Omit<ReplayResult, 'sameModel'> {
    const initial = this.#initialState();
    let words = initial;
    const states = [initial];
    let violated = meetsInState(this.#system, words, this.#goal);
    for (const step of this.#trace.steps) {
      if (violated) break;
      const taken = this.#take(words, step);
      if (taken === null) break;
      this.#labels.push(taken.label);
      violated = goalsOfStep(this.#system, taken.status, taken.violations).some((met) => goalKey(met) === goalKey(this.#goal));
      if (taken.status !== 0) {
        const fault = this.#system.faults[taken.status - 1];
        if (!violated) this.#differ(step.number, 'ended', `the path ends here now: ${fault?.kind ?? 'fault'}: ${fault?.message ?? ''}`);
        break;
      }
      words = taken.words;
      states.push(words);
      violated ||= meetsInState(this.#system, words, this.#goal);
    }
    const stepsTaken = this.#labels.length;
    violated ||= stepsTaken === this.#trace.steps.length && this.#isLasso(states);
    if (violated && stepsTaken < this.#trace.violation.step) {
      this.#differ(stepsTaken, 'verdict', `violates after ${stepsTaken} steps already, not ${this.#trace.violation.step}`);
    }
    if (!violated) this.#differ(stepsTaken, 'verdict', 'every step can be taken, and nothing is violated at the end');
    return {
      stillViolates: violated,
      violatingStep: violated ? stepsTaken : null,
      stepsTaken,
      firstDifference: this.#firstDifference,
      path: { initial, labels: this.#labels },
    };
  }

  /** Of a progress property: whether the loop closes, is fair in this system, and what is owed is owed all along it. */
  #isLasso(states: readonly Int32Array[]): boolean {
    const goal = this.#goal;
    if (goal.kind !== 'property' || this.#system.description.properties[goal.index]?.kind !== 'progress') return false;
    const before = this.#trace.loopStart === null ? this.#labels.length : this.#trace.loopStart - 1;
    const start = states[before];
    if (start === undefined) return false;
    const wrong = wrongWithLoop(this.#system, start, this.#labels.slice(before), goal.index);
    if (wrong !== null) this.#differ(this.#labels.length, 'verdict', `this is no fair loop any more: ${wrong}`);
    return wrong === null;
  }

  #differ(step: number, kind: Difference['kind'], message: string): void {
    this.#firstDifference ??= { step, kind, message };
  }

  /** The initial state that the trace describes, or the one that is most like it. */
  #initialState(): Int32Array {
    const recorded = new Map(this.#trace.initial.map((cell) => [cell.place, cell]));
    const { description, layout } = this.#system;
    const candidates = this.#system.initialStates().map((words) => {
      const cells = traceCells(description.machine, decodeMachine(layout, words, 0), createNames(description.machine, this.#naming));
      return { words, differences: differingCells(recorded, new Map(cells.map((cell) => [cell.place, cell]))) };
    });
    candidates.sort((a, b) => a.differences.length - b.differences.length);
    const [best] = candidates;
    if (best === undefined) return new Int32Array(this.#system.words);
    for (const [table, rows] of Object.entries(decodeMachine(layout, best.words, 0).allocated))
      for (const [row, there] of rows.entries()) if (there) this.#names.existed(table, row);
    const [first] = best.differences;
    if (first !== undefined) {
      const [was, is] = [first.was, first.is].map((cell) => cell?.value.display ?? '0');
      this.#differ(0, 'initial', `the initial state differs in ${(first.is ?? first.was)?.name}: ${was} in the trace, ${is} now`);
    }
    return best.words;
  }

  /** The step of the same process with the same choices; null, and a difference, if there is none. */
  #take(words: Int32Array, recorded: TraceStep): Step | null {
    const own = stepsFrom(this.#system, words).filter((step) => (step.label & 0xff) === recorded.process);
    const title = `CPU ${recorded.process} (${this.#trace.processes[recorded.process]?.title ?? '?'})`;
    if (own.length === 0) {
      this.#system.buffer.set(words, 0);
      this.#differ(recorded.number, 'disabled', `${title} has no step here: it is ${this.#system.processStatus(0, recorded.process)}`);
      return null;
    }
    const { description } = this.#system;
    const offered: string[] = [];
    for (const step of own) {
      this.#interpreter.buffer.set(words, 0);
      const events = this.#interpreter.traceStep(0, step.label);
      const names = this.#names.snapshot();
      const { rows, choices } = rowsOf(events, {
        description,
        naming: this.#naming,
        names,
        state: decodeMachine(this.#system.layout, words, 0),
        waitLabel: () => '',
      });
      if (choiceKey(choices) !== choiceKey(recorded.choices)) {
        offered.push(this.#choiceText(choices));
        continue;
      }
      this.#names = names;
      const difference = differingWrite(recorded.rows, rows, this.#ghosts);
      if (difference !== null) this.#differ(recorded.number, 'writes', `${title} ${difference}`);
      return step;
    }
    const choices = offered.length > 4 ? `${offered.slice(0, 4).join('; ')}; ...` : offered.join('; ');
    this.#differ(recorded.number, 'choices', `${title} cannot choose ${this.#choiceText(recorded.choices)} here, but ${choices}`);
    return null;
  }

  #choiceText(choices: TraceStep['choices']): string {
    if (choices.length === 0) return 'nothing';
    return choices.map(({ label, value }) => `${label} = ${this.#naming.choices?.[label]?.[value] ?? value}`).join(', ');
  }
}

function choiceKey(choices: TraceStep['choices']): string {
  return choices.map(({ label, value }) => `${label} = ${value}`).join(', ');
}

interface DifferingCell {
  readonly was: TraceCell | undefined;
  readonly is: TraceCell | undefined;
}
function differingCells(recorded: ReadonlyMap<string, TraceCell>, now: ReadonlyMap<string, TraceCell>): DifferingCell[] {
  const raw = (cell: TraceCell | undefined) => JSON.stringify(cell?.value.raw ?? 0);
  const places = [...new Set([...recorded.keys(), ...now.keys()])].sort();
  return places.map((place) => ({ was: recorded.get(place), is: now.get(place) })).filter(({ was, is }) => raw(was) !== raw(is));
}

/** The first write that is not as the trace says, in words; null if all are. */
function differingWrite(recorded: readonly TraceRow[], now: readonly TraceRow[], ghosts: ReadonlySet<string>): string | null {
  const [before = [], after = []] = [recorded, now].map((rows) =>
    rows.filter((row) => row.kind === 'change').filter((row) => !ghosts.has(row.field)),
  );
  for (let k = 0; k < Math.max(before.length, after.length); k++) {
    const [was, is] = [before[k], after[k]];
    if (was !== undefined && is !== undefined && writeKey(was) === writeKey(is)) continue;
    return `writes ${writeText(is)} now, where the trace has ${writeText(was)}`;
  }
  return null;
}

type Change = Extract<TraceRow, { kind: 'change' }>;
/** By numbers: a model may have come to spell them otherwise. */
function writeKey({ place, old, new: next }: Change): string {
  return JSON.stringify([place, old.raw, next.raw]);
}
function writeText(row: Change | undefined): string {
  return row === undefined ? 'nothing' : `${row.name}: ${row.old.display} -> ${row.new.display}`;
}
