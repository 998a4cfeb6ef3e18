/**
 * From a path of the search (an initial state and labels) to a trace: every step is executed again, statement
 * by statement, in the interpreter, before anybody is shown it.
 */
import {
  type CompiledSystem,
  decodeMachine,
  interpretProgram,
  type MachineState,
  predicateEvents,
  type StatementEvent,
  type TracingSystem,
} from '../compiler/index.ts';
import { type Goal, type Path, replay, wrongWithLoop } from '../explorer/index.ts';
import { type Blame, type BlameContext, blameEvent, blameFault, blameState } from './blame.ts';
import { blockedProcesses } from './blocked.ts';
import { createNames } from './names.ts';
import type { Names, Naming } from './naming.ts';
import { comparePictures, pictureLines } from './picture.ts';
import { hookProcedures, propertyFields } from './propertyFields.ts';
import { rowsOf, type StepRows, tracePosition } from './rows.ts';
import { changes, clip, type PropertyKind, type Trace, type TraceStep, traceLimits, traceSchema, traceVersion } from './schema.ts';
import { traceCells } from './view.ts';

/** What the trace says about the run; see `traceSchema`. */
export type About = Pick<
  Trace,
  'fingerprint' | 'scenario' | 'era' | 'variant' | 'model' | 'subsystem' | 'bounds' | 'shortest' | 'notModelled'
> & {
  /** What the violated property demands, in one sentence. For faults and deadlocks there is a default: what happened. */
  readonly statement?: string;
  /** Ids, if not all properties of the scenario were watched. */
  readonly watched?: readonly string[];
};

export interface RebuildInput {
  readonly system: CompiledSystem;
  readonly path: Path;
  /** What is met at the end of the path. */
  readonly finding: Goal;
  readonly about: About;
  readonly naming?: Naming;
}

/** Interpreter and compiled code disagree, or the path does not end as claimed: a bug of ours (exit code 70). */
export class RebuildMismatch extends Error {
  override readonly name = 'RebuildMismatch';
}

/** Throws `RebuildMismatch`, and RangeError for a path longer than a trace may be. */
export function rebuildTrace(input: RebuildInput): Trace {
  const { system, path, finding, about } = input;
  if (path.labels.length > traceLimits.steps)
    throw new RangeError(`a trace has at most ${traceLimits.steps} steps, not ${path.labels.length}`);
  const run = execute(input);
  const { description } = system;
  const property = finding.kind === 'property' ? description.properties[finding.index] : undefined;
  const blame = blameOf(input, run);
  const fields = [...new Set([...run.fields, ...blame.fields])]
    .sort()
    .slice(0, 128)
    .map((field) => clip(field));
  const trace: Trace = {
    version: traceVersion,
    fingerprint: about.fingerprint,
    scenario: clip(about.scenario),
    era: clip(about.era),
    variant: clip(about.variant),
    model: clip(about.model, traceLimits.text),
    subsystem: clip(about.subsystem),
    bounds: about.bounds,
    property: { ...describeFinding(input, run), fields },
    telling: (input.naming?.telling ?? []).slice(0, 128).map((field) => clip(field)),
    verdict: property?.kind === 'reachable' ? 'reached' : 'violated',
    ...(about.watched === undefined ? {} : { watched: about.watched.slice(0, 128).map((id) => clip(id)) }),
    shortest: about.shortest,
    processes: description.processes.map(({ name, title, kind }) => ({ name: clip(name), title: clip(title), kind })),
    initial: run.initial,
    steps: run.steps,
    violation: { step: path.labels.length, row: blame.row, values: blame.values, notes: blame.notes },
    picture: pictureOf(input, run, blame),
    final: traceCells(description.machine, run.state, run.names),
    loopStart: path.loopStart ?? null,
    permutation: null,
    notModelled: about.notModelled.slice(0, traceLimits.notes).map((text) => clip(text, traceLimits.text)),
  };
  return traceSchema.parse(trace);
}

interface Run {
  readonly names: Names;
  readonly initial: Trace['initial'];
  readonly steps: TraceStep[];
  /** Fields that the property is known to look at. */
  readonly fields: readonly string[];
  readonly since: ReadonlyMap<string, number>;
  /** The last step: what its statements did, the rows of that, the state before it. */
  readonly last: {
    readonly events: readonly StatementEvent[];
    readonly rows: StepRows;
    readonly before: MachineState;
    readonly names: Names;
  } | null;
  /** The state at the end; after a fault, as far as the step came. */
  readonly state: MachineState;
  /** The machine words at the end; those before the last step if it faulted. */
  readonly words: Int32Array;
}

