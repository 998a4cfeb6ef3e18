/**
 * From a finished search to a result.
 *
 * In: a search. Out: one status per property and one verdict. Never: `holds` where something was cut or never happened.
 */
import { match } from 'ts-pattern';
import { type CompiledSystem, type PropertyDescription, settledCoverage } from '../compiler/index.ts';
import { assertionsReached } from './assertions.ts';
import { type Finding, isBound } from './findings.ts';
import { graphOf } from './graph.ts';
import { findLasso, whyNotJudged } from './progress/progress.ts';
import type { Cut, DeadlockDescription, ExploreResult, FaultOccurrence, PropertyOutcome, TraceEnd, Verdict } from './result.ts';
import type { Search } from './search.ts';
import { missedStateOdds } from './visited/fingerprint.ts';

export function conclude(search: Search): ExploreResult {
  const { system, visited, findings, options } = search;
  const mode = options.mode ?? 'exact';
  const terminalStates = search.terminalStates.toArray();
  const { states, bytes } = visited;
  const monitorCounts = system.monitorCounts.slice();
  const coverage = settledCoverage(system.program, system.coverage);
  const graph = graphOf(search);
  const deadlocks = search.deadlocks();
  // By the way that was found; of a search that took states again, levels say less.
  const depthOf = ({ state, label }: TraceEnd) => graph.depthOf(state) + (label === null ? 0 : 1);
  const faults = [...findings.faults].map(([index, finding]) => occurrence(system, index, finding, depthOf));
  const cuts: Cut[] = [...search.cuts, ...faults.filter(({ fault }) => isBound(fault)).map(boundCut)];
  const exhausted = cuts.length === 0;
  const assertions = assertionsReached(system.program, coverage);
  const outcomes = [
    ...system.description.properties.map((property, index) => {
      const ran = (monitorCounts[index] ?? 0) > (search.monitorsBefore[index] ?? 0);
      if (property.kind === 'progress') return progressOutcome(property, index, search, exhausted, graph.depthOf);
      return outcomeOf(property, index, search, exhausted, ran || assertions.has(property.id), depthOf);
    }),
    deadlockOutcome(deadlocks, graph.depthOf, exhausted),
    ...faultOutcomes(faults.filter(({ fault }) => !isBound(fault))),
  ];
  visited.seal();
  return {
    verdict: overall(outcomes, exhausted),
    outcomes,
    cuts,
    exhausted,
    counts: {
      states,
      transitions: search.expansion.transitions,
      initialStates: search.initialCount,
      depth: search.depth,
      terminal: terminalStates.length,
      quiescent: search.expansion.quiescent,
      deadlocked: deadlocks.ids.length,
      frontier: states - search.next,
      words: system.words,
      memoryBytes: bytes,
      bytesPerState: states === 0 ? 0 : bytes / states,
      elapsedMs: search.elapsedMs,
      rate: search.progress().rate,
    },
    mode,
    missedStateOdds: mode === 'exact' ? 0 : missedStateOdds(states),
    graph,
    ...(search.remarks.length === 0 ? {} : { remarks: search.remarks }),
    terminalStates,
    deadlockedStates: deadlocks.ids,
    coverage,
  };
}

/** Looks for a lasso. Uses the system's buffer. */
function progressOutcome(
  { id, kind }: PropertyDescription,
  index: number,
  search: Search,
  exhausted: boolean,
  depthOf: (state: number) => number,
): PropertyOutcome {
  const reached = search.findings.met.has(index);
  const open = { id, kind, status: 'incomplete', reached, ...nowhere } as const;
  const undecided = whyNotJudged(search.system, search.visited);
  if (undecided !== null) return { ...open, undecided };
  if (!exhausted) return open;
  const lasso = reached ? findLasso(search.system, search.visited, index) : null;
  if (lasso === null) return { ...open, status: reached ? 'holds' : 'vacuous' };
  const { state, loop } = lasso;
  return { id, kind, status: 'violated', reached, first: { state, label: null }, depth: depthOf(state) + loop.length, count: 1, loop };
}

