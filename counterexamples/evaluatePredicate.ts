/**
 * A state predicate, evaluated in the interpreter with every read told: why a state violates it.
 */

import { CodeChoices } from '../compiler/interpret/choices.ts';
import type { StatementEvent } from '../compiler/interpret/events.ts';
import { Execution, NoStep, PathFault } from '../compiler/interpret/execution.ts';
import { Memory, shapeOf } from '../compiler/interpret/memory.ts';
import { decodeWorld, specOf } from '../compiler/interpret/world.ts';
import type { CompiledSystem } from '../compiler/system.ts';

/** Events of the predicate of property `index` in the state at `base`; none if it has no predicate. */
export function predicateEvents(
  system: Pick<CompiledSystem, 'description' | 'program' | 'layout' | 'buffer'>,
  base: number,
  index: number,
): StatementEvent[] {
  const spec = system.program.predicates[index];
  if (spec === null || spec === undefined) return [];
  const events: StatementEvent[] = [];
  const told = { enterNode: () => {}, takeEdge: () => {}, runMonitor: () => {}, violate: () => {}, events };
  const memory = new Memory(
    decodeWorld(system.program, system.layout, system.buffer, base),
    system.layout,
    shapeOf(system.description.machine),
  );
  try {
    new Execution(system.program, memory, 0, new CodeChoices(0), told).whole(specOf(system.program, spec), []);
  } catch (error) {
    // A predicate that faults is false: what it read until then is the reason.
    if (!(error instanceof PathFault || error instanceof NoStep)) throw error;
  }
  return events;
}
