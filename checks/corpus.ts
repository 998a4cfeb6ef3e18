/**
 * The kept traces: which ones, how they are made, and whether they still violate.
 *
 * In: the list below; the files of counterexamples/corpus. Out: their texts, and what a replay of each says.
 * Never: text of a kernel or of a mail; positions only.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../compiler/packageRoot.ts';
import { compact, readCorpus, renderJson } from '../counterexamples/index.ts';
import { replay } from './replayTrace.ts';
import type { ReplayReport } from './results.ts';
import { runSystem, traceOf } from './runSystem.ts';
import { findScenario, findVariant } from './select.ts';

/** All at small bounds. */
export interface Kept {
  readonly scenario: string;
  readonly variant: string;
  /** What it violates. */
  readonly ids: readonly string[];
  /** Which reference interleaving of the documentation the first of these is: `C1`. Null: none, it is kept for its own sake. */
  readonly interleaving: string | null;
  /** In a sentence. */
  readonly about: string;
}
const keep = (interleaving: string | null, scenario: string, variant: string, ids: readonly string[], about: string): Kept => ({
  scenario,
  variant,
  ids,
  interleaving,
  about,
});

export const kept: readonly Kept[] = [
  keep('C1', '3.3-A', 'posted', ['I-04', 'I-10', 'I-48'], 'a vCPU comes back to a root that a fast zap made obsolete'),
  keep('C2', '3.3-E', 'order', ['I-04', 'I-11'], 'the request to drop a root is served before the root is invalid'),
  keep('C3', '3.2-A', 'v5.8', ['I-28'], 'L1 floods a table of EPT12, and what was below it stays'),
  keep(
    'C4',
    '3.2-C',
    'v6.0',
    ['I-14', 'I-13', 'fault:useAfterFree'],
    'recycling zaps a root in use, and a child inherits that it is invalid',
  ),
  keep('C5', '3.1-D-TDP', 'v5.15', ['I-30'], 'a fault fills an entry of an invalid root that the zapper has passed'),
  keep('C6', '3.5-A', 'counter', ['I-20'], 'a zap drops the lock and owes a flush, and the host frees the page'),
  keep('C7', '3.5-C', 'both-shared', ['I-20'], 'a notifier finds an SPTE that is frozen and not yet flushed'),
  keep('C8', '3.4-C', 'continued', ['I-03', 'fault:useAfterFree'], 'the table that was being split is freed while the locks are dropped'),
  keep('C9', '3.4-F', 'write-form', ['I-19'], 'a fault splits the huge page whose W is being taken away'),
  keep('C10', '3.4-A', 'unflushed', ['I-17'], 'the guest writes through an entry that enabling the log did not flush'),
  keep(null, '3.1-A', 'v3.10', ['I-33'], 'everything is zapped in one hold of the lock'),
  keep(null, '3.1-B', 'naive', ['I-31'], 'a zap of everything that yields never ends: what it zaps is built again'),
  keep(null, '3.1-D', 'unchecked', ['I-07'], 'a fault links a table below an obsolete root, in the shadow MMU'),
  keep(null, '3.3-A-live', 'posted', ['I-32'], 'the end of C1: a vCPU on an obsolete root faults for ever'),
  keep(null, '3.3-B', 'posted', ['I-10', 'I-36'], 'a zapped root stays in the cache of roots'),
  keep(null, '3.3-C', 'posted', ['I-36'], 'a valid root is dropped with the zapped one'),
  keep(null, '3.3-G', 'untested', ['fault:nullDereference'], 'a root without a shadow page is asked whether it is obsolete'),
];
const folder = () => join(packageRoot(), 'counterexamples', 'corpus');

/** Names of all files that belong there. */
export function corpusFiles(): string[] {
  return kept.flatMap(({ scenario, variant, ids }) => ids.map((id) => fileName(scenario, variant, id))).sort();
}

/**
 * Finds every trace again and writes it; files that no longer belong there go. Throws if something is not violated any more.
 * `only`: those of these scenarios, all if there is none.
 */
export async function writeCorpus(only: readonly string[], onFile: (file: string, bytes: number) => void): Promise<void> {
  const wantedScenarios = new Set(only.map(findScenario));
  for (const { scenario: scenarioName, variant: variantName, ids } of kept) {
    const scenario = findScenario(scenarioName);
    if (only.length > 0 && !wantedScenarios.has(scenario)) continue;
    const run = await runSystem({ scenario, variant: findVariant(scenario, variantName), preset: 'small' });
    for (const id of ids) {
      const trace = traceOf(run, id);
      if (trace === null) throw new Error(`${scenarioName} ${variantName} does not violate ${id} any more`);
      const file = fileName(scenarioName, variantName, id);
      const text = renderJson(compact(trace));
      writeFileSync(join(folder(), file), text);
      onFile(file, Buffer.byteLength(text));
    }
  }
  const wanted = new Set(corpusFiles());
  for (const file of readdirSync(folder())) if (file.endsWith('.json') && !wanted.has(file)) rmSync(join(folder(), file));
}

/** README.md of the folder: what each file is. */
export function corpusReadme(): string {
  const byNumber = [...kept].sort((a, b) => numberOf(a) - numberOf(b));
  const rows = byNumber.map(({ interleaving, scenario, variant, ids, about }) => {
    const files = ids.map((id) => fileName(scenario, variant, id));
    return `| ${interleaving ?? '-'} | ${scenario} ${variant} | ${about} | ${files.map((file) => `[${file}](${file})`).join('<br>')} |`;
  });
  return [
    '# Kept traces',
    '',
    'One JSON file (`docs/schemas/trace.json`) for each counterexample worth keeping, named `<scenario>-<variant>-<property>.json`. Each is run',
    'again in CI, without a search: it must still violate. A trace that says "first difference" was kept with an older model; `npm run corpus`',
    'makes all of them again, `npm run corpus -- 3.2-A` those of one scenario, when the difference is meant.',
    '',
    'C1 to C10 are the reference interleavings that every version of the model must find. To keep another one, add a line to',
    '`checks/corpus.ts`, run `npm run corpus` with its scenario, and `npm run docs` for this page.',
    '',
    '| interleaving | scenario, variant | what happens | files |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'To look at one: `npm run -s mmucheck -- trace counterexamples/corpus/FILE`.',
    '',
  ].join('\n');
}
function numberOf({ interleaving }: Kept): number {
  return interleaving === null ? Number.POSITIVE_INFINITY : Number(interleaving.slice(1));
}

/** Each file, run again without a search. */
export async function replayCorpus(): Promise<ReplayReport[]> {
  const reports: ReplayReport[] = [];
  for (const { file, trace } of await readCorpus(folder())) reports.push(await replay(file, trace));
  return reports;
}

function fileName(scenario: string, variant: string, id: string): string {
  return `${scenario}-${variant}-${id}.json`.replaceAll(/[^\w.-]/g, '_');
}
