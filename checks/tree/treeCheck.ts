/**
 * A kernel tree as it is, in every scenario: the tree's own functions in the places of the model's.
 *
 * In: a directory, scenarios, limits. Out: a verdict for each scenario, which functions of the tree ran, which of their statements no scenario
 * reaches, and what stands for the rest. Never: a word about text that was not run.
 */
import type { Trace } from '../../counterexamples/index.ts';
import type { Limits } from '../../explorer/index.ts';
import { type PresetName, scenarios } from '../../model/index.ts';
import { type KernelTree, makeBindings, readTree, treeContents, UnreadableInput as UnreadableText } from '../../patches/index.ts';
import { UnreadableInput } from '../errors.ts';
import type { CheckProgress } from '../runCheck.ts';
import type { RunOptions } from '../runSystem.ts';
import { findScenario, scenarioId } from '../select.ts';
import { partsWith } from './bindFile.ts';
import { Coverage } from './coverage.ts';
import { placeTree } from './placeTree.ts';
import { StandIns } from './standIns.ts';
import type { TreeCheckReport, TreeRun, TreeVerdict } from './treeCheckReport.ts';
import { runWithTree } from './treeRun.ts';
import { variantForTree } from './treeVariants.ts';

export interface TreeCheckRequest {
  readonly directory: string;
  /** A file of JSON with more bindings. */
  readonly bind: string | null;
  /** Empty: all. */
  readonly scenarios: readonly string[];
  readonly preset: PresetName;
  /** Of each search. */
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** Throws UnreadableInput for what is no tree or no bindings, WrongUse for unknown scenarios. After an abort the report holds what was run so far. */
export async function checkTree(request: TreeCheckRequest): Promise<TreeCheckReport> {
  const selected = request.scenarios.length === 0 ? scenarios : [...new Set(request.scenarios.map(findScenario))];
  const { tree, parts, contents } = readable(() => {
    const parts = partsWith(request.bind);
    const tree = readTree(request.directory);
    return { tree, parts, contents: treeContents(tree, makeBindings(parts)) };
  });
  const start = performance.now();
  const found: Found = { runs: [], coverage: new Coverage(), standIns: new StandIns(), traces: new Map() };
  for (const [index, scenario] of selected.entries()) {
    if (request.signal?.aborted === true) break;
    const show = (variant: string, search: CheckProgress['search']): void =>
      request.onProgress?.({
        index,
        total: selected.length,
        scenario: scenarioId(scenario),
        variant,
        search,
        elapsedMs: performance.now() - start,
      });
    const names = new Set(contents.functions.map(({ name }) => name));
    const variant = variantForTree(scenario, tree.version, names);
    if ('otherVersions' in variant) {
      found.runs.push(notRun(scenarioId(scenario), variant.otherVersions));
      continue;
    }
    show(variant.name, null);
    const choice = { scenario, variant, preset: request.preset };
    const options = {
      ...(request.limits === undefined ? {} : { limits: request.limits }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      onProgress: (search: CheckProgress['search']) => show(variant.name, search),
    };
    await addRun(found, await placeTree(contents, choice, parts), tree, options);
  }
  return reportOf(request, tree, selected.length, found);
}

interface Found {
  readonly runs: TreeRun[];
  readonly coverage: Coverage;
  readonly standIns: StandIns;
  readonly traces: Map<string, Trace>;
}

async function addRun(found: Found, placed: Awaited<ReturnType<typeof placeTree>>, tree: KernelTree, options: RunOptions): Promise<void> {
  const { run, traces } = await runWithTree(placed, tree.name, found.coverage, options);
  found.runs.push(run);
  found.standIns.add(run, placed);
  for (const trace of traces) {
    const known = found.traces.get(trace.property.id);
    if (known === undefined || trace.steps.length < known.steps.length) found.traces.set(trace.property.id, trace);
  }
}

function notRun(scenario: string, reason: string): TreeRun {
  const nothing = { violated: [], properties: [], ran: [], standIns: [], states: 0, modelStates: 0, depth: 0, milliseconds: 0 };
  return { scenario, variant: null, verdict: 'otherVersions', ...nothing, reasons: [reason] };
}

function reportOf(
  { preset }: TreeCheckRequest,
  tree: KernelTree,
  selected: number,
  { runs, coverage, standIns, traces }: Found,
): TreeCheckReport {
  const functions = coverage.functions();
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  const count = (verdict: TreeVerdict): number => runs.filter((run) => run.verdict === verdict).length;
  return {
    tree: tree.name,
    version: tree.version?.text ?? null,
    preset,
    runs,
    functions,
    notPlaced: standIns.notPlaced(),
    standIns: standIns.entries(),
    counts: {
      scenarios: selected,
      holds: count('holds'),
      violated: count('violated'),
      incomplete: count('incomplete'),
      vacuous: count('vacuous'),
      notExercised: count('notExercised'),
      otherVersions: count('otherVersions'),
      notRun: selected - runs.length,
      functions: functions.length,
      functionsRun: functions.filter(({ scenarios }) => scenarios.length > 0).length,
      lines: sum(functions.map(({ lines }) => lines)),
      linesReached: sum(functions.map(({ reached }) => reached)),
    },
    traces: [...traces.values()].sort((a, b) => a.steps.length - b.steps.length),
  };
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableText) throw new UnreadableInput(error.message);
    throw error;
  }
}
