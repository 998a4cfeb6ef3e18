/**
 * The fixed part of a compiled system: everything but the hot path, which is generated.
 *
 * In: generated code. Out: the `CompiledSystem` interface. Never: a per-transition cost beyond one call of `expand`.
 */

import type { SystemDescription } from '../description.ts';
import type { Fault } from '../faults.ts';
import type { Column, Layout } from '../machine/layout.ts';
import { readElement, writeElement } from '../machine/packing.ts';
import type { Program } from '../program/types.ts';
import { type CompiledSystem, PrologueError } from '../system.ts';
import type { Frame } from './frame.ts';

/** Most successors of one state; more is a RangeError. */
export const successorsMax = 4096;
/** States that callers may keep in the buffer beside the successors of one. */
const spareStates = 4096;
/** Successors that the last process before the check may write beyond the limit. */
const slack = 256;

/** What the generated text returns. */
export interface GeneratedModule {
  expand(base: number, out: number): number;
  /** Runs region x of process p on the state at b with this choice code. 0, -1 or -2 as regions. */
  replay(process: number, region: number, code: number, base: number): number;
  /** Runs the prologue on the state at base. 0, -1 or -2 as regions. */
  prologue(base: number): number;
  /** Choices of the prologue: back to the first, on to the next. */
  start(): void;
  advance(): boolean;
  code(): number;
  fault(): number;
  violated(): number;
  /** Process, resume point, and whether the process there is not blocked. Others always have a step. */
  readonly tests: readonly (readonly [number, number, (base: number) => boolean])[];
  /** Process, resume point at an acquire, and who keeps the process from the lock. */
  readonly blockers: readonly (readonly [number, number, (base: number) => number])[];
  check(base: number): number;
  reached(): number;
  quiescent(base: number): boolean;
}

/** Where the code runs, and where the arrays lie that it shares with the callers of a system. */
export interface Home {
  readonly backEnd: string;
  /** Zeroed arrays of these lengths, all at once. */
  allocate(lengths: readonly number[]): readonly Int32Array[];
}
const atHome: Home = { backEnd: 'javascript', allocate: (lengths) => lengths.map((length) => new Int32Array(length)) };

/** Arrays that generated code finds in its environment, in the order in which they are allocated; their lengths in words. */
export const arrayNames = ['M', 'E', 'P', 'C', 'Y', 'L', 'T', 'V', 'B'] as const;
export function arrayLengths({ program, layout, marks, rememberedWords }: Frame): readonly number[] {
  const [properties, most] = [program.properties.length, successorsMax + slack];
  const words = layout.words * (successorsMax + spareStates + most);
  return [words, properties, properties, program.blocks.length, marks.length, most, most, most, rememberedWords];
}

export class GeneratedSystem implements CompiledSystem {
  readonly backEnd: string;
  readonly description: SystemDescription;
  readonly program: Program;
  readonly layout: Layout;
  readonly words: number;
  readonly propertyIds: readonly string[];
  readonly faults: Fault[] = [];
  readonly buffer: Int32Array;
  readonly successorsMax = successorsMax;
  readonly labels: Int32Array;
  readonly status: Int32Array;
  readonly violations: Int32Array;
  readonly monitorCounts: Uint32Array;
  readonly worst: Uint32Array;
  readonly coverage: Uint32Array;
  /** How often each `mark` was executed, by the number of its name in the frame. */
  readonly markCounts: Uint32Array;
  private readonly frame: Frame;
  private readonly generated: GeneratedModule;
  /** Answers of predicates. */
  private readonly remembered: Int32Array;
  /** All words, of which `buffer` is the part that callers may use. */
  private readonly memory: Int32Array;
  private readonly scratch: number;
  private readonly faultNumbers: Int32Array;
  /** By process and resume point; undefined where the process always has a step. */
  private readonly tests: readonly (readonly (((base: number) => boolean) | undefined)[])[];
  /** By process and resume point; undefined where it is not at an acquire. */
  private readonly blockers: readonly (readonly (((base: number) => number) | undefined)[])[];
  private lastCount = 0;

  constructor(frame: Frame, make: (env: unknown) => GeneratedModule, home: Home = atHome) {
    this.backEnd = home.backEnd;
    const { description, program, layout } = frame;
    this.frame = frame;
    this.description = description;
    this.program = program;
    this.layout = layout;
    this.words = layout.words;
    this.propertyIds = program.properties;
    const visible = this.words * (successorsMax + spareStates);
    const [memory = none, ...rest] = home.allocate(arrayLengths(frame));
    const [runs = none, worst = none, coverage = none, marks = none, labels = none, status = none, violations = none, remembered = none] =
      rest;
    this.memory = memory;
    this.buffer = memory.subarray(0, visible);
    this.scratch = visible;
    this.monitorCounts = counters(runs);
    this.worst = counters(worst);
    this.coverage = counters(coverage);
    this.markCounts = counters(marks);
    this.labels = labels;
    this.status = status;
    this.violations = violations;
    this.remembered = remembered;
    this.faultNumbers = new Int32Array(frame.faults.length);
    this.generated = make({
      M: this.memory,
      C: this.coverage,
      E: this.monitorCounts,
      P: this.worst,
      Y: this.markCounts,
      L: this.labels,
      T: this.status,
      V: this.violations,
      B: remembered,
      U: (fault: number) => this.faultNumber(fault),
      O: () => {
        throw new RangeError(`more than ${successorsMax} successors of one state`);
      },
    });
    this.tests = byPlace(program, this.generated.tests);
    this.blockers = byPlace(program, this.generated.blockers);
  }

