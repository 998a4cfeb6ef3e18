/**
 * What `--stats` says: how much smaller each reduction made a search, and why one was refused.
 *
 * In: a finished search. Out: numbers and sentences. Never: a saving that nobody measured: what the search would have been without
 * reductions is known only of runs whose numbers are recorded.
 */
import { compileSystem } from '../compiler/index.ts';
import type { AmpleReport } from '../explorer/index.ts';
import { readRecordedStates } from './recordedStates.ts';
import type { RunStats } from './results.ts';
import type { FinishedRun } from './runSystem.ts';
import { scenarioId } from './select.ts';

/** Compiles the system once more, without merging. */
export function statsOf({ choice, description, system, found }: FinishedRun): RunStats {
  const { scenario, variant, preset, replacing, properties } = choice;
  const known =
    replacing !== undefined || properties !== undefined
      ? undefined
      : readRecordedStates()?.[`${scenarioId(scenario)} ${variant.name} ${preset}`];
  const { renaming, ample } = found.saved ?? {};
  return {
    stops: stopsOf(system.program),
    stopsUnmerged: stopsOf(compileSystem(description, { merge: false, backEnd: 'interpreter' }).program),
    reductions: [
      ...(renaming === undefined
        ? []
        : [{ name: 'renaming', refused: renaming.refused, changed: renaming.renamed, lines: [...renaming.tables] }]),
      ...(ample === undefined ? [] : [{ name: 'ample', refused: ample.refused, changed: ample.dropped, lines: ampleLines(ample) }]),
    ],
    without: known === undefined || !found.exhausted ? null : { states: known.states, steps: known.steps },
  };
}

function ampleLines({ refused, reduced, provisoFailed, again, searches }: AmpleReport): string[] {
  if (refused !== null) return [];
  return [
    `in ${reduced} states one process was followed alone, and in ${provisoFailed} not because all its steps led back`,
    ...(again > 0 ? [`${again} states were expanded again, as more was learned`] : []),
    ...(searches > 1 ? [`searched ${searches} times, as more had to be learned first`] : []),
  ];
}

/** Points at which processes can stop, so that others run. */
function stopsOf({ processes }: FinishedRun['system']['program']): number {
  return processes.reduce((sum, { resumes }) => sum + resumes.length - 1, 0);
}
