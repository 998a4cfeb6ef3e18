/**
 * In which order the scenarios of a patch are run: small ones first, so that what is violated is known early.
 *
 * In: scenarios with the variants that a patch is put into. Out: their numbers, in that order. Never: a say in what is reported, or where.
 */
import type { PresetName } from '../../model/index.ts';
import { type RecordedStates, readRecordedStates } from '../recordedStates.ts';
import { scenarioId } from '../select.ts';
import type { Placed } from './surroundings.ts';

/** By the numbers of states that the model's own runs had; those that no number is known of come last, as they are. */
export function smallFirst(
  placed: readonly Pick<Placed, 'scenario' | 'variant'>[],
  preset: PresetName,
  recorded: RecordedStates | null = readRecordedStates(),
): number[] {
  const statesOf = ({ scenario, variant }: Pick<Placed, 'scenario' | 'variant'>): number =>
    recorded?.[`${scenarioId(scenario)} ${variant.name} ${preset}`]?.states ?? Number.POSITIVE_INFINITY;
  const states = placed.map(statesOf);
  const at = (index: number): number => states[index] ?? 0;
  return [...states.keys()].sort((a, b) => (at(a) === at(b) ? a - b : at(a) - at(b)));
}