  get marks(): ReadonlyMap<string, number> {
    return new Map(this.frame.marks.map((name, k) => [name, this.markCounts[k] ?? 0]));
  }

  expand(base: number, out: number): number {
    this.lastCount = this.generated.expand(base, out);
    return this.lastCount;
  }

  initialStates(): Int32Array[] {
    const states = new Map<string, Int32Array>();
    const { generated, memory, scratch, words } = this;
    generated.start();
    do {
      memory.fill(0, scratch, scratch + words);
      const result = generated.prologue(scratch);
      const [violated] = this.propertyIds.filter((_, k) => ((generated.violated() >>> k) & 1) !== 0);
      if (result === -2) this.failPrologue(generated.fault());
      if (violated !== undefined) throw new PrologueError(`the prologue violates ${violated}`);
      if (result === 0) {
        this.placeProcesses(scratch);
        const state = memory.slice(scratch, scratch + words);
        states.set(state.join(), state);
      }
    } while (generated.advance());
    if (states.size === 0) throw new PrologueError('no path of the prologue reaches its end');
    return [...states.values()].sort(compareWords);
  }

  private failPrologue(number: number): never {
    const fault = this.frame.faults[number];
    throw new PrologueError(`${fault?.kind}: ${fault?.message} (${fault?.statement})`);
  }

  /** Processes at their starts, with their arguments. */
  private placeProcesses(base: number): void {
    this.program.processes.forEach((process, index) => {
      const start = process.resumes[process.initial];
      const spec = start === undefined ? undefined : this.program.specs[start.spec];
      writeElement(this.memory, base, this.counter(index), 0, process.initial);
      if (spec === undefined || start === undefined) return;
      const live = spec.nodes[start.node]?.live ?? [];
      for (const { local, column } of spec.frame) {
        const position = spec.procedure.params.findIndex((param) => param.name === local);
        if (position >= 0 && live.includes(local)) writeElement(this.memory, base, column, 0, process.entry.args[position] ?? 0);
      }
    });
  }

  private counterOf(base: number, process: number): number {
    return readElement(this.memory, base, this.counter(process), 0);
  }

  private counter(process: number): Column {
    const column = this.layout.programCounters[process];
    if (column === undefined) throw new RangeError(`no process ${process}`);
    return column;
  }

  enabled(base: number): number[] {
    // The arrays are shared with `expand`: what it left is put back.
    const arrays = [this.labels, this.status, this.violations];
    const kept = arrays.map((array) => array.slice(0, this.lastCount));
    const count = this.generated.expand(base, this.scratch);
    const labels = [...this.labels.subarray(0, count)];
    arrays.forEach((array, k) => {
      array.set(kept[k] ?? []);
    });
    return labels;
  }

  step(base: number, label: number, out: number): number {
    const process = label & 0xff;
    if (process >= this.program.processes.length) return -1;
    const counter = this.counterOf(base, process);
    const region = this.frame.entries[process]?.[counter] ?? 0;
    if (region === 0 || this.tests[process]?.[counter]?.(base) === false) return -1;
    this.memory.copyWithin(out, base, base + this.words);
    const result = this.generated.replay(process, region, label >>> 8, out);
    return result === -2 ? this.faultNumber(this.generated.fault()) : result;
  }

  check(base: number): number {
    return this.generated.check(base);
  }

  reachedMask(): number {
    return this.generated.reached();
  }

  processStatus(base: number, process: number): 'runnable' | 'blocked' | 'idle' | 'done' {
    const counter = this.counterOf(base, process);
    const resume = this.program.processes[process]?.resumes[counter];
    if (resume === undefined || resume.spec < 0) return 'done';
    if (this.tests[process]?.[counter]?.(base) !== false) return 'runnable';
    return resume.idle ? 'idle' : 'blocked';
  }

  waitsFor(base: number, process: number): number {
    const counter = this.counterOf(base, process);
    // A writer that has still to announce itself is not blocked yet.
    if (this.tests[process]?.[counter]?.(base) !== false) return 0;
    return this.blockers[process]?.[counter]?.(base) ?? 0;
  }

  isQuiescent(base: number): boolean {
    return this.generated.quiescent(base);
  }

  resetCounters(): void {
    this.monitorCounts.fill(0);
    this.worst.fill(0);
    this.coverage.fill(0);
    this.markCounts.fill(0);
    // Whoever counts anew which blocks run is to see those of predicates, too.
    this.remembered.fill(0);
  }

  /** Fault index + 1, numbered as faults are met. */
  private faultNumber(fault: number): number {
    const known = this.faultNumbers[fault] ?? 0;
    if (known > 0) return known;
    const found = this.frame.faults[fault];
    if (found === undefined) throw new RangeError(`no fault ${fault}`);
    this.faultNumbers[fault] = this.faults.push(found);
    return this.faults.length;
  }
}

const none = new Int32Array(0);

function counters(words: Int32Array): Uint32Array {
  return new Uint32Array(words.buffer, words.byteOffset, words.length);
}

function byPlace<T>(program: Program, entries: readonly (readonly [number, number, T])[]): (T | undefined)[][] {
  const table = program.processes.map((process): (T | undefined)[] => process.resumes.map(() => undefined));
  for (const [process, resume, entry] of entries) {
    const row = table[process];
    if (row !== undefined) row[resume] = entry;
  }
  return table;
}

function compareWords(a: Int32Array, b: Int32Array): number {
  const at = a.findIndex((word, k) => word !== b[k]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
