/**
 * One scenario with one variant: described, compiled, searched, judged; traces of what it violates.
 *
 * In: a choice, limits. Out: `RunResult` and, on demand, traces that the interpreter has confirmed.
 * Never: a verdict without its search.
 */

import type { SystemDescription } from '../compiler/index.ts';
import { type CompiledSystem, compileSystem } from '../compiler/index.ts';
import { rebuildTrace, type Trace } from '../counterexamples/index.ts';
import {
  type ExploreResult,
  exploreAsync,
  type Goal,
  goalOfId,
  type Keeping,
  type Limits,
  type Path,
  type Progress,
  type Reductions,
  shortestTrace,
} from '../explorer/index.ts';
import { type Measure, measureOf, type Property, properties, type Worst } from '../properties/index.ts';
import { boundsText } from './boundsText.ts';
import { idInSearch, namedOutcomes } from './deadlocks.ts';
import { type Choice, describeSystem, propertiesFor } from './describeSystem.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Expectation, judgeRun } from './judgeRun.ts';
import { namingOf } from './namingOf.ts';
import type { RunResult } from './results.ts';
import { scenarioId } from './select.ts';
import { version } from './version.ts';

export interface RunOptions {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** 64-bit fingerprints instead of whole states. */
  readonly fingerprints?: boolean;
  /** What runs the steps. Default: JavaScript. */
  readonly backEnd?: 'javascript' | 'wasm';
  /** Threads that search a large run together. Default 1. */
  readonly workers?: number;
  readonly reductions?: Reductions;
  /** Keep states in parts. Default: when memory runs short. */
  readonly compress?: boolean;
  /** Keep checkpoints there, or go on from one; as a function, of the run's fingerprint. */
  readonly keeping?: Omit<Keeping, 'model' | 'mmucheck'> | ((fingerprint: string) => Omit<Keeping, 'model' | 'mmucheck'>);
}

/** A finished search with all that traces are made from. */
export interface FinishedRun {
  readonly choice: Choice;
  readonly description: SystemDescription;
  readonly system: CompiledSystem;
  readonly found: ExploreResult;
  readonly fingerprint: string;
}

/** Throws what describing and compiling throw, and CheckpointRefused. */
export async function runSystem(choice: Choice, options: RunOptions = {}): Promise<FinishedRun> {
  return runDescribed(choice, describeSystem(choice), options);
}

/** The same where it has been described: `description` is that of `choice`. */
export async function runDescribed(choice: Choice, description: SystemDescription, options: RunOptions): Promise<FinishedRun> {
  const system = compileSystem(description, options.backEnd === undefined ? {} : { backEnd: options.backEnd });
  const fingerprint = fingerprintOf(description);
  const keeping = typeof options.keeping === 'function' ? options.keeping(fingerprint) : options.keeping;
  const found = await exploreAsync(
    system,
    {
      mode: options.fingerprints === true ? 'fingerprint' : 'exact',
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      ...(options.workers === undefined ? {} : { workers: options.workers }),
      ...(options.reductions === undefined ? {} : { reductions: options.reductions }),
      ...(options.compress === undefined ? {} : { compress: options.compress }),
      progressEveryMs: 200,
    },
    keeping === undefined ? undefined : { ...keeping, model: fingerprint, mmucheck: version },
  );
  return { choice, description, system, found, fingerprint };
}

export function judged(
  { choice, found, fingerprint }: FinishedRun,
  expected: Expectation,
  selected: ReadonlySet<string> | null,
): RunResult {
  const { scenario, variant, preset } = choice;
  const interesting = scenario.interesting.map(({ predicate, name }) => [predicate, name] as const);
  const names = {
    scenario: scenarioId(scenario),
    variant: variant.name,
    preset,
    bounds: boundsText(scenario.presets[preset].bounds),
    fingerprint,
    propertyNames: new Map([...properties.map(({ id, name }) => [id, name] as const), ...interesting]),
  };
  const outcomes = namedOutcomes(found.outcomes, propertiesFor(scenario, variant));
  return judgeRun({ ...found, outcomes }, { ...names, measured: measuredBy(choice) }, expected, selected);
}

/** A trace to a deadlock has the search's name for it, so it says which property that is. */
function statementOf({ id, name, kind, statement }: Property): string {
  return kind === 'deadlock' ? `${id} ${name}: ${statement}` : statement;
}

function measuredBy({ scenario, variant }: Choice): ReadonlyMap<string, Omit<Worst, 'bound'>> {
  const bounded = propertiesFor(scenario, variant).flatMap((each): [string, Omit<Worst, 'bound'>][] =>
    each.kind === 'event' && each.worst !== undefined ? [[each.id, each.worst]] : [],
  );
  return new Map([...bounded, ...(scenario.measures ?? []).map((id): [string, Measure] => [id, measureOf(id)])]);
}

/** A shortest trace to what the run says of this id; null if it says nothing. */
export function traceOf(run: FinishedRun, id: string): Trace | null {
  const searched = idInSearch(id, propertiesFor(run.choice.scenario, run.choice.variant));
  const path = shortestTrace(run.found, searched);
  const finding = goalOfId(run.system, searched);
  if (path === null || finding === null) return null;
  // Of a loop each part is a shortest way, which does not make it the least; where steps wait for others, no way need be.
  const waited = (run.found.saved?.ample?.reduced ?? 0) > 0;
  return traceOfPath(run, path, finding, path.loopStart === undefined && !waited);
}

/** Re-executes the path in the interpreter. Throws RebuildMismatch if that disagrees: a bug of ours. */
export function traceOfPath(run: Omit<FinishedRun, 'found' | 'description'>, path: Path, finding: Goal, shortest: boolean): Trace {
  const { choice, system, fingerprint } = run;
  const { scenario, variant, preset } = choice;
  const { bounds } = scenario.presets[preset];
  const asked = propertiesFor(scenario, variant);
  const violated = finding.kind === 'property' ? system.propertyIds[finding.index] : undefined;
  const property = asked.find(({ id, kind }) => (finding.kind === 'deadlock' ? kind === 'deadlock' : id === violated));
  const numbers = Object.entries(bounds).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return rebuildTrace({
    system,
    path,
    finding,
    naming: namingOf(scenario, preset),
    about: {
      fingerprint,
      scenario: scenarioId(scenario),
      era: scenario.era,
      variant: variant.name,
      model: choice.title ?? variant.title,
      subsystem: 'KVM: x86/mmu',
      bounds: { summary: boundsText(bounds), values: Object.fromEntries(numbers) },
      shortest,
      notModelled: [...(choice.notModelled ?? [])],
      ...(choice.properties === undefined ? {} : { watched: [...choice.properties] }),
      ...(property === undefined ? {} : { statement: statementOf(property) }),
    },
  });
}
