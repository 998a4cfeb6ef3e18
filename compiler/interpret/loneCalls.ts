/**
 * One procedure run alone, from a given state of the machine to its end, in every way that its free choices allow.
 *
 * In: a described system, a procedure, states, arguments. Out: for each way how it ended, and what each statement did. Never: a step of another
 * process. Where it waits, whoever it waits for makes way at once and does nothing else: locks are let go of, conditions count as true.
 */

import { procedureNamed, type SystemDescription } from '../description.ts';
import type { Fault } from '../faults.ts';
import type { Position, Procedure, ProcedureTable, Stmt } from '../ir/types.ts';
import { calleesOf } from '../ir/walk.ts';
import type { Layout } from '../machine/layout.ts';
import type { CellState, LockState, MachineState } from '../machine/packing.ts';
import { buildProgram } from '../program/build.ts';
import type { Program, ProgramNode, Spec } from '../program/types.ts';
import type { Choices } from './choices.ts';
import type { StatementEvent } from './events.ts';
import { Execution, type Listener, NoStep, PathFault } from './execution.ts';
import { queryLock } from './locks.ts';
import { Memory, shapeOf } from './memory.ts';
import type { Notes } from './notes.ts';
import type { Shape } from './values.ts';
import { type Frame, parameters, specOf } from './world.ts';

/** `blocked`: it waits for others again and again; `vanished`: an `assume` is false; `endless`: more statements than were allowed. */
export type LoneEnd = 'returned' | 'blocked' | 'vanished' | 'fault' | 'endless';
export interface LoneRun {
  readonly end: LoneEnd;
  readonly fault: Fault | null;
  /** Null of a procedure without a result, and where it did not return. */
  readonly value: number | null;
  /** What it left in its parameters that are `inout`; null of the others, and where it did not return. */
  readonly left: readonly (number | null)[];
  readonly machine: MachineState;
  /** Of calls, and of statements that others can see something of. */
  readonly events: readonly StatementEvent[];
  /** The last statement of the procedure itself that was run. */
  readonly last: Position | null;
  /** How its free choices were answered, in order. */
  readonly answers: readonly Answer[];
}
export interface Answer {
  readonly label: string;
  readonly value: number;
  /** Around the choice, outermost first. */
  readonly procedures: readonly string[];
  /** Locks, as `table.field`, that others have or wait for; and those that it holds itself. */
  readonly contended: readonly string[];
  readonly held: readonly string[];
}
export interface LoneRuns {
  readonly runs: readonly LoneRun[];
  /** False: there are more ways than were allowed, or left out, or the last of these was too long. */
  readonly all: boolean;
}
export interface LoneLimits {
  /** Ways to answer the free choices. */
  readonly runs: number;
  /** Statements of one run. */
  readonly statements: number;
  /** Free choices of one run that are answered otherwise than first; without it any number. Ways with more are left out. */
  readonly others?: number;
}

/** One run up to the first free choice that no answer is given for, or to its end. `events`: since the last answer. */
export type Followed = { readonly events: readonly StatementEvent[] } & (
  | {
      readonly kind: 'choice';
      /** Equal where all that is still to come is equal: the machine, and the calls under way. */
      readonly key: string;
      /** Answers there are. */
      readonly count: number;
    }
  | { readonly kind: 'end'; readonly run: LoneRun }
);

/** Waits of one run that end. A run that comes to more of them goes round, most likely, until another process does something. */
const waitsMax = 32;

const callerName = 'call_alone';
const nobodyName = 'nobody_runs';

export class LoneCalls {
  readonly #program: Program;
  readonly #layout: Layout;
  readonly #shape: Shape;
  readonly #process: number;
  readonly #caller: Spec;
  readonly #inout: readonly (string | null)[];
  readonly #hasResult: boolean;
  /** Fields that are locks. */
  readonly #locks: readonly { readonly table: string; readonly field: string }[];

