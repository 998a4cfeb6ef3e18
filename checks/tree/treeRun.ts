/**
 * One scenario with a tree's own functions in their places.
 *
 * In: the tree's functions as placed there, limits. Out: a verdict, and which of them ran. Never: `holds` where none of them ran, or where a
 * property that the model answers was asked of nothing.
 */
import { statementCounts } from '../../compiler/index.ts';
import type { Trace } from '../../counterexamples/index.ts';
import { runOrTrouble } from '../patch/prologue.ts';
import type { PropertyResult, RunResult } from '../results.ts';
import { judged, type RunOptions, runSystem, traceOf } from '../runSystem.ts';
import { scenarioId } from '../select.ts';
import type { Coverage } from './coverage.ts';
import type { PlacedTree } from './placeTree.ts';
import type { TreeRun, TreeVerdict } from './treeCheckReport.ts';

export interface RunWithTree {
  readonly run: TreeRun;
  readonly traces: readonly Trace[];
}

/** What runs is added to `coverage`. */
export async function runWithTree(
  { choice, functions, placed, kept }: PlacedTree,
  title: string,
  coverage: Coverage,
  options: RunOptions,
): Promise<RunWithTree> {
  const { scenario, variant, preset } = choice;
  const reference = judged(await runSystem({ scenario, variant, preset }, options), variant, null);
  const model = new Map(reference.properties.map(({ id, verdict }) => [id, verdict]));
  const common = { scenario: scenarioId(scenario), variant: variant.name, modelStates: reference.states };
  const found = await runOrTrouble(
    { ...choice, title: `${title}: its own functions among the model's procedures ("${variant.name}")` },
    options,
  );
  if ('trouble' in found) {
    const { violates, trouble } = found;
    const violated =
      violates === null ? [] : [{ id: violates, name: 'before the scenario begins', steps: 0, message: trouble, known: false }];
    const verdict: TreeVerdict = violates === null ? 'incomplete' : 'violated';
    const nothing = {
      properties: [],
      ran: [...placed.values()].map(({ name }) => name),
      standIns: [],
      states: 0,
      depth: 0,
      milliseconds: 0,
    };
    const run = { ...common, ...nothing, verdict, violated, reasons: [`its prologue ended early: ${trouble}`] };
    return { run, traces: [] };
  }
  const counts = statementCounts(found.system.program, found.found.coverage);
  const procedures = [...placed.values()].map(({ procedure }) => procedure);
  const ran = coverage.add(common.scenario, functions, procedures, counts);
  const executed = new Set([...counts.values()].flatMap((one) => (one.executed > 0 ? [one.procedure] : [])));
  const standIns = [...kept].flatMap(([name, one]) => (executed.has(name) ? [one] : []));
  const result = judged(found, variant, null);
  const violated = result.properties.filter(({ verdict }) => verdict === 'violated');
  const unasked = result.properties.filter((each) => isUnasked(each, model));
  const fresh = violated.filter(({ id }) => model.get(id) !== 'violated');
  const run: TreeRun = {
    ...common,
    verdict: verdictOf(ran.length, result, unasked.length),
    violated: violated.map(({ id, name, steps, message }) => ({ id, name, steps, message, known: model.get(id) === 'violated' })),
    properties: result.properties.map(({ id, name, verdict }) => ({ id, name, verdict, model: model.get(id) ?? null })),
    ran: [...ran],
    standIns: standIns.map(({ function: { name } }) => name),
    states: result.states,
    depth: result.depth,
    milliseconds: result.milliseconds,
    reasons: [
      ...(ran.length === 0 ? ['none of the functions of the tree that import was run'] : []),
      ...result.cuts,
      ...unasked.map(({ id, name }) => `${id} ${name} was asked of nothing, and of the model it is asked`),
    ],
  };
  return { run, traces: fresh.flatMap(({ id }) => traceOf(found, id) ?? []) };
}

/** Of a search that was cut, more might have run. */
function verdictOf(ran: number, { verdict, exhausted }: Pick<RunResult, 'verdict' | 'exhausted'>, unasked: number): TreeVerdict {
  if (ran === 0) return exhausted ? 'notExercised' : 'incomplete';
  return verdict === 'holds' && unasked > 0 ? 'vacuous' : verdict;
}

/** A hook on a procedure that the tree has not, or does not call, would make a property silent. */
function isUnasked({ id, verdict }: PropertyResult, model: ReadonlyMap<string, PropertyResult['verdict']>): boolean {
  return verdict === 'vacuous' && model.has(id) && model.get(id) !== 'vacuous';
}