function execute({ system, path, finding, naming = {} }: RebuildInput): Run {
  const { description, layout, words: size } = system;
  const interpreter = interpretProgram(description, system.program, layout);
  const names = createNames(description.machine, naming);
  let words: Int32Array = path.initial.slice();
  const state = decodeMachine(layout, words, 0);
  for (const [table, rows] of Object.entries(state.allocated))
    for (const [row, there] of rows.entries()) if (there) names.existed(table, row);
  const initial = traceCells(description.machine, state, names);
  const waitLabel = (event: StatementEvent): string => {
    const op = system.program.specs[event.spec]?.nodes[event.node]?.op;
    return op?.kind === 'wait' ? op.label : '';
  };
  const property = finding.kind === 'property' ? description.properties[finding.index] : undefined;
  const steps: TraceStep[] = [];
  const since = new Map<string, number>();
  const hooks = hookProcedures(description);
  const started = new Set<number>();
  let last: Run['last'] = null;
  for (const [index, label] of path.labels.entries()) {
    const number = index + 1;
    const isLast = number === path.labels.length;
    const { events, next } = executeStep(system, interpreter, words, label, number);
    if (next === null && !isLast) throw new RebuildMismatch(`step ${number} of ${path.labels.length} ends in a fault`);
    const before = isLast ? { state: structuredClone(state), names: names.snapshot() } : null;
    const rows = rowsOf(events, { description, naming, names, state, waitLabel });
    if (next !== null && JSON.stringify(decodeMachine(layout, next, 0)) !== JSON.stringify(state)) {
      throw new RebuildMismatch(`step ${number}: the statements that were told do not give the state that was reached`);
    }
    const process = label & 0xff;
    const entered = !started.has(process);
    started.add(process);
    const numbered = stepOf(number, label, kernelStack(events, hooks), rows, entered);
    steps.push(numbered);
    for (const row of numbered.rows) if (row.kind === 'allocation' || (row.kind === 'change' && changes(row))) since.set(row.place, number);
    if (before !== null) last = { events, rows: shifted(rows, numbered), before: before.state, names: before.names };
    if (next !== null) words = next;
  }
  if (words.length !== size) throw new RangeError('the initial state is not one of this system');
  return { names, initial, steps, fields: property === undefined ? [] : propertyFields(description, property), since, last, state, words };
}

/** Null: the step ended in a fault. */
function executeStep(
  system: CompiledSystem,
  interpreter: TracingSystem,
  words: Int32Array,
  label: number,
  number: number,
): { events: StatementEvent[]; next: Int32Array | null } {
  const [compiled, interpreted] = [system, interpreter].map((machine) => {
    machine.buffer.set(words, 0);
    const status = machine.step(0, label, machine.words);
    return { status, words: machine.buffer.slice(machine.words, 2 * machine.words) };
  });
  if (compiled === undefined || interpreted === undefined || compiled.status === -1 || interpreted.status === -1) {
    throw new RebuildMismatch(
      `step ${number}: label ${label} is not enabled ${compiled?.status === -1 ? 'in the compiled system' : 'in the interpreter'}`,
    );
  }
  if (compiled.status > 0 !== interpreted.status > 0)
    throw new RebuildMismatch(`step ${number}: compiled code and interpreter disagree whether it faults`);
  if (compiled.status === 0 && compiled.words.some((word, k) => word !== interpreted.words[k])) {
    throw new RebuildMismatch(`step ${number}: compiled code and interpreter reach different states`);
  }
  interpreter.buffer.set(words, 0);
  return { events: interpreter.traceStep(0, label), next: compiled.status === 0 ? compiled.words : null };
}

/** Where the process stood: hooks and conditions of waits, in which a step may begin, are no calls that it made. */
function kernelStack(events: readonly StatementEvent[], hooks: ReadonlySet<string>): TraceStep['stack'] {
  const stack = (events.find((event) => event.phase === 'kernel') ?? events[0])?.stack ?? [];
  const hook = stack.findIndex((entry) => hooks.has(entry.procedure));
  return stack
    .slice(0, Math.min(hook < 0 ? stack.length : hook, traceLimits.stack))
    .map(({ procedure, position }) => ({ procedure: clip(procedure), position: tracePosition(position) }));
}

function stepOf(
  number: number,
  label: number,
  stack: TraceStep['stack'],
  { rows, statements, choices, omitted }: StepRows,
  entered: boolean,
): TraceStep {
  // Nothing called a process's own procedure: it is entered by the process's first step.
  const opening = entered ? stack.map(({ procedure, position }) => ({ kind: 'enter' as const, procedure, args: [], position })) : [];
  const all = [...opening, ...rows];
  return {
    number,
    process: label & 0xff,
    label,
    choices,
    stack: entered ? [] : stack,
    rows: all.slice(0, traceLimits.rowsPerStep),
    statements,
    omitted: omitted + Math.max(0, all.length - traceLimits.rowsPerStep),
  };
}

