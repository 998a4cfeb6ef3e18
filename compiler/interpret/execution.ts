/**
 * One step of one process, node by node, on a world of plain values.
 *
 * In: a world, the process, the choices. Out: the changed world and how the step ended. Never: packed words.
 *
 * Calls of specs that are not whole push frames on the process's stack; whole specs run by recursion.
 */

import type { Fault } from '../faults.ts';
import type { Expr, Position } from '../ir/types.ts';
import type { NodeOp, Program, ProgramNode, Spec } from '../program/types.ts';
import type { Choices } from './choices.ts';
import type { StackEntry, StatementEvent } from './events.ts';
import { executeLeaf, type LeafContext, type LeafResult } from './leaves.ts';
import type { Memory } from './memory.ts';
import { blankNotes, eventOf, type Notes, statementOf } from './notes.ts';
import { bring, type Environment, evaluate, FaultSignal } from './values.ts';
import { type Frame, nodeOf, parameters, specOf } from './world.ts';

/** Thrown through whole specs when the path ends. */
export class PathFault extends Error {
  override readonly name = 'PathFault';
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}
/** Thrown through whole specs when there is no such step: an assume that is false, a lock that is taken (prologue only). */
export class NoStep extends Error {
  override readonly name = 'NoStep';
  readonly why: 'blocked' | 'vanished';
  constructor(why: 'blocked' | 'vanished') {
    super(why);
    this.why = why;
  }
}

/** What counts and what is told while statements run. */
export interface Listener {
  enterNode(spec: Spec, node: ProgramNode): void;
  takeEdge(spec: Spec, node: ProgramNode, edge: number): void;
  /** `measured`: what a monitor with a bound gave; null of others. */
  runMonitor(property: number, measured: number | null): void;
  violate(property: number): void;
  /** Null if nobody wants events. */
  readonly events: StatementEvent[] | null;
  /** The process that runs has to wait for others, who do not run: true, and they make way, or what it waits for counts as true. Without it it waits. */
  waitEnds?(): boolean;
  /** Of a node that was executed; without it every event is wanted. `depth`: procedures on the stack. */
  wants?(node: ProgramNode, notes: Notes, depth: number): boolean;
}

/** No step of a sane program has so many nodes: a loop without an end and without a preemption point. */
const nodesMax = 1_000_000;

export class Execution {
  readonly #program: Program;
  readonly #memory: Memory;
  readonly #process: number;
  readonly #choices: Choices;
  readonly #listener: Listener;
  readonly #stack: Frame[];
  #phase: StatementEvent['phase'] = 'kernel';
  #executed = 0;

  constructor(program: Program, memory: Memory, process: number, choices: Choices, listener: Listener) {
    this.#program = program;
    this.#memory = memory;
    this.#process = process;
    this.#choices = choices;
    this.#listener = listener;
    this.#stack = memory.world.stacks[process] ?? [];
  }

