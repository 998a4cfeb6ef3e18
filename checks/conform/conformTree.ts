/**
 * Holds the functions of a kernel tree against the model's procedures of their names, each run alone from every state in which a scenario calls it.
 *
 * In: a directory, scenarios, names of functions. Out: for each function whether it does the same. Never: a verdict on properties.
 */

import { scenarios as allScenarios, type PresetName } from '../../model/index.ts';
import {
  bindingParts,
  type KernelTree,
  lowerContents,
  makeBindings,
  readTree,
  type TreeContents,
  type TreeImportFunction,
  treeContents,
  UnreadableInput as UnreadableText,
} from '../../patches/index.ts';
import { reachableProcedures } from '../callGraph.ts';
import { describeSystem } from '../describeSystem.ts';
import { UnreadableInput, unknownName } from '../errors.ts';
import { findScenario, scenarioId } from '../select.ts';
import { variantForTree } from '../tree/treeVariants.ts';
import { type Abstraction, abstractions as declared } from './abstractions.ts';
import { inScenario } from './inScenario.ts';
import type { ConformLimits } from './limits.ts';
import { Records } from './records.ts';
import type { ConformReport } from './report.ts';

export interface ConformRequest {
  /** The top directory of a tree, or the tree. */
  readonly directory: string | KernelTree;
  /** Ids; empty: all. */
  readonly scenarios: readonly string[];
  /** Names of functions; empty: all. */
  readonly only: readonly string[];
  readonly limits: ConformLimits;
  readonly signal: AbortSignal;
  onProgress(progress: ConformProgress): void;
  /** For tests; else those of the data file. */
  readonly abstractions?: readonly Abstraction[];
}

export interface ConformProgress {
  readonly index: number;
  readonly total: number;
  readonly scenario: string;
  /** Share of the scenario's states that was looked at, 0 to 1; null: the functions are being lowered. */
  readonly part: number | null;
  readonly elapsedMs: number;
}

const preset: PresetName = 'small';

/** Throws UnreadableInput for what is no tree, WrongUse for unknown names. */
export async function conformTree(request: ConformRequest): Promise<ConformReport> {
  const { directory, only, signal } = request;
  const started = performance.now();
  const { tree, contents } = read(directory);
  const unknown = only.find((name) => !contents.functions.some((one) => one.name === name));
  if (unknown !== undefined)
    throw unknownName(
      'function of the tree',
      unknown,
      contents.functions.map(({ name }) => name),
    );
  const chosen = request.scenarios.length === 0 ? allScenarios : request.scenarios.map(findScenario);
  const names = new Set(contents.functions.map(({ name }) => name));
  const runs = chosen.flatMap((scenario) => {
    const variant = variantForTree(scenario, tree.version, names);
    return 'otherVersions' in variant ? [] : [{ scenario, variant }];
  });
  const whole = request.scenarios.length === 0 && only.length === 0;
  const records = new Records(tree, request.abstractions ?? declared);
  const lowering = new Lowering(contents, only);
  const done: string[] = [];
  for (const [index, { scenario, variant }] of runs.entries()) {
    const name = scenarioId(scenario);
    const tell = (part: number | null): void =>
      request.onProgress({ index, total: runs.length, scenario: name, part, elapsedMs: performance.now() - started });
    tell(null);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    const description = describeSystem({ scenario, variant, preset, properties: new Set() });
    const lowered = await lowering.of(description);
    const imported = lowered.filter(({ source }) => only.length === 0 || only.includes(source.name));
    await inScenario({
      scenario,
      variant,
      preset,
      description,
      imported,
      all: lowered,
      records,
      tree,
      limits: request.limits,
      signal,
      tell,
    });
    if (signal.aborted) break;
    done.push(name);
  }
  return records.report({ scenarios: done, interrupted: signal.aborted, whole: whole && !signal.aborted });
}

function read(directory: string | KernelTree): { tree: KernelTree; contents: TreeContents } {
  try {
    const tree = typeof directory === 'string' ? readTree(directory) : directory;
    return { tree, contents: treeContents(tree, makeBindings(bindingParts)) };
  } catch (error) {
    if (error instanceof UnreadableText) throw new UnreadableInput(error.message);
    throw error;
  }
}

type Description = ReturnType<typeof describeSystem>;

/** Lowered once for all scenarios whose machines, constants and procedures look alike to C. */
class Lowering {
  readonly #contents: TreeContents;
  readonly #only: readonly string[];
  readonly #known = new Map<string, readonly TreeImportFunction[]>();

  constructor(contents: TreeContents, only: readonly string[]) {
    this.#contents = contents;
    this.#only = only;
  }

  async of(description: Description): Promise<readonly TreeImportFunction[]> {
    const { machine, constants, procedures } = description;
    const called = [...reachableProcedures(description)].filter((name) => this.#only.length === 0 || this.#only.includes(name));
    const faces = [...procedures.values()].map(({ name, params, result }) => [name, params, result]);
    const key = JSON.stringify([machine, [...constants], faces, called]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const lowered = await lowerContents({ ...this.#contents, functions: neededBy(called, this.#contents) }, description);
    this.#known.set(key, lowered);
    return lowered;
  }
}

/** Functions of these names and what their texts, and macros in them, speak of: the others are not looked at. */
function neededBy(names: readonly string[], { functions, macros }: TreeContents): TreeContents['functions'] {
  const texts = new Map(functions.map(({ name, text }) => [name, text]));
  const needed = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const text = texts.get(name) ?? macros.get(name)?.body;
    if (text === undefined || needed.has(name)) continue;
    needed.add(name);
    // `FNAME(walk)` is the function `FNAME_walk`.
    open.push(...(text.match(/\w+/g) ?? []).flatMap((word) => [word, `FNAME_${word}`]));
  }
  return functions.filter(({ name }) => needed.has(name));
}
