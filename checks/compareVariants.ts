/**
 * Two variants of a scenario: the counterexamples of the first, taken again on the second.
 *
 * In: names. Out: for each property where the two part, and why. Never: a verdict about one that was not searched.
 */
import { comparePaths } from '../counterexamples/index.ts';
import { type Limits, type Progress, shortestTrace } from '../explorer/index.ts';
import type { PresetName, ScenarioVariant } from '../model/index.ts';
import { boundsText } from './boundsText.ts';
import { idInSearch } from './deadlocks.ts';
import { propertiesFor } from './describeSystem.ts';
import { WrongUse } from './errors.ts';
import { namingOf } from './namingOf.ts';
import { partingOf } from './partingReport.ts';
import type { CompareReport, ComparisonResult, PropertyResult, RunResult } from './results.ts';
import type { CheckProgress } from './runCheck.ts';
import { type FinishedRun, judged, runSystem } from './runSystem.ts';
import { findProperty, findScenario, findVariant, scenarioId } from './select.ts';

export interface CompareRequest {
  readonly scenario: string;
  /** The first is the one whose counterexamples are taken. */
  readonly variants: readonly string[];
  /** Ids; empty: all that the first violates. */
  readonly properties: readonly string[];
  readonly preset: PresetName;
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
}

interface Searched {
  readonly variant: ScenarioVariant;
  readonly run: FinishedRun;
  readonly result: RunResult;
}

/** Throws WrongUse for unknown names and for anything but two variants. */
export async function compareVariants(request: CompareRequest): Promise<CompareReport> {
  const scenario = findScenario(request.scenario);
  const variants = request.variants.map((name) => findVariant(scenario, name));
  const [first, second] = variants;
  if (first === undefined || second === undefined || variants.length !== 2) {
    throw new WrongUse(
      `compare takes two variants, --variants A,B; ${request.variants.length === 1 ? 'one was' : `${variants.length} were`} given`,
    );
  }
  const wanted = request.properties.map((id) => propertyHere(id, scenario.properties, scenarioId(scenario)));
  const start = performance.now();
  const search = async (variant: ScenarioVariant, index: number): Promise<Searched> => {
    const show = (progress: Progress | null) =>
      request.onProgress?.({
        index,
        total: 2,
        scenario: scenarioId(scenario),
        variant: variant.name,
        search: progress,
        elapsedMs: performance.now() - start,
      });
    show(null);
    const run = await runSystem(
      { scenario, variant, preset: request.preset },
      {
        onProgress: show,
        ...(request.limits === undefined ? {} : { limits: request.limits }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      },
    );
    return { variant, run, result: judged(run, variant, null) };
  };
  const a = await search(first, 0);
  const b = await search(second, 1);
  const violated = a.result.properties.filter(({ verdict }) => verdict === 'violated').map(({ id }) => id);
  return {
    scenario: scenarioId(scenario),
    bounds: boundsText(scenario.presets[request.preset].bounds),
    a: { variant: first.name, title: first.title, exhausted: a.result.exhausted },
    b: { variant: second.name, title: second.title, exhausted: b.result.exhausted },
    comparisons: (wanted.length === 0 ? violated : wanted).map((id) => comparisonOf(id, a, b)),
  };
}

/** Faults and deadlocks may be asked for, too: they are told like properties. */
function propertyHere(name: string, known: readonly string[], scenario: string): string {
  if (name.startsWith('fault:') || name === 'deadlock') return name;
  const id = findProperty(name);
  if (!known.includes(id)) throw new WrongUse(`${scenario} does not check ${id}; it checks ${known.join(', ')}`);
  return id;
}

function comparisonOf(property: string, a: Searched, b: Searched): ComparisonResult {
  const { id, name } = propertyOfRun(a, property);
  const verdicts = { property: id, name, a: verdictOf(a, id), b: verdictOf(b, id) };
  const { scenario, variant, preset } = a.run.choice;
  const searched = idInSearch(id, propertiesFor(scenario, variant));
  const path = a.run.found.outcomes.some((outcome) => outcome.id === searched) ? shortestTrace(a.run.found, searched) : null;
  if (path === null) return { ...verdicts, bViolatesHere: null, parting: null, ending: [] };
  const { parting, bViolates, ending } = comparePaths(a.run.system, b.run.system, path, searched, namingOf(scenario, preset));
  return {
    ...verdicts,
    bViolatesHere: bViolates,
    parting: parting === null ? null : partingOf(parting, a.variant.name, b.variant.name),
    ending: [...ending],
  };
}

function propertyOfRun({ result }: Searched, id: string): Pick<PropertyResult, 'id' | 'name'> {
  return result.properties.find((each) => each.id === id) ?? { id, name: id };
}

/** What a run does not list did not occur: faults and deadlocks are listed only if they did. */
function verdictOf({ result }: Searched, id: string): ComparisonResult['a'] {
  const found = result.properties.find((each) => each.id === id);
  if (found !== undefined) return { verdict: found.verdict, steps: found.verdict === 'violated' ? found.steps : null };
  const occurs = id.startsWith('fault:') || id === 'deadlock';
  return { verdict: occurs ? (result.exhausted ? 'holds' : 'incomplete') : null, steps: null };
}
