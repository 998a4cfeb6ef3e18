/**
 * A stranger's patch against the properties: lowered into its surroundings, run, compared with the run without it.
 *
 * In: a file name, bounds, limits. Out: a report with a shortest trace of each property that only the patched
 * run violates. Never: `holds` for a patch of which anything was not modelled, not run, or cut.
 */

import type { PatchReport } from '../results.ts';
import { scenarioId } from '../select.ts';
import { ablate, mailSubject } from './ablation/index.ts';
import { nothingRun, type RunRequest, runAll, verdictOf } from './judgement.ts';
import { distinct, partOf } from './parts.ts';
import { readPatchFile, shownName } from './readPatchFile.ts';
import type { SourceLines } from './sourceLines.ts';
import { type Placed, placePatch } from './surroundings.ts';

export interface PatchRequest extends RunRequest {
  /** `-`: standard input. */
  readonly file: string;
  /** Null: found from what the patch calls and how it is called. */
  readonly era: string | null;
  /** Only these scenarios, by their ids; left out: all. The report says so (`selected`). */
  readonly scenarios?: readonly string[];
}
export interface PatchAnswer {
  readonly report: PatchReport;
  /** The lines that positions in C are of, by file, for renderers; undefined for any other file. */
  readonly sourceLines: SourceLines;
}

/** Throws UnreadableInput for what is no patch, WrongUse for an unknown era. */
export async function judgePatch(request: PatchRequest): Promise<PatchAnswer> {
  const { patch, text } = await readPatchFile(request.file);
  const { scenarios } = request;
  const { eras, placed: everywhere, leftOut: elsewhere, rivals } = await placePatch(patch, request.preset, request.era);
  const placed = scenarios === undefined ? everywhere : everywhere.filter(({ scenario }) => scenarios.includes(scenarioId(scenario)));
  const others = everywhere.filter((each) => !placed.includes(each)).map(({ scenario }) => scenarioId(scenario));
  const best = mostSaid(placed);
  const notModelled = distinct(placed.flatMap(({ lowered }) => lowered.unmodelled));
  const sourceLines = linesOf(shownName(request.file), text);
  const lines = { patched: sourceLines, without: sourceLines };
  const judgement =
    notModelled.length > 0 || rivals.length > 0 ? nothingRun : await runAll(placed, request, shownName(request.file), lines);
  const { kept } = judgement;
  const ablation =
    request.ablateMs === undefined || kept.length === 0 ? null : await ablate(mailSubject(patch, kept), kept, request.ablateMs, request);
  const leftOut =
    best === undefined ? [] : best.lowered.ignored.map(({ name, pos }) => `line ${pos.line}: ${name} has no effect that the model has`);
  return {
    report: {
      file: request.file,
      subject: patch.text.subject,
      verdict: rivals.length > 0 ? 'ambiguous' : verdictOf(notModelled.length > 0 || best === undefined, judgement),
      era: eras.join(', '),
      rivals: [...rivals],
      lost: patch.text.hunks.flatMap(({ number, line, missing, header }) =>
        missing.new === 0 && missing.old === 0
          ? []
          : [{ hunk: number, line, missing: Math.max(missing.old, missing.new), of: Math.max(header.oldCount, header.newCount) }],
      ),
      hunks: (best?.lowered.hunks ?? []).map(({ parts, ...hunk }) => ({ ...hunk, parts: parts.map(partOf) })),
      notModelled,
      notExercised: judgement.notExercised.map(({ line, what }) => ({ line, what })),
      runs: judgement.runs,
      notes: [...patch.text.notes, ...distinct(leftOut), ...judgement.notes, ...(judgement.runs.length === 0 ? [] : notRunIn(elsewhere))],
      traces: judgement.traces,
      ...(scenarios === undefined ? {} : { selected: { scenarios: [...scenarios], others: distinct(others) } }),
      ...(ablation === null ? {} : { ablation }),
      tree: null,
      series: [],
    },
    sourceLines,
  };
}

function linesOf(name: string, text: string): SourceLines {
  const lines = text.split('\n');
  return (file) => (file === name ? lines : undefined);
}

/** Scenarios of one era say the same of a patch, but not all of them have a base to hold removed lines against. */
function mostSaid(placed: readonly Placed[]): Placed | undefined {
  const said = ({ lowered }: Placed) => lowered.hunks.reduce((sum, { parts }) => sum + parts.length, 0);
  return [...placed].sort((a, b) => said(b) - said(a))[0];
}

/** One sentence for all scenarios that lack the same. */
export function notRunIn(placed: readonly Placed[], without = "without code of the patch's day"): string[] {
  const byReason = new Map<string, string[]>();
  for (const { scenario, lowered } of placed) {
    const [first] = lowered.unmodelled;
    const why = `${first?.name ?? ''} ${first?.why ?? ''}`;
    byReason.set(why, [...(byReason.get(why) ?? []), scenarioId(scenario)]);
  }
  return [...byReason].map(([why, names]) => `not run in ${names.join(', ')}, ${without}: ${why}`);
}
