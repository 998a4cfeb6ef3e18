/**
 * One of the two systems of a comparison, walked step by step.
 *
 * In: a compiled system, its naming. Out: what each step did, in names. Never: a search.
 */
import {
  type CompiledSystem,
  decodeMachine,
  interpretProgram,
  type MachineState,
  type StatementEvent,
  standOf,
  type TracingSystem,
} from '../../compiler/index.ts';
import { type Goal, goalKey, goalsOfStep, meetsInState, type Step, stepsFrom } from '../../explorer/index.ts';
import { createNames } from '../names.ts';
import type { Names, Naming } from '../naming.ts';
import { type Deed, deedsOf } from './deeds.ts';

/** Answers to free choices, in order. */
export type Choices = readonly { readonly label: string; readonly value: number }[];

export interface Candidate {
  readonly step: Step;
  readonly choices: Choices;
  readonly events: readonly StatementEvent[];
}

export class Side {
  readonly system: CompiledSystem;
  readonly names: Names;
  readonly #naming: Naming;
  readonly #interpreter: TracingSystem;
  readonly #goal: Goal | null;
  readonly #property: string;
  #words: Int32Array;
  #violates = false;
  #ended = false;

  /** `property`: an id, of which the system may know nothing. */
  constructor(system: CompiledSystem, initial: Int32Array, naming: Naming, goal: Goal | null, property: string) {
    this.system = system;
    this.#naming = naming;
    this.#goal = goal;
    this.#property = property;
    this.#words = initial;
    this.names = createNames(system.description.machine, naming);
    this.#interpreter = interpretProgram(system.description, system.program, system.layout);
    for (const [table, rows] of Object.entries(this.state().allocated))
      for (const [row, there] of rows.entries()) if (there) this.names.existed(table, row);
    this.#look();
  }

  /** The goal was met, in a state or at a step. */
  get violates(): boolean {
    return this.#violates;
  }
  /** The path ended in a fault: there are no further steps. */
  get ended(): boolean {
    return this.#ended;
  }

  state(): MachineState {
    return decodeMachine(this.system.layout, this.#words, 0);
  }

  /** Steps of this process here, each with the choices that it makes. */
  candidates(process: number): Candidate[] {
    if (this.#ended) return [];
    return stepsFrom(this.system, this.#words)
      .filter(({ label }) => (label & 0xff) === process)
      .map((step) => {
        this.#interpreter.buffer.set(this.#words, 0);
        const events = this.#interpreter.traceStep(0, step.label);
        return { step, events, choices: events.flatMap(({ choice }) => (choice === null ? [] : [choice])) };
      });
  }

  take({ step, events }: Candidate): Deed[] {
    const { description } = this.system;
    const context = { description, naming: this.#naming, names: this.names, state: this.state(), property: this.#property };
    const deeds = deedsOf(events, context);
    const key = this.#goal === null ? null : goalKey(this.#goal);
    this.#violates ||= goalsOfStep(this.system, step.status, step.violations).some((met) => goalKey(met) === key);
    this.#ended = step.status !== 0;
    if (!this.#ended) this.#words = step.words;
    this.#look();
    return deeds;
  }

  /** Why a process has no step, in words: `waits in f() for mmu_lock, which CPU 1 holds`. */
  stands(process: number): string {
    if (this.#ended) return 'its path has ended in a fault';
    this.system.buffer.set(this.#words, 0);
    const status = this.system.processStatus(0, process);
    const stand = status === 'blocked' ? standOf(this.system, 0, process) : null;
    if (stand === null) return `is ${status}`;
    const holders = this.system.waitsFor(0, process);
    const who = this.system.program.processes.flatMap((_, other) => ((holders >>> other) & 1 ? [`CPU ${other}`] : []));
    const lock = stand.lock === null ? (stand.wait?.label ?? '') : stand.lock.place.field;
    return `waits in ${stand.procedure}()${lock === '' ? '' : ` for ${lock}`}${who.length === 0 ? '' : `, which ${who.join(' and ')} holds`}`;
  }

  #look(): void {
    if (!this.#ended && this.#goal !== null) this.#violates ||= meetsInState(this.system, this.#words, this.#goal);
  }
}
