/**
 * For model-based tests: the compiled model of one vCPU as a thing that procedures are called on.
 *
 * In: bounds, options, files of a variant. Out: results of calls, rows of the machine. Never: a search.
 */
import type { MachineState } from '../../compiler/index.ts';
import { type Bounds, type ModelOptions, requestNumbers, scenarioNamed } from '../../model/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { ProcedureRunner } from './procedureRunner.ts';

export interface KernelChoice {
  readonly bounds: Bounds;
  readonly options: ModelOptions;
  readonly begin: 'calls_begin' | 'calls_beginNested';
  /** Files whose functions replace those of the merged code. */
  readonly replacing?: readonly string[];
}

/** To be shared by all runs: it compiles. */
export function runnerOf({ bounds, options, begin, replacing = [] }: KernelChoice): ProcedureRunner {
  const scenario = scenarioNamed('3.3 B');
  if (scenario === undefined) throw new Error('there is no scenario 3.3 B');
  const preset = { bounds, options, processes: [] };
  const variant = { name: 'called', title: 'single calls', replacing, violated: [] };
  return new ProcedureRunner(
    describeSystem({
      scenario: {
        ...scenario,
        files: [...scenario.files, 'checks/testing/kernelCalls.ts'],
        prologue: { procedure: begin, args: [] },
        presets: { small: preset, medium: preset, large: preset },
        interesting: [],
      },
      variant,
      preset: 'small',
      properties: new Set(),
    }),
  );
}

/** The first vCPU, as an argument. */
export const vcpu0 = 1;

export class Kernel {
  readonly #runner: ProcedureRunner;
  #state: MachineState;

  constructor(runner: ProcedureRunner) {
    this.#runner = runner;
    this.#state = runner.initial();
  }

  call(procedure: string, ...args: number[]): number {
    const { state, result } = this.#runner.call(this.#state, procedure, args);
    this.#state = state;
    return result;
  }

  /** All elements of a field of numbers, in the encoding of the compiler. */
  numbers(table: string, field: string): number[] {
    return this.#cells(table, field).map((cell) => (typeof cell === 'number' ? cell : 0));
  }
  /** All rows of a field of lists, head first. */
  lists(table: string, field: string): number[][] {
    return this.#cells(table, field).map((cell) => (Array.isArray(cell) ? cell : []));
  }
  /** Rows of shadow pages that are allocated, as references. */
  pages(): number[] {
    return (this.#state.allocated.pages ?? []).flatMap((is, row) => (is ? [row + 1] : []));
  }
  /** Whether the first vCPU has that request pending. */
  isRequested(request: keyof typeof requestNumbers): boolean {
    return ((this.numbers('vcpus', 'requests')[0] ?? 0) & (1 << requestNumbers[request])) !== 0;
  }

  #cells(table: string, field: string) {
    const cells = this.#state.tables[table]?.[field];
    if (cells === undefined) throw new Error(`the machine has no ${table}.${field}`);
    return cells;
  }
}