  /** One step. Throws PathFault and NoStep. */
  step(): void {
    let started = false;
    let spent = false;
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      const node = nodeOf(frame.spec, frame.node);
      if (node.cut === 'started' && started) return;
      if (node.cut === 'spent' && spent) return;
      const result = this.#executeInFrame(node, frame);
      if (result === 'announced') return;
      started = true;
      spent ||= node.spends;
    }
    if (!started) throw new NoStep('blocked');
  }

  /** Runs a whole spec to its end and gives its result, 0 if it has none. */
  whole(spec: Spec, args: readonly (number | null)[]): number {
    const frame: Frame = { spec, node: spec.entry, locals: parameters(spec, args) };
    this.#memory.wholeFrames.push(frame);
    try {
      for (;;) {
        const node = nodeOf(spec, frame.node);
        const notes = this.#begin(spec, node);
        const { op } = node;
        if (op.kind === 'return') {
          const value = this.#attempt(node, spec, notes, () => (op.value === null ? 0 : evaluate(op.value, this.#environment(frame))));
          notes.returned = { procedure: spec.procedure.name, value: op.value === null ? null : value };
          this.#end(spec, node, notes);
          this.#return = notes;
          this.#wholeInouts = frame.locals;
          return value;
        }
        if (op.kind === 'call') {
          this.#callWhole(op, node, frame, notes);
          continue;
        }
        const result = this.#attempt(node, spec, notes, () => this.#simple(node, frame, notes));
        this.#end(spec, node, notes);
        // Who has queued for a lock stands where he was.
        if (result === 'announced' && this.#waitEnds()) continue;
        if (result !== 'done') throw new NoStep(result === 'vanished' ? 'vanished' : 'blocked');
      }
    } finally {
      this.#memory.wholeFrames.pop();
    }
  }
  /** What the whole spec that returned last left: its notes, and its locals for in-out parameters. */
  #return: Notes = blankNotes();
  #wholeInouts: ReadonlyMap<string, number> = new Map();

  /** A node of a spec that is not whole. */
  #executeInFrame(node: ProgramNode, frame: Frame): LeafResult {
    const notes = this.#begin(frame.spec, node);
    const { op } = node;
    if (op.kind === 'return') {
      this.#returnFrom(op, node, frame, notes);
      return 'done';
    }
    if (op.kind === 'call') {
      if (specOf(this.#program, op.spec).whole) this.#callWhole(op, node, frame, notes);
      else this.#enter(op, node, frame, notes);
      return 'done';
    }
    const result = this.#attempt(node, frame.spec, notes, () => this.#simple(node, frame, notes));
    if (result === 'blocked' || result === 'vanished') throw new NoStep(result);
    this.#end(frame.spec, node, notes);
    return result;
  }

  /** Nodes that neither call nor return. Moves the frame on, unless the process stays or there is no step. */
  #simple(node: ProgramNode, frame: Frame, notes: Notes): LeafResult {
    const { op } = node;
    const env = this.#environment(frame);
    switch (op.kind) {
      case 'leaf': {
        const result = executeLeaf(op.stmt, this.#leafContext(frame, env, notes));
        if (result === 'done') this.#goOn(node, frame, 0);
        return result;
      }
      case 'branch': {
        notes.condition = evaluate(op.cond, env) !== 0;
        const edge = notes.condition ? 0 : 1;
        this.#listener.takeEdge(frame.spec, node, edge);
        this.#goOn(node, frame, edge);
        return 'done';
      }
      // References dangle at once here, so there is nothing to do afterwards.
      case 'dangle':
      case 'goto':
        this.#goOn(node, frame, 0);
        return 'done';
      case 'bound':
        throw new FaultSignal('bound', op.message);
      case 'wait': {
        const held = this.#inPhase('wait', () => this.whole(specOf(this.#program, op.spec), argumentsOf(op.args, env)));
        notes.condition = held !== 0;
        if (held === 0 && !this.#waitEnds()) return 'blocked';
        this.#goOn(node, frame, 0);
        return 'done';
      }
      case 'monitor':
        this.#monitor(op, env, notes);
        this.#goOn(node, frame, 0);
        return 'done';
      case 'call':
      case 'return':
        throw new Error('calls and returns are executed elsewhere');
    }
  }

  #monitor(op: NodeOp & { kind: 'monitor' }, env: Environment, notes: Notes): void {
    const spec = specOf(this.#program, op.spec);
    const args = argumentsOf(op.args, env);
    const result = this.#inPhase(op.property === null ? 'ghost' : 'monitor', () => this.whole(spec, args));
    const { bound } = op.stmt;
    const held = bound === undefined ? op.property === null || spec.result.kind !== 'bool' || result !== 0 : result <= bound;
    if (op.property !== null) this.#listener.runMonitor(op.property, bound === undefined ? null : result);
    if (op.property !== null && !held) this.#listener.violate(op.property);
    notes.monitor = {
      property: op.property,
      procedure: spec.procedure.name,
      args: spec.procedure.params.map((_, k) => spec.constants[k] ?? args[k] ?? 0),
      held,
    };
  }

  #callWhole(op: NodeOp & { kind: 'call' }, node: ProgramNode, frame: Frame, notes: Notes): void {
    const spec = specOf(this.#program, op.spec);
    const args = this.#arguments(op, node, frame, notes, spec);
    const value = this.whole(spec, args);
    const returned = this.#return;
    this.#finishCall(op, frame, returned, value, this.#wholeInouts, spec);
    this.#goOn(node, frame, 0);
  }

  #enter(op: NodeOp & { kind: 'call' }, node: ProgramNode, frame: Frame, notes: Notes): void {
    const spec = specOf(this.#program, op.spec);
    const args = this.#arguments(op, node, frame, notes, spec);
    this.#stack.push({ spec, node: spec.entry, locals: parameters(spec, args) });
  }

  #arguments(op: NodeOp & { kind: 'call' }, node: ProgramNode, frame: Frame, notes: Notes, spec: Spec): (number | null)[] {
    const args = this.#attempt(node, frame.spec, notes, () => argumentsOf(op.args, this.#environment(frame)));
    notes.call = {
      procedure: spec.procedure.name,
      args: spec.procedure.params.map((param, k) => ({ name: param.name, type: param.type, value: spec.constants[k] ?? args[k] ?? 0 })),
    };
    this.#end(frame.spec, node, notes);
    return args;
  }

  #returnFrom(op: NodeOp & { kind: 'return' }, node: ProgramNode, frame: Frame, notes: Notes): void {
    const value = this.#attempt(node, frame.spec, notes, () => (op.value === null ? 0 : evaluate(op.value, this.#environment(frame))));
    notes.returned = { procedure: frame.spec.procedure.name, value: op.value === null ? null : value };
    this.#end(frame.spec, node, notes);
    this.#stack.pop();
    const caller = this.#stack.at(-1);
    if (caller === undefined) return;
    const call = nodeOf(caller.spec, caller.node);
    if (call.op.kind !== 'call') throw new Error(`${caller.spec.title}: returned to what is no call`);
    this.#finishCall(call.op, caller, notes, value, frame.locals, frame.spec);
    this.#goOn(call, caller, op.exit);
  }

  /** Copies in-out parameters and the result into the caller's locals. The changes are noted at the return. */
  #finishCall(
    op: NodeOp & { kind: 'call' },
    caller: Frame,
    notes: Notes,
    value: number,
    callee: ReadonlyMap<string, number>,
    spec: Spec,
  ): void {
    op.back.forEach((local, k) => {
      const param = spec.procedure.params[k];
      if (local !== null && param !== undefined) this.#setLocal(caller, local, callee.get(param.name) ?? 0, notes);
    });
    if (op.dst !== null) this.#setLocal(caller, op.dst, value, notes);
  }

  #goOn(node: ProgramNode, frame: Frame, edge: number): void {
    const next = node.next[edge];
    if (next === undefined) throw new Error(`${frame.spec.title}: node ${node.index} has no edge ${edge}`);
    frame.node = next;
  }

  #setLocal(frame: Frame, name: string, exact: bigint | number, notes: Notes): void {
    const type = frame.spec.locals.get(name);
    if (type === undefined) throw new Error(`${frame.spec.title}: no local ${name}`);
    const after = bring(type, exact);
    const temporary = frame.spec.procedure.locals.some((local) => local.name === name && local.temporary === true);
    notes.locals.push({ local: name, type, before: frame.locals.get(name) ?? 0, after, temporary });
    frame.locals.set(name, after);
  }

  #environment(frame: Frame): Environment {
    return {
      shape: this.#memory.shape,
      process: this.#process,
      local: (name) => {
        if (frame.spec.locals.has(name)) return frame.locals.get(name) ?? 0;
        const constant = frame.spec.constants[frame.spec.procedure.params.findIndex((param) => param.name === name)];
        if (constant === undefined || constant === null) throw new Error(`${frame.spec.title}: no local ${name}`);
        return constant;
      },
    };
  }

  #leafContext(frame: Frame, env: Environment, notes: Notes): LeafContext {
    return {
      memory: this.#memory,
      env,
      process: this.#process,
      notes,
      setLocal: (name, exact) => this.#setLocal(frame, name, exact, notes),
      choose: (count) => this.#choices.take(count),
      waitEnds: () => this.#waitEnds(),
      violate: (property) => this.#listener.violate(property),
      propertyIndex: (property) => {
        const index = this.#program.properties.indexOf(property);
        return index < 0 ? null : index;
      },
    };
  }

  #waitEnds(): boolean {
    return this.#listener.waitEnds?.() ?? false;
  }

  #inPhase<T>(phase: StatementEvent['phase'], run: () => T): T {
    const before = this.#phase;
    if (before === 'kernel') this.#phase = phase;
    try {
      return run();
    } finally {
      this.#phase = before;
    }
  }

  #begin(spec: Spec, node: ProgramNode): Notes {
    if (++this.#executed > nodesMax) throw new Error(`${spec.title}: a step without an end`);
    this.#listener.enterNode(spec, node);
    return blankNotes();
  }

  #end(spec: Spec, node: ProgramNode, notes: Notes): void {
    const { events } = this.#listener;
    if (events === null) return;
    if (this.#listener.wants?.(node, notes, this.#stack.length + this.#memory.wholeFrames.length) === false) return;
    events.push(eventOf({ process: this.#process, phase: this.#phase, stack: this.#callStack(node), spec, node }, notes));
  }

  /** The innermost frame may have moved on already: it is told where it was. */
  #callStack(executed: ProgramNode): StackEntry[] {
    const frames = [...this.#stack, ...this.#memory.wholeFrames];
    return frames.map(({ spec, node }, depth) => ({
      procedure: spec.procedure.name,
      title: spec.title,
      spec: spec.index,
      position: depth === frames.length - 1 ? executed.pos : nodeOf(spec, node).pos,
    }));
  }

  /** Runs `run`; a fault in it gets this node's position and is told as an event. */
  #attempt<T>(node: ProgramNode, spec: Spec, notes: Notes, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof FaultSignal)) throw error;
      const position: Position = node.pos;
      notes.fault = { kind: error.kind, message: error.message };
      this.#end(spec, node, notes);
      throw new PathFault({ kind: error.kind, message: error.message, position, statement: statementOf(node) });
    }
  }
}

function argumentsOf(args: readonly (Expr | null)[], env: Environment): (number | null)[] {
  return args.map((arg) => (arg === null ? null : evaluate(arg, env)));
}
