/** `mmucheck patch`: a patch mail, judged. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { z } from 'zod';
import {
  type CheckProgress,
  type CheckpointRequest,
  judgePatch,
  judgeTree,
  type PatchAsked,
  PatchFolder,
  type PatchReport,
  patchReportSchema,
  type SourceLines,
  scenarioIds,
  WrongUse,
} from '../../checks/index.ts';
import type { Outcome } from '../exitCodes.ts';
import {
  backEndOption,
  backEndSchema,
  boundsOption,
  boundsSchema,
  checkpointOptions,
  commaSeparated,
  limitOptions,
  limitsOf,
  limitsSchema,
  outOption,
  positive,
  reductionOptions,
  reductionsOf,
  reductionsSchema,
  workersOption,
  workersSchema,
} from '../options.ts';
import { tellingEarly } from '../print/early.ts';
import { patchText } from '../print/patchText.ts';
import { progressLine } from '../print/progress.ts';
import type { Judged } from '../print/replayCommand.ts';
import { troubleOn } from '../print/trouble.ts';
import { writeTraces } from '../print/writeTraces.ts';
import type { Terminal } from '../terminal.ts';
import { type Answer, verb } from '../verb.ts';

const optionsSchema = z.object({
  ...boundsSchema.shape,
  ...limitsSchema.shape,
  ...backEndSchema.shape,
  ...workersSchema.shape,
  ...reductionsSchema.shape,
  scenario: z.array(z.string()).default([]),
  era: z.string().optional(),
  tree: z.string().optional(),
  base: z.string().optional(),
  range: z.string().optional(),
  bind: z.string().optional(),
  out: z.string().optional(),
  checkpoint: z.string().optional(),
  checkpointEvery: z.number().default(60),
  ablate: z.boolean().default(false),
  ablateTime: z.number().default(120),
});
const outcomes: Readonly<Record<PatchReport['verdict'], Outcome>> = {
  holds: 'asExpected',
  violated: 'violated',
  incomplete: 'incomplete',
  notModelled: 'notModelled',
  notExercised: 'notModelled',
  ambiguous: 'notModelled',
  ignorable: 'asExpected',
};
/** The text of patch or tree, to print beside counterexamples, and what was judged: no part of the report, which names lines and no paths. */
const printedWith = new WeakMap<PatchReport, { readonly sourceLines: SourceLines; readonly judged: Judged }>();

export const patchVerb = verb<PatchReport>({
  name: 'patch',
  summary: 'Judge a patch: its functions replace those of the model, and the properties are checked with and without it.',
  arguments: [{ name: '[files...]', help: 'a mail, an mbox or a diff; - reads standard input; with --tree also a series, in this order' }],
  options: [
    boundsOption,
    new Option(
      '--tree <folder>',
      'the kernel tree, unpacked or a git work tree, that the patch is for: changes within functions are judged',
    ),
    new Option('--base <revision>', 'with --tree: take the files of this revision, through git'),
    new Option('--range <A..B>', 'with --tree: judge these commits, without a file'),
    new Option('--bind <file>', 'with --tree: more bindings of C names to the model (JSON)'),
    new Option('--ablate', 'revert each hunk and each added or removed statement on its own, and say which of them matter'),
    new Option('--ablate-time <seconds>', 'with --ablate: what it may take beyond the judgement itself (default 120)').argParser(positive),
    new Option(
      '-s, --scenario <ids>',
      'only these scenarios, by id, separated by commas; the report names those that were not run',
    ).argParser(commaSeparated),
    new Option('--era <year>', 'the kernel that the patch is for, where its functions fit several'),
    ...limitOptions,
    backEndOption,
    workersOption,
    ...reductionOptions,
    outOption,
    ...checkpointOptions,
  ],
  examples: [
    { line: 'patch fix.mbox', does: 'as saved by a mail program or git format-patch' },
    { line: 'patch - < mail.txt', does: 'from a pipe' },
    { line: 'patch fix.mbox --tree linux', does: 'functions are taken whole from the tree, before and after the patch' },
    { line: 'patch fix.mbox --tree linux --scenario 3.4-A,2.12', does: 'only these two: quick, and says nothing of the others' },
    { line: 'patch --tree linux --range v6.12..HEAD', does: 'each commit of a branch' },
    { line: 'patch fix.mbox --tree linux --ablate', does: 'also: which of its statements carry the fix' },
    { line: 'patch fix.mbox --bounds medium --out traces', does: 'larger machines; counterexamples kept as files' },
    { line: 'patch fix.mbox --bounds large --checkpoint kept', does: 'saved every minute: mmucheck resume kept goes on' },
  ],
  schema: patchReportSchema,
  whenInterrupted: 'With --checkpoint, mmucheck resume goes on.',
  run: async ({ arguments: files, options }, terminal) => {
    const given = optionsSchema.parse(options);
    checkInputs(files, given);
    const { tree = null, base = null, range = null, bind = null, era = null, bounds: preset, checkpoint } = given;
    const reductions = reductionsOf(given);
    const ablateMs = given.ablate ? given.ablateTime * 1000 : null;
    const scenarios = given.scenario.length === 0 ? null : scenarioIds(given.scenario);
    const asked = {
      files: [...files],
      preset,
      scenarios,
      era,
      tree,
      base,
      range,
      bind,
      limits: limitsOf(given),
      reductions,
      stats: given.stats,
      ablateMs,
    };
    const out = given.out === undefined ? null : resolve(given.out);
    const kept =
      checkpoint === undefined
        ? null
        : { folder: checkpoint, everyMs: given.checkpointEvery * 1000, resume: false, out, onTrouble: troubleOn(terminal) };
    return await judgeAsked({ ...asked, out: given.out ?? null }, given, kept, terminal);
  },
  print: (report, terminal) => {
    const { sourceLines, judged } = printedWith.get(report) ?? { sourceLines: () => undefined, judged: { files: [report.file] } };
    return patchText(report, sourceLines, judged, terminal);
  },
});