function outcomeOf(
  property: Exclude<PropertyDescription, { kind: 'progress' }>,
  index: number,
  search: Search,
  exhausted: boolean,
  ran: boolean,
  depthOf: (end: TraceEnd) => number,
): PropertyOutcome {
  const { findings } = search;
  const found = property.kind === 'reachable' ? findings.met.get(index) : findings.violated.get(index);
  const reached = match(property.kind)
    .with('state', () => (findings.reachedMask & (1 << index)) !== 0)
    .with('event', 'assertion', () => ran || found !== undefined)
    .with('reachable', () => found !== undefined)
    .exhaustive();
  const status: Verdict =
    found !== undefined
      ? property.kind === 'reachable'
        ? 'holds'
        : 'violated'
      : !exhausted
        ? 'incomplete'
        : reached
          ? 'holds'
          : 'vacuous';
  const value = search.system.worst?.[index];
  const worst = property.kind === 'event' && property.bound !== undefined && value !== undefined ? { value, bound: property.bound } : null;
  return { id: property.id, kind: property.kind, status, reached, ...place(found, depthOf), ...(worst === null ? {} : { worst }) };
}

function deadlockOutcome(
  { ids, first }: { ids: Int32Array; first: DeadlockDescription | null },
  depthOf: (state: number) => number,
  exhausted: boolean,
): PropertyOutcome {
  const state = ids[0];
  if (state === undefined || first === null) {
    return { id: 'deadlock', kind: 'deadlock', status: exhausted ? 'holds' : 'incomplete', reached: true, ...nowhere };
  }
  return {
    id: 'deadlock',
    kind: 'deadlock',
    status: 'violated',
    reached: true,
    first: { state, label: null },
    depth: depthOf(state),
    count: ids.length,
    deadlock: first,
  };
}

/** One outcome a kind of fault, in the order in which the kinds were met. */
function faultOutcomes(faults: readonly FaultOccurrence[]): PropertyOutcome[] {
  const kinds = new Set(faults.map(({ fault }) => fault.kind));
  return [...kinds].map((kind) => {
    const those = faults.filter(({ fault }) => fault.kind === kind);
    const shortest = those.reduce((best, one) => (one.depth < best.depth ? one : best));
    return {
      id: `fault:${kind}`,
      kind: 'fault',
      status: 'violated',
      reached: true,
      first: shortest.first,
      depth: shortest.depth,
      count: those.reduce((sum, one) => sum + one.count, 0),
      faults: those,
    };
  });
}

/** What is wrong comes first, then what is not known, then what was never put to the test. */
function overall(outcomes: readonly PropertyOutcome[], exhausted: boolean): Verdict {
  const some = (status: Verdict) => outcomes.some((outcome) => outcome.status === status);
  if (some('violated')) return 'violated';
  if (!exhausted || some('incomplete')) return 'incomplete';
  return some('vacuous') ? 'vacuous' : 'holds';
}

function place(found: Finding | undefined, depthOf: (end: TraceEnd) => number): Pick<PropertyOutcome, 'first' | 'depth' | 'count'> {
  return found === undefined ? nowhere : { first: found.first, depth: depthOf(found.first), count: found.count };
}
const nowhere = { first: null, depth: null, count: 0 };

function occurrence(system: CompiledSystem, index: number, { first, count }: Finding, depthOf: (end: TraceEnd) => number): FaultOccurrence {
  const fault = system.faults[index];
  if (fault === undefined) throw new Error(`the compiled system reports fault ${index}, which it does not list`);
  return { fault, first, depth: depthOf(first), count };
}

function boundCut(found: FaultOccurrence): Cut {
  const { file, line } = found.fault.position;
  return { kind: 'bound', message: `bound ${found.fault.message} exceeded at ${file}:${line}`, occurrence: found };
}
