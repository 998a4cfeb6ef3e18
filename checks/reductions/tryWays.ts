/**
 * Every scenario and variant at `small` in every way.
 *
 * In: what was tried before, limits. Out: what was tried, told one by one. Never: a search that is known already.
 */
import { scenarios } from '../../model/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { readRecordedStates } from '../recordedStates.ts';
import { scenarioId } from '../select.ts';
import { type Tried, tryWay, type Way, wayName, ways } from './tryWay.ts';

export interface WaysRequest {
  /** States at which an unmerged search is cut; merged ones have room for ten times as many. */
  readonly statesMax: number;
  /** Of visited states. */
  readonly memoryBytes: number;
  /** Scenarios' names; left out: all. */
  readonly scenarios?: ReadonlySet<string>;
  readonly ways?: (way: Way) => boolean;
  /** What an earlier run has found. Where the model, or a larger limit, is another one, it is tried again. */
  readonly known: readonly Tried[];
  readonly onTried: (tried: Tried, done: number, all: number) => void;
}

/** Small ones first. Gives what is known and what was tried, of the model as it is. */
export function tryWays(request: WaysRequest): Tried[] {
  const recorded = readRecordedStates();
  const size = (name: string) => recorded?.[`${name} small`]?.states ?? 0;
  const choices = scenarios
    .filter((scenario) => request.scenarios?.has(scenarioId(scenario)) !== false)
    .flatMap((scenario) => scenario.variants.map((variant) => ({ scenario, variant, preset: 'small' as const })))
    .map((choice) => ({ choice, name: `${scenarioId(choice.scenario)} ${choice.variant.name}` }))
    .toSorted((a, b) => size(a.name) - size(b.name));
  const wanted = ways.filter((way) => request.ways?.(way) !== false);
  const known = new Map(request.known.map((tried) => [keyOf(tried), tried]));
  const found: Tried[] = [];
  for (const { choice } of choices) {
    const fingerprint = fingerprintOf(describeSystem(choice));
    for (const way of wanted) {
      const limit = way.merge ? 10 * request.statesMax : request.statesMax;
      const before = known.get(keyOf({ scenario: scenarioId(choice.scenario), variant: choice.variant.name, fingerprint, ...way }));
      if (before !== undefined && (before.said !== null || Object.keys(before.refused).length > 0 || before.limit >= limit)) {
        found.push(before);
        continue;
      }
      const tried = tryWay(choice, way, limit, request.memoryBytes);
      found.push(tried);
      request.onTried(tried, found.length, choices.length * wanted.length);
    }
  }
  return found;
}

function keyOf(tried: Way & Pick<Tried, 'scenario' | 'variant' | 'fingerprint'>): string {
  return `${tried.scenario} ${tried.variant} ${tried.fingerprint} ${wayName(tried)}`;
}
