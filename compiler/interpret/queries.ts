/**
 * Questions about one state: state properties, rest, who waits for whom.
 *
 * In: a packed state. Out: answers. Never: a change of the state, a count.
 */

import type { Scope, SystemDescription } from '../description.ts';
import type { Expr } from '../ir/types.ts';
import type { Layout } from '../machine/layout.ts';
import type { Program, ProgramNode } from '../program/types.ts';
import { CodeChoices } from './choices.ts';
import { Execution, type Listener, NoStep, PathFault } from './execution.ts';
import { lockTypeOf } from './leaves.ts';
import { acquire, blockers } from './locks.ts';
import { type Located, lockAt, Memory } from './memory.ts';
import { evaluate, FaultSignal, type Shape } from './values.ts';
import { decodeWorld, type Frame, nodeOf, specOf } from './world.ts';

const silent: Listener = { enterNode: () => {}, takeEdge: () => {}, runMonitor: () => {}, violate: () => {}, events: null };

export class StateQueries {
  /** Of the state that was checked last: properties whose scope it was in; for `reachable`, that were true. */
  reached = 0;
  readonly #description: SystemDescription;
  readonly #program: Program;
  readonly #layout: Layout;
  readonly #shape: Shape;

  constructor(description: SystemDescription, program: Program, layout: Layout, shape: Shape) {
    this.#description = description;
    this.#program = program;
    this.#layout = layout;
    this.#shape = shape;
  }

  check(words: Int32Array, base: number): number {
    const memory = this.#memory(words, base);
    let violated = 0;
    this.reached = 0;
    this.#description.properties.slice(0, 32).forEach((property, index) => {
      if (property.kind === 'reachable' || property.kind === 'progress') {
        if (this.#predicate(this.#program.predicates[index] ?? null, memory)) this.reached |= 1 << index;
      } else if (property.kind === 'state' && this.#inScope(property.scope, memory, words, base)) {
        this.reached |= 1 << index;
        if (!this.#predicate(this.#program.predicates[index] ?? null, memory)) violated |= 1 << index;
      }
    });
    return violated;
  }

  processStatus(words: Int32Array, base: number, process: number): 'runnable' | 'blocked' | 'idle' | 'done' {
    const memory = this.#memory(words, base);
    const frame = memory.world.stacks[process]?.at(-1);
    if (frame === undefined) return 'done';
    const node = nodeOf(frame.spec, frame.node);
    const { op } = node;
    if (op.kind === 'wait') {
      const held = this.#condition(op.spec, op.args, memory, frame, process);
      if (held !== false) return 'runnable';
      return op.idle ? 'idle' : 'blocked';
    }
    return this.#lockWait(memory, frame, node, process) === null ? 'runnable' : 'blocked';
  }

  waitsFor(words: Int32Array, base: number, process: number): number {
    const memory = this.#memory(words, base);
    const frame = memory.world.stacks[process]?.at(-1);
    if (frame === undefined) return 0;
    const wait = this.#lockWait(memory, frame, nodeOf(frame.spec, frame.node), process);
    return wait === null ? 0 : blockers(lockAt(wait.located), wait.mode, process);
  }

  isQuiescent(words: Int32Array, base: number): boolean {
    const atRest = this.#program.processes.every((process, index) => {
      if (!process.essential) return true;
      const status = this.processStatus(words, base, index);
      return status === 'done' || status === 'idle';
    });
    return atRest && (this.#program.quiescent === null || this.#predicate(this.#program.quiescent, this.#memory(words, base)));
  }

  #memory(words: Int32Array, base: number): Memory {
    return new Memory(decodeWorld(this.#program, this.#layout, words, base), this.#layout, this.#shape);
  }

  #environment(frame: Frame, process: number) {
    return { shape: this.#shape, process, local: (name: string) => frame.locals.get(name) ?? 0 };
  }

  /** The lock that the process is blocked on, or null if it is not. */
  #lockWait(memory: Memory, frame: Frame, node: ProgramNode, process: number): { located: Located; mode: 'exclusive' | 'shared' } | null {
    if (node.op.kind !== 'leaf' || node.op.stmt.kind !== 'acquire') return null;
    const { lock, mode } = node.op.stmt;
    try {
      const located = memory.locate(lock, this.#environment(frame, process));
      const blocked = acquire(lockTypeOf(located), { ...lockAt(located) }, mode, process) === 'blocked';
      return blocked ? { located, mode } : null;
    } catch (error) {
      // The step is there and ends in a fault.
      if (error instanceof FaultSignal) return null;
      throw error;
    }
  }

  #inScope(scope: Scope, memory: Memory, words: Int32Array, base: number): boolean {
    switch (scope.kind) {
      case 'always':
        return true;
      case 'noWriter': {
        const locks = memory.world.machine.tables[scope.table]?.[scope.field] ?? [];
        return locks.every((lock) => typeof lock === 'object' && !Array.isArray(lock) && lock.writer === 0);
      }
      case 'quiescent':
        return this.isQuiescent(words, base);
    }
  }

  /** The condition of a wait; null if it faults (then there is a step, and it ends in the fault). */
  #condition(spec: number, args: readonly Expr[], memory: Memory, frame: Frame, process: number): boolean | null {
    try {
      const values = args.map((arg) => evaluate(arg, this.#environment(frame, process)));
      return this.#execution(memory, process).whole(specOf(this.#program, spec), values) !== 0;
    } catch (error) {
      if (error instanceof PathFault || error instanceof FaultSignal) return null;
      throw error;
    }
  }

  /** A predicate that faults is false. */
  #predicate(spec: number | null, memory: Memory): boolean {
    if (spec === null) return false;
    try {
      return this.#execution(memory, 0).whole(specOf(this.#program, spec), []) !== 0;
    } catch (error) {
      if (error instanceof PathFault || error instanceof NoStep) return false;
      throw error;
    }
  }

  #execution(memory: Memory, process: number): Execution {
    return new Execution(this.#program, memory, process, new CodeChoices(0), silent);
  }
}
