/**
 * The states in which marked procedures are called: a step is run once more, and each mark that it passes is told with the machine as it is there.
 *
 * In: a compiled system, states, labels. Out: calls. Never: a search; the marks are put there by whoever asks.
 */
import type { MachineState } from '../machine/packing.ts';
import type { CompiledSystem } from '../system.ts';
import { CodeChoices, codeOfLabel, processOfLabel } from './choices.ts';
import { Execution, type Listener, NoStep, PathFault } from './execution.ts';
import { Memory, shapeOf } from './memory.ts';
import type { Shape } from './values.ts';
import { decodeWorld } from './world.ts';

/** A mark at the beginning of a procedure was passed. */
export interface WatchedCall {
  readonly mark: string;
  readonly process: number;
  /** One for each parameter, in the encoding of `ir/types.ts`. */
  readonly args: readonly number[];
  /** As it is at that moment, and only then: it changes when the step goes on. */
  readonly machine: MachineState;
}

export class CallWatcher {
  readonly #system: CompiledSystem;
  readonly #shape: Shape;

  constructor(system: CompiledSystem) {
    this.#system = system;
    this.#shape = shapeOf(system.description.machine);
  }

  /**
   * Runs the step `label` from the state `words`. Calls behind a fault, or of a path that vanishes, are told as far as it goes.
   * `tell` gives whether there are more that it wants.
   */
  watch(words: Int32Array, label: number, tell: (call: WatchedCall) => boolean): void {
    const { program, layout } = this.#system;
    const memory = new Memory(decodeWorld(program, layout, words, 0), layout, this.#shape);
    const process = processOfLabel(label);
    const stack = memory.world.stacks[process] ?? [];
    const listener: Listener = {
      enterNode: (spec, { op }) => {
        if (op.kind !== 'leaf' || op.stmt.kind !== 'mark') return;
        const frame = memory.wholeFrames.at(-1) ?? stack.at(-1);
        const args = spec.procedure.params.map(({ name }, k) => spec.constants[k] ?? frame?.locals.get(name) ?? 0);
        if (!tell({ mark: op.stmt.name, process, args, machine: memory.world.machine })) throw enough;
      },
      takeEdge: () => {},
      runMonitor: () => {},
      violate: () => {},
      events: null,
    };
    try {
      new Execution(program, memory, process, new CodeChoices(codeOfLabel(label)), listener).step();
    } catch (error) {
      if (!(error instanceof PathFault || error instanceof NoStep || error === enough)) throw error;
    }
  }
}

/** Thrown out of a step when nobody wants more of it. */
const enough = new Error('enough');
