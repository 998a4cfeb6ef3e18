/**
 * Comparing ways to run one system: back ends state by state, merged against unmerged by what they find.
 *
 * In: a system description, compile functions. Out: a list of differences, empty if there are none. Never: randomness.
 */
import { compileSystem } from '../compile.ts';
import type { SystemDescription } from '../description.ts';
import { decodeMachine } from '../machine/packing.ts';
import type { CompiledSystem, CompileOptions } from '../system.ts';
import { explore, type Findings, faultText } from './search.ts';

export interface Comparison {
  /** Null: a limit came first and nothing was compared. */
  readonly differences: readonly string[] | null;
  readonly findings: Findings;
}

/**
 * Whether merging changed a verdict: per property, on the fields of terminal states, on the existence of deadlocks
 * and of faults. `inject` concerns the merged run.
 *
 * A fault that ends a merged step hides the states inside that step, so where paths end in faults the merged run
 * may see less; it must still end in a fault, and must not see more.
 */
export function compareMerged(
  description: SystemDescription,
  limit: number,
  { inject, ...others }: Pick<CompileOptions, 'backEnd' | 'inject'> = {},
): Comparison {
  const unmerged = explore(compileSystem(description, { ...others, merge: false }), limit);
  const merged = explore(compileSystem(description, { ...others, merge: true, ...(inject === undefined ? {} : { inject }) }), limit);
  if (!unmerged.complete || !merged.complete) return { differences: null, findings: unmerged };
  const ended = unmerged.faults.size > 0;
  const deadlockAgrees = unmerged.deadlock === merged.deadlock || (ended && !merged.deadlock);
  return {
    differences: [
      ...setDifferences('violated', unmerged.violated, merged.violated, ended),
      ...setDifferences('terminal', unmerged.terminal, merged.terminal, ended),
      ...setDifferences('fault', unmerged.faults, merged.faults, merged.faults.size > 0),
      ...(deadlockAgrees ? [] : [`deadlock: ${unmerged.deadlock} unmerged, ${merged.deadlock} merged`]),
      ...(merged.states > unmerged.states ? [`states: ${unmerged.states} unmerged, ${merged.states} merged`] : []),
    ],
    findings: unmerged,
  };
}

function setDifferences(what: string, unmerged: ReadonlySet<string>, merged: ReadonlySet<string>, mayMiss: boolean): string[] {
  const missed = mayMiss ? [] : [...unmerged].filter((one) => !merged.has(one));
  return [
    ...missed.map((one) => `${what} only unmerged: ${one}`),
    ...[...merged].filter((one) => !unmerged.has(one)).map((one) => `${what} only merged: ${one}`),
  ];
}

/** Everything that the interface says about the state at word 0, in a form that does not depend on the order of steps. */
function portrait(system: CompiledSystem): string[] {
  const { words } = system;
  const violated = system.check(0);
  const lines = [
    `check ${violated} reached ${system.reachedMask()} quiescent ${system.isQuiescent(0)}`,
    ...system.program.processes.map((_, p) => `process ${p} ${system.processStatus(0, p)} waits for ${system.waitsFor(0, p)}`),
  ];
  const labels = system.enabled(0);
  const count = system.expand(0, words);
  const steps: string[] = [];
  for (let k = 0; k < count; k++) {
    const status = system.status[k] ?? 0;
    const end =
      status === 0 ? system.buffer.slice(words + k * words, words + (k + 1) * words).join() : faultText(system.faults[status - 1]);
    steps.push(`step ${system.labels[k]} violates ${system.violations[k]} to ${end}`);
  }
  if (labels.join() !== [...system.labels.slice(0, count)].join()) steps.push(`enabled says ${labels.join()}`);
  for (const label of labels) {
    const status = system.step(0, label, words);
    const end = status === 0 ? system.buffer.slice(words, 2 * words).join() : status < 0 ? 'nothing' : faultText(system.faults[status - 1]);
    steps.push(`step() ${label} to ${end}`);
  }
  return [...lines, ...steps.toSorted()];
}

/** Runs both over the states that `system` reaches, up to `limit`, and compares what they say about each. */
export function compareBackEnds(system: CompiledSystem, oracle: CompiledSystem, limit: number): string[] {
  const differences: string[] = [];
  const initial = (one: CompiledSystem) => one.initialStates().join(' ');
  if (initial(system) !== initial(oracle)) return [`initial states: ${initial(system)} and ${initial(oracle)}`];
  system.resetCounters();
  oracle.resetCounters();
  explore(system, limit, (state) => {
    if (differences.length > 0) return;
    oracle.buffer.set(state, 0);
    const [ours, theirs] = [portrait(system), portrait(oracle)];
    system.buffer.set(state, 0);
    if (ours.join('\n') === theirs.join('\n')) return;
    differences.push(
      `at ${JSON.stringify(decodeMachine(system.layout, state, 0))}`,
      ...ours.filter((line) => !theirs.includes(line)).map((line) => `${system.backEnd}: ${line}`),
      ...theirs.filter((line) => !ours.includes(line)).map((line) => `${oracle.backEnd}: ${line}`),
    );
  });
  return differences;
}