  /** `process` runs it, of as many as the description has: locks are held by number. Its prologue, properties and hooks are left out. */
  constructor(description: SystemDescription, name: string, process: number) {
    const procedure = procedureNamed(description.procedures, name);
    const built = buildProgram(withCaller(description, procedure, process));
    this.#program = built.program;
    this.#layout = built.layout;
    this.#shape = shapeOf(built.description.machine);
    this.#process = process;
    this.#caller = specOf(built.program, built.program.processes[process]?.entry.spec ?? -1);
    this.#inout = procedure.params.map(({ mode }, k) => (mode === 'inout' ? argument(k) : null));
    this.#hasResult = procedure.result.kind !== 'void';
    this.#locks = built.description.machine.tables.flatMap(({ name: table, fields }) =>
      fields.flatMap(({ path, type }) => (type.kind === 'lock' ? [{ table, field: path }] : [])),
    );
  }

  /** `machine` is not changed. `args`: one for each parameter. */
  run(machine: MachineState, args: readonly number[], limits: LoneLimits): LoneRuns {
    const ways = new Ways(limits.others ?? Number.POSITIVE_INFINITY);
    const runs: LoneRun[] = [];
    do {
      if (runs.length >= limits.runs) return { runs, all: false };
      const run = this.#oneRun(copyOf(machine), args, ways, limits.statements);
      runs.push(run);
      if (run.end === 'endless') return { runs, all: false };
    } while (ways.advance());
    return { runs, all: ways.all };
  }

  /** `machine` is not changed. `given`: how its first free choices are answered. */
  follow(machine: MachineState, args: readonly number[], given: readonly number[], statements: number): Followed {
    const choices = new Given(given);
    try {
      const run = this.#oneRun(copyOf(machine), args, choices, statements);
      return { kind: 'end', run, events: run.events.slice(choices.before) };
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      return { kind: 'choice', count: error.count, key: error.key, events: error.events.slice(choices.before) };
    }
  }

  #oneRun(machine: MachineState, args: readonly number[], choices: Choices & { at?: Point }, statements: number): LoneRun {
    const frame = { spec: this.#caller, node: this.#caller.entry, locals: parameters(this.#caller, args) };
    const stacks = this.#program.processes.map((_, k) => (k === this.#process ? [frame] : []));
    const memory = new Memory({ machine, stacks }, this.#layout, this.#shape);
    const events: StatementEvent[] = [];
    choices.at = {
      events,
      key: () => JSON.stringify([machine, [...(stacks[this.#process] ?? []), ...memory.wholeFrames].map(frameKey)]),
    };
    let count = 0;
    let last: Position | null = null;
    let waits = 0;
    const answers: Answer[] = [];
    const listener: Listener = {
      enterNode: () => {
        if (++count > statements) throw new TooLong();
      },
      takeEdge: () => {},
      runMonitor: () => {},
      violate: () => {},
      events,
      waitEnds: () => ++waits <= waitsMax,
      wants: (node, notes, depth) => {
        if (depth === ownDepth) last = node.pos;
        if (notes.choice !== null) {
          const { label, value } = notes.choice;
          const procedures = [...(stacks[this.#process] ?? []), ...memory.wholeFrames].slice(1).map(({ spec }) => spec.procedure.name);
          answers.push({
            label,
            value,
            procedures,
            contended: this.#locksThat(machine, isContended),
            held: this.#locksThat(machine, isHeld),
          });
        }
        return isSeen(node, notes);
      },
    };
    const ended = (end: LoneEnd, fault: Fault | null = null): LoneRun => {
      const returned = end === 'returned';
      const of = (local: string | null): number | null => (returned && local !== null ? (frame.locals.get(local) ?? 0) : null);
      return {
        end,
        fault,
        value: of(this.#hasResult ? 'result' : null),
        left: this.#inout.map(of),
        machine,
        events,
        last,
        answers,
      };
    };
    try {
      while ((stacks[this.#process] ?? []).length > 0) new Execution(this.#program, memory, this.#process, choices, listener).step();
      return ended('returned');
    } catch (error) {
      if (error instanceof PathFault) return ended('fault', error.fault);
      if (error instanceof NoStep) return ended(error.why);
      if (error instanceof TooLong) return ended('endless');
      throw error;
    }
  }

  #locksThat({ tables }: MachineState, are: (lock: LockState, process: number) => boolean): string[] {
    return this.#locks.flatMap(({ table, field }) => {
      const cells = tables[table]?.[field] ?? [];
      return cells.some((cell) => isLock(cell) && are(cell, this.#process)) ? [`${table}.${field}`] : [];
    });
  }
}

const isContended = (lock: LockState, process: number): boolean => queryLock(lock, 'contended', process);
const isHeld = (lock: LockState, process: number): boolean => queryLock(lock, 'held', process);
export function isLock(cell: CellState): cell is LockState {
  return typeof cell === 'object' && !Array.isArray(cell);
}

class TooLong extends Error {}

/** The frame of the caller that stands for nobody, and that of the procedure. */
const ownDepth = 2;

/** Hundreds of ways have thousands of statements each, and all that is told is kept until the ways are compared. */
function isSeen({ op }: ProgramNode, { lock, writes, list, row, call, assertion, fault, condition }: Notes): boolean {
  if (op.kind === 'wait' && condition === false) return true;
  if (writes.length > 0 || call !== null || fault !== null) return true;
  return lock !== null || list !== null || row !== null || assertion?.held === false;
}

/** Where a run is. */
interface Point {
  readonly events: readonly StatementEvent[];
  key(): string;
}
function frameKey({ spec, node, locals }: Frame): unknown {
  return [spec.index, node, [...locals].sort(([a], [b]) => (a < b ? -1 : 1))];
}

class Unanswered extends Error {
  readonly count: number;
  readonly key: string;
  readonly events: readonly StatementEvent[];
  constructor(count: number, { key, events }: Point) {
    super('a free choice that no answer is given for');
    this.count = count;
    // Some of the frames are gone when it is caught.
    this.key = key();
    this.events = events;
  }
}

/** Answers that are given, as far as they go. */
class Given implements Choices {
  readonly #values: readonly number[];
  #used = 0;
  at?: Point;
  /** Events there were when the last answer was given. */
  before = 0;
  constructor(values: readonly number[]) {
    this.#values = values;
  }

  take(count: number): number {
    const { at } = this;
    if (at === undefined) throw new Error('a choice before the run');
    const value = this.#values[this.#used++];
    if (value === undefined) throw new Unanswered(count, at);
    this.before = at.events.length;
    return value;
  }
}

/** Goes through the answers to free choices, however many there are in a run: the last one changes first. */
class Ways implements Choices {
  readonly #others: number;
  #values: number[] = [];
  #counts: number[] = [];
  #used = 0;
  /** None was left out so far. */
  all = true;

  /** `others`: how many of a run may be answered otherwise than first. */
  constructor(others: number) {
    this.#others = others;
  }

  take(count: number): number {
    const at = this.#used++;
    this.#counts[at] = count;
    const value = this.#values[at] ?? 0;
    this.#values[at] = value;
    return value;
  }

  /** Prepares the next run; false if there is none. */
  advance(): boolean {
    for (let at = this.#used - 1; at >= 0; at--) {
      const next = (this.#values[at] ?? 0) + 1;
      if (next >= (this.#counts[at] ?? 1)) continue;
      const before = this.#values.slice(0, at);
      if (before.filter((value) => value !== 0).length < this.#others) {
        this.#values = [...before, next];
        this.#used = 0;
        return true;
      }
      this.all = false;
    }
    return false;
  }
}

export function copyOf({ tables, allocated }: MachineState): MachineState {
  const mapped = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
  return {
    tables: mapped(tables, (fields) =>
      mapped(fields, (cells) => cells.map((cell) => (typeof cell === 'number' ? cell : Array.isArray(cell) ? [...cell] : { ...cell }))),
    ),
    allocated: mapped(allocated, (rows) => [...rows]),
  };
}

function argument(k: number): string {
  return `arg${k}`;
}

/** The procedure and all that it calls: to build a program of what nobody runs takes longer than to run it. */
function calledBy(procedure: Procedure, procedures: ProcedureTable): Map<string, Procedure> {
  const called = new Map<string, Procedure>();
  const open = [procedure.name];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (called.has(name)) continue;
    const found = procedureNamed(procedures, name);
    called.set(name, found);
    open.push(...calleesOf(found.body));
  }
  return called;
}

/** A process that calls the procedure with what its own parameters hold. They are `inout`, so that no value is built into the program. */
function withCaller(description: SystemDescription, callee: Procedure, process: number): SystemDescription {
  const { pos, result } = callee;
  const body: Stmt[] = [
    {
      kind: 'call',
      id: 'call',
      pos,
      callee: callee.name,
      args: callee.params.map(({ type, mode }, k) =>
        mode === 'inout' ? { mode, local: argument(k) } : { mode: 'in', value: { op: 'local', type, local: argument(k) } },
      ),
      dst: result.kind === 'void' ? null : 'result',
    },
  ];
  const blank = { result: { kind: 'void' }, pos, doc: '' } as const;
  const caller: Procedure = {
    ...blank,
    name: callerName,
    params: callee.params.map(({ type }, k) => ({ name: argument(k), type, mode: 'inout' })),
    locals: result.kind === 'void' ? [] : [{ name: 'result', type: result }],
    body,
  };
  const nobody: Procedure = { ...blank, name: nobodyName, params: [], locals: [], body: [] };
  return {
    ...description,
    procedures: new Map([...calledBy(callee, description.procedures), [callerName, caller], [nobodyName, nobody]]),
    prologue: null,
    properties: [],
    hooks: [],
    quiescent: null,
    // What its callers hold it holds at its end.
    mayEndLocked: true,
    processes: description.processes.map((one, k) =>
      k === process ? { ...one, procedure: callerName, args: callee.params.map(() => 0) } : { ...one, procedure: nobodyName, args: [] },
    ),
  };
}
