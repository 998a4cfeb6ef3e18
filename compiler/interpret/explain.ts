/**
 * Questions that an explanation of a state asks: what a predicate read, what a blocked process waits for.
 *
 * In: a system and a packed state. Out: events, plain facts. Never: a change of the state, a count, a sentence.
 */
import type { LockMode, Place } from '../ir/types.ts';
import type { CompiledSystem } from '../system.ts';
import { CodeChoices } from './choices.ts';
import type { StatementEvent } from './events.ts';
import { Execution, NoStep, PathFault } from './execution.ts';
import { Memory, shapeOf } from './memory.ts';
import { decodeWorld, nodeOf, specOf } from './world.ts';

type Programmed = Pick<CompiledSystem, 'description' | 'program' | 'layout' | 'buffer'>;

/**
 * The evaluation of the predicate of property `index` in the state at `base`, statement by statement; empty
 * if it has no predicate. A predicate that faults is false: what it did until then is told.
 */
export function predicateEvents({ description, program, layout, buffer }: Programmed, base: number, index: number): StatementEvent[] {
  const spec = program.predicates[index];
  if (spec === null || spec === undefined) return [];
  const events: StatementEvent[] = [];
  const told = { enterNode: () => {}, takeEdge: () => {}, runMonitor: () => {}, violate: () => {}, events };
  const memory = new Memory(decodeWorld(program, layout, buffer, base), layout, shapeOf(description.machine));
  try {
    new Execution(program, memory, 0, new CodeChoices(0), told).whole(specOf(program, spec), []);
  } catch (error) {
    if (!(error instanceof PathFault || error instanceof NoStep)) throw error;
  }
  return events;
}

/** Where a process stands. `lock` and `wait`: what its next statement may block on. */
export interface Stand {
  readonly procedure: string;
  readonly lock: { readonly place: Place; readonly mode: LockMode } | null;
  readonly wait: { readonly label: string } | null;
}

/** Of the process in the state at `base`; null if it has ended. */
export function standOf({ program, layout, buffer }: Programmed, base: number, process: number): Stand | null {
  const frame = decodeWorld(program, layout, buffer, base).stacks[process]?.at(-1);
  if (frame === undefined) return null;
  const { op } = nodeOf(frame.spec, frame.node);
  const acquire = op.kind === 'leaf' && op.stmt.kind === 'acquire' ? op.stmt : null;
  return {
    procedure: frame.spec.procedure.name,
    lock: acquire === null ? null : { place: acquire.lock, mode: acquire.mode },
    wait: op.kind === 'wait' ? { label: op.label } : null,
  };
}
