/**
 * Deadlocks are looked for in every system; in scenarios that ask for I-51 they are its violations.
 *
 * In: what a search found. Out: the same under the property's name. Never: a deadlock that is left out.
 */
import type { PropertyOutcome } from '../explorer/index.ts';
import type { Property } from '../properties/index.ts';

/** What the explorer calls it. */
export const deadlock = 'deadlock';

/** Outcomes with the name that `asked` has for deadlocks, if it asks for them. */
export function namedOutcomes(outcomes: readonly PropertyOutcome[], asked: readonly Property[]): PropertyOutcome[] {
  return outcomes.map((outcome) => (outcome.kind === 'deadlock' ? { ...outcome, id: idInScenario(outcome.id, asked) } : outcome));
}

/** The explorer's name for what `id` stands for. */
export function idInSearch(id: string, asked: readonly Property[]): string {
  return asked.some((property) => property.kind === 'deadlock' && property.id === id) ? deadlock : id;
}

/** The scenario's name for what the explorer, or a trace, calls `id`. */
export function idInScenario(id: string, asked: readonly Property[]): string {
  return id === deadlock ? (asked.find(({ kind }) => kind === 'deadlock')?.id ?? id) : id;
}
