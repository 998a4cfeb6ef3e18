/**
 * The interpreter behind the interface of compiled systems: the oracle of the emitters, and the source of traces.
 *
 * In: a program and its layout. Out: a `TracingSystem`. Never: speed.
 */

import type { SystemDescription } from '../description.ts';
import type { Fault } from '../faults.ts';
import type { Layout } from '../machine/layout.ts';
import type { Program, ProgramNode, Spec } from '../program/types.ts';
import type { CompiledSystem } from '../system.ts';
import { AllChoices, type Choices, CodeChoices, codeOfLabel, labelOf, processOfLabel } from './choices.ts';
import type { StatementEvent } from './events.ts';
import { Execution, type Listener, NoStep, PathFault } from './execution.ts';
import { Memory, shapeOf } from './memory.ts';
import { initialStates } from './prologue.ts';
import { StateQueries } from './queries.ts';
import { decodeWorld, encodeWorld } from './world.ts';

export interface TracingSystem extends CompiledSystem {
  /**
   * Executes the step `label` from the state at `base` and tells what each statement did. The state is not
   * changed, nothing is counted. Throws RangeError if there is no such step.
   */
  traceStep(base: number, label: number): StatementEvent[];
}

/** Most successors of one state; more is a RangeError. */
const successorsMax = 4096;
/** States that callers may keep in the buffer beside the successors of one. */
const spareStates = 64;
const saturated = 0xffff_ffff;

/** How one run of one step ended. */
type Outcome = { readonly end: 'state' } | { readonly end: 'none' } | { readonly end: 'fault'; readonly fault: Fault };

export function interpretProgram(description: SystemDescription, program: Program, layout: Layout): TracingSystem {
  return new Interpreter(description, program, layout);
}

class Interpreter implements TracingSystem {
  readonly description: SystemDescription;
  readonly program: Program;
  readonly layout: Layout;
  readonly words: number;
  readonly propertyIds: readonly string[];
  readonly backEnd = 'interpreter';
  readonly faults: Fault[] = [];
  readonly buffer: Int32Array;
  readonly successorsMax = successorsMax;
  readonly labels = new Int32Array(successorsMax);
  readonly status = new Int32Array(successorsMax);
  readonly violations = new Int32Array(successorsMax);
  readonly monitorCounts: Uint32Array;
  readonly worst: Uint32Array;
  readonly coverage: Uint32Array;
  readonly #shape;
  readonly #faultNumbers = new Map<string, number>();
  readonly #edgeBlocks = new Map<string, number>();
  readonly #queries: StateQueries;

  constructor(description: SystemDescription, program: Program, layout: Layout) {
    this.description = description;
    this.program = program;
    this.layout = layout;
    this.words = layout.words;
    this.propertyIds = program.properties;
    this.buffer = new Int32Array(layout.words * (successorsMax + spareStates));
    this.monitorCounts = new Uint32Array(program.properties.length);
    this.worst = new Uint32Array(program.properties.length);
    this.coverage = new Uint32Array(program.blocks.length);
    this.#shape = shapeOf(description.machine);
    this.#queries = new StateQueries(description, program, layout, this.#shape);
    program.blocks.forEach(({ spec, node, edge }, block) => {
      if (edge !== null) this.#edgeBlocks.set(`${spec} ${node} ${edge}`, block);
    });
  }

