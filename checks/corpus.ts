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

/** Scenario, variant, ids of what it violates. All at small bounds. */
const kept: readonly (readonly [string, string, readonly string[]])[] = [
  ['3.3-A', 'posted', ['I-04', 'I-10', 'I-48']],
  ['3.3-B', 'posted', ['I-10', 'I-36']],
  ['3.3-C', 'posted', ['I-36']],
  ['3.3-E', 'order', ['I-04', 'I-11']],
  ['3.3-G', 'untested', ['fault:nullDereference']],
  ['3.1-A', 'v3.10', ['I-33']],
  ['3.1-D', 'unchecked', ['I-07']],
];
const folder = () => join(packageRoot(), 'counterexamples', 'corpus');

/** Names of all files that belong there. */
export function corpusFiles(): string[] {
  return kept.flatMap(([scenario, variant, ids]) => ids.map((id) => fileName(scenario, variant, id))).sort();
}

/** Finds every trace again and writes it; files that no longer belong there go. Throws if something is not violated any more. */
export async function writeCorpus(onFile: (file: string, bytes: number) => void): Promise<void> {
  for (const [scenarioName, variantName, ids] of kept) {
    const scenario = findScenario(scenarioName);
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

/** Each file, run again without a search. */
export async function replayCorpus(): Promise<ReplayReport[]> {
  const reports: ReplayReport[] = [];
  for (const { file, trace } of await readCorpus(folder())) reports.push(await replay(file, trace));
  return reports;
}

function fileName(scenario: string, variant: string, id: string): string {
  return `${scenario}-${variant}-${id}.json`.replaceAll(/[^\w.-]/g, '_');
}