/** The rows as the step has them: behind those of the procedure's entry. */
function shifted(rows: StepRows, step: TraceStep): StepRows {
  const opening = step.rows.filter((row) => row.kind === 'enter').length - rows.rows.filter((row) => row.kind === 'enter').length;
  return { ...rows, rows: step.rows, firstRow: rows.firstRow.map((row) => row + opening) };
}

function blameOf(input: RebuildInput, run: Run): Blame {
  const { system } = input;
  const { description } = system;
  const context: BlameContext = {
    description,
    names: run.names,
    since: run.since,
    fields: run.fields,
    telling: input.naming?.telling ?? [],
  };
  system.buffer.set(run.words, 0);
  const blame = blameByKind(input, run, context);
  const rows = run.last?.rows.rows.length ?? 0;
  return blame.row !== null && blame.row >= rows ? { ...blame, row: null } : blame;
}

function blameByKind({ system, path, finding }: RebuildInput, run: Run, context: BlameContext): Blame {
  const events = run.last?.events ?? [];
  const rows = run.last?.rows ?? { rows: [], statements: [], choices: [], omitted: 0, firstRow: [] };
  if (finding.kind === 'deadlock') return { row: null, values: [], ...blockedProcesses(system, 0, run.names) };
  if (finding.kind === 'fault') return required(blameFault(events, rows, context), 'the last step ends in no fault');
  const property = system.description.properties[finding.index];
  if (property === undefined) throw new RangeError(`no property ${finding.index}`);
  if (property.kind === 'event' || property.kind === 'assertion') {
    return required(blameEvent(finding.index, events, rows, context), `the last step does not violate ${property.id}`);
  }
  const violated = ((system.check(0) >>> finding.index) & 1) === 1;
  // Procedures may assert what is otherwise seen in states, as those of RCU do.
  const asserted = property.kind === 'state' && !violated ? blameEvent(finding.index, events, rows, context) : null;
  if (asserted !== null) return asserted;
  const reached = ((system.reachedMask() >>> finding.index) & 1) === 1;
  if (property.kind === 'state' ? !violated : !reached) throw new RebuildMismatch(`the last state does not decide ${property.id}`);
  if (property.kind === 'progress') {
    confirmLasso(system, path, finding.index);
    system.buffer.set(run.words, 0);
  }
  return blameState(property, predicateEvents(system, 0, finding.index), run.last?.rows ?? null, context);
}

/** The search's word for it that this is a fair lasso is not taken. */
function confirmLasso(system: CompiledSystem, { initial, labels, loopStart }: Path, property: number): void {
  const before = loopStart === undefined ? labels.length : loopStart - 1;
  const start = replay(system, { initial, labels: labels.slice(0, before) });
  const wrong = wrongWithLoop(system, start, labels.slice(before), property);
  if (wrong !== null) throw new RebuildMismatch(`the loop is no fair one: ${wrong}`);
}

function required(blame: Blame | null, complaint: string): Blame {
  if (blame === null) throw new RebuildMismatch(complaint);
  return blame;
}

function describeFinding({ system, finding, about }: RebuildInput, run: Run): Omit<Trace['property'], 'fields'> {
  const property = finding.kind === 'property' ? system.description.properties[finding.index] : undefined;
  const given = about.statement === undefined ? null : clip(about.statement, traceLimits.text);
  if (property !== undefined) return { id: clip(property.id), name: clip(property.name), statement: given ?? '', kind: property.kind };
  const fault = run.last?.events.find((event) => event.fault !== null)?.fault;
  const kind: PropertyKind = finding.kind === 'fault' ? 'fault' : 'deadlock';
  const statement = kind === 'fault' ? (fault?.message ?? '') : 'No essential process can step again.';
  return {
    id: fault === null || fault === undefined ? kind : clip(`fault:${fault.kind}`),
    name: '',
    statement: given ?? clip(statement, traceLimits.text),
    kind,
  };
}

function pictureOf({ system, naming = {} }: RebuildInput, run: Run, blame: Blame): Trace['picture'] {
  const { machine } = system.description;
  const changed = (run.last?.rows.rows ?? []).flatMap((row) => (row.kind === 'change' && !row.ghost ? [row.place] : []));
  const places = new Set([...changed, ...blame.values.flatMap(({ place }) => (place === null ? [] : [place]))]);
  const after = pictureLines(machine, run.state, run.names, naming, places);
  const before = run.last === null ? after : pictureLines(machine, run.last.before, run.last.names, naming, places);
  return comparePictures(naming.picture?.title ?? 'State', before, after);
}