/** Judges what was asked now, or, with `kept.resume`, of a judgement that was interrupted. */
export async function judgeAsked(
  asked: Omit<PatchAsked, 'mmucheck' | 'everyMs' | 'sums' | 'from'>,
  { backEnd, workers }: z.infer<typeof backEndSchema> & z.infer<typeof workersSchema>,
  kept: CheckpointRequest | null,
  terminal: Terminal,
): Promise<Answer<PatchReport>> {
  const { files, tree, base, range, bind, preset, scenarios, era, limits, reductions, stats, ablateMs, out } = asked;
  const folder =
    kept === null
      ? null
      : PatchFolder.open(kept, { files, tree, base, range, bind, preset, scenarios, era, limits, reductions, stats, ablateMs });
  const common = {
    preset,
    era,
    limits,
    ...(backEnd === undefined ? {} : { backEnd }),
    workers,
    reductions,
    stats,
    ...(scenarios === null ? {} : { scenarios }),
    ...(ablateMs === null ? {} : { ablateMs }),
    signal: terminal.signal,
    ...(folder === null ? {} : { folder }),
    onProgress: (progress: CheckProgress) => terminal.progress(progressLine(progress)),
    onViolated: tellingEarly(terminal),
  };
  const judge = () =>
    tree === null ? judgePatch({ ...common, file: files[0] ?? '-' }) : judgeTree({ ...common, files, tree, base, range, bind });
  const { report, sourceLines } = await (folder === null ? judge() : folder.within(judge));
  const judged = { files, tree, base, range, bind, scenarios };
  printedWith.set(report, { sourceLines, judged });
  if (out !== null) writeTraces(out, report.traces, (trace) => trace.property.id, sourceLines, judged);
  const all = report.series.length > 0 ? report.series : [report];
  return { report, outcomes: all.map(({ verdict }) => outcomes[verdict]) };
}

/** Which inputs go together. Throws WrongUse. */
function checkInputs(files: readonly string[], { tree, base, range, bind }: z.infer<typeof optionsSchema>): void {
  if (tree === undefined && (base !== undefined || range !== undefined))
    throw new WrongUse(`${base === undefined ? '--range' : '--base'} needs --tree: which repository?`);
  if (tree === undefined && bind !== undefined) throw new WrongUse('--bind needs --tree: without it only what the model knows is judged');
  if (tree === undefined && files.length > 1)
    throw new WrongUse('several files are a series, which is judged on a tree: give one file, or --tree');
  if (range !== undefined && files.length > 0) throw new WrongUse('--range names commits: give no file with it');
  if (range === undefined && files.length === 0)
    throw new WrongUse('which patch? Give a file, - for standard input, or --tree with --range');
  if (files.filter((file) => file === '-').length > 1) throw new WrongUse('standard input can be read once');
}