  initialStates(): Int32Array[] {
    return initialStates(this.program, this.layout, this.#shape);
  }

  expand(base: number, out: number): number {
    let count = 0;
    this.#forEachStep(base, this.#counter(), (label, outcome, memory, violated) => {
      if (count >= successorsMax) throw new RangeError(`more than ${successorsMax} successors of one state`);
      if (outcome.end === 'state') encodeWorld(this.program, this.layout, memory.world, this.buffer, out + count * this.words);
      this.labels[count] = label;
      this.status[count] = outcome.end === 'fault' ? this.#faultNumber(outcome.fault) : 0;
      this.violations[count] = violated;
      count++;
    });
    return count;
  }

  enabled(base: number): number[] {
    const labels: number[] = [];
    this.#forEachStep(base, null, (label) => labels.push(label));
    return labels;
  }

  step(base: number, label: number, out: number): number {
    const memory = this.#memoryOf(base);
    const choices = new CodeChoices(codeOfLabel(label));
    const outcome = this.#run(memory, processOfLabel(label), choices, listener(this.#counter(), null).listener);
    if (outcome.end === 'none' || choices.rest !== 0) return -1;
    if (outcome.end === 'fault') return this.#faultNumber(outcome.fault);
    encodeWorld(this.program, this.layout, memory.world, this.buffer, out);
    return 0;
  }

  traceStep(base: number, label: number): StatementEvent[] {
    const events: StatementEvent[] = [];
    const choices = new CodeChoices(codeOfLabel(label));
    const outcome = this.#run(this.#memoryOf(base), processOfLabel(label), choices, listener(null, events).listener);
    if (outcome.end === 'none' || choices.rest !== 0) throw new RangeError(`no step ${label} from this state`);
    return events;
  }

  check(base: number): number {
    return this.#queries.check(this.buffer, base);
  }
  reachedMask(): number {
    return this.#queries.reached;
  }
  processStatus(base: number, process: number): 'runnable' | 'blocked' | 'idle' | 'done' {
    return this.#queries.processStatus(this.buffer, base, process);
  }
  waitsFor(base: number, process: number): number {
    return this.#queries.waitsFor(this.buffer, base, process);
  }
  isQuiescent(base: number): boolean {
    return this.#queries.isQuiescent(this.buffer, base);
  }
  resetCounters(): void {
    this.monitorCounts.fill(0);
    this.worst.fill(0);
    this.coverage.fill(0);
  }

  #forEachStep(
    base: number,
    counter: Counter | null,
    visit: (label: number, outcome: Outcome, memory: Memory, violated: number) => void,
  ): void {
    for (let process = 0; process < this.program.processes.length; process++) {
      const choices = new AllChoices();
      do {
        const memory = this.#memoryOf(base);
        const told = listener(counter, null);
        const outcome = this.#run(memory, process, choices, told.listener);
        if (outcome.end !== 'none') visit(labelOf(process, choices.code()), outcome, memory, told.violated());
      } while (choices.advance());
    }
  }

  #memoryOf(base: number): Memory {
    return new Memory(decodeWorld(this.program, this.layout, this.buffer, base), this.layout, this.#shape);
  }

  #run(memory: Memory, process: number, choices: Choices, told: Listener): Outcome {
    try {
      new Execution(this.program, memory, process, choices, told).step();
      return { end: 'state' };
    } catch (error) {
      if (error instanceof PathFault) return { end: 'fault', fault: error.fault };
      if (error instanceof NoStep) return { end: 'none' };
      throw error;
    }
  }

  #faultNumber(fault: Fault): number {
    const key = JSON.stringify(fault);
    const known = this.#faultNumbers.get(key);
    if (known !== undefined) return known;
    this.faults.push(fault);
    this.#faultNumbers.set(key, this.faults.length);
    return this.faults.length;
  }

  #counter(): Counter {
    const count = (counters: Uint32Array, index: number | null | undefined) => {
      if (index === null || index === undefined) return;
      const before = counters[index] ?? 0;
      if (before < saturated) counters[index] = before + 1;
    };
    return {
      enterNode: (_, node) => count(this.coverage, node.block),
      takeEdge: (spec, node, edge) => count(this.coverage, this.#edgeBlocks.get(`${spec.index} ${node.index} ${edge}`)),
      runMonitor: (property, measured) => {
        count(this.monitorCounts, property);
        if (measured !== null && measured > (this.worst[property] ?? 0)) this.worst[property] = measured;
      },
    };
  }
}

interface Counter {
  enterNode(spec: Spec, node: ProgramNode): void;
  takeEdge(spec: Spec, node: ProgramNode, edge: number): void;
  runMonitor(property: number, measured: number | null): void;
}

/** A listener for one run, which collects the violated properties. Null `counter`: nothing is counted. */
function listener(counter: Counter | null, events: StatementEvent[] | null): { listener: Listener; violated(): number } {
  let violated = 0;
  return {
    listener: {
      enterNode: (spec, node) => counter?.enterNode(spec, node),
      takeEdge: (spec, node, edge) => counter?.takeEdge(spec, node, edge),
      runMonitor: (property, measured) => counter?.runMonitor(property, measured),
      violate: (property) => {
        if (property < 32) violated |= 1 << property;
      },
      events,
    },
    violated: () => violated,
  };
}
