/**
 * Patches on a kernel tree: applied one after the other, each judged against the tree as those before it leave it.
 *
 * In: a tree, or a revision of one; patches in files, or a range of commits. Out: a report for each patch, and the one that decides.
 * Never: a verdict for a patch that does not apply; the tree written, or anything of it executed.
 */
import { basename } from 'node:path';
import {
  gitRange,
  gitTree,
  type KernelTree,
  kvmBindings,
  makeBindings,
  patchTree,
  type ReadTreePatch,
  readInput,
  readSeries,
  readTree,
  readUnits,
  type SeriesPatch,
  type TreePatch,
  UnreadableInput as UnreadablePatch,
} from '../../patches/index.ts';
import { UnreadableInput } from '../errors.ts';
import type { OnePatch } from '../results.ts';
import { scenarioId } from '../select.ts';
import { partsWith } from '../tree/bindFile.ts';
import { ablate, treeSubject } from './ablation/index.ts';
import { deletionsOf } from './deletions.ts';
import type { NotExercised } from './exercised.ts';
import { type Judgement, nothingRun, type RunRequest, runAll, verdictOf } from './judgement.ts';
import { notRunIn, type PatchAnswer } from './judgePatch.ts';
import type { Sides } from './parting.ts';
import { distinct, partOf } from './parts.ts';
import { shownName } from './readPatchFile.ts';
import type { SourceLines } from './sourceLines.ts';
import { eraOfTree, type PlacedOnTree, placeOnTree, type TreeEra } from './treeSurroundings.ts';

export interface TreePatchRequest extends RunRequest {
  /** In the order of the series; `-`: standard input. Empty with a range. */
  readonly files: readonly string[];
  /** `A..B` in the git repository of the tree; null: the files. */
  readonly range: string | null;
  readonly tree: string;
  /** A revision whose files are taken; null: the files as they lie there, or what the range is based on. */
  readonly base: string | null;
  /** A file of JSON with more bindings of C names to the model; null or left out: the usual ones. */
  readonly bind?: string | null;
  /** Null: by the tree's version. */
  readonly era: string | null;
  /** Only these scenarios, by their ids; left out: all. The report says so (`selected`). */
  readonly scenarios?: readonly string[];
}

/** Patches that are read, in their order, and what the first of them is applied to. */
export interface Series {
  readonly tree: KernelTree;
  readonly revision: string | null;
  readonly patches: readonly SeriesPatch[];
  readonly notes: readonly string[];
}

/** Where patches come from, and what they are applied to. */
export type SeriesRequest = Pick<TreePatchRequest, 'files' | 'range' | 'tree' | 'base' | 'bind'>;

/** Throws UnreadableInput for what is no patch, no tree, or does not apply; WrongUse for an unknown era. */
export async function judgeTree(request: TreePatchRequest): Promise<PatchAnswer> {
  return judgeSeries(await readable(() => readAll(request)), request);
}

/** The same of what has been read. */
export async function judgeSeries(
  { tree, revision, patches, notes }: Series,
  request: Pick<TreePatchRequest, 'era' | 'scenarios' | 'bind'> & RunRequest,
): Promise<PatchAnswer> {
  const era = eraOfTree(tree.version, request.era);
  const applied = await applyAll(tree, patches);
  const reports: OnePatch[] = [];
  const ends = performance.now() + (request.ablateMs ?? 0);
  const state = {
    changed: new Map() as ReadTreePatch['changed'],
    unused: new Set() as ReadTreePatch['unused'],
    constants: new Map() as ReadonlyMap<string, number>,
  };
  for (const each of applied) {
    if (reports.length > 0 && request.signal?.aborted === true) break;
    const read = await readable(() => readWith(each, request.bind, state));
    // Of a series the time is for all of it; what one patch does not take, the next may have.
    const ablateMs = request.ablateMs === undefined ? {} : { ablateMs: Math.max(0, ends - performance.now()) };
    const { report, constants } = await judgeOne(read, era, { ...request, ...ablateMs }, state.constants);
    reports.push(report);
    state.changed = read.changed;
    state.unused = read.unused;
    state.constants = constants;
  }
  const deciding = decidingOf(reports);
  const report = reports[deciding];
  if (report === undefined) throw new UnreadableInput(`${tree.name}: there is no patch to apply`);
  const version = tree.version?.text ?? null;
  return {
    report: {
      ...report,
      notes: [...notes, ...report.notes],
      tree: { name: tree.name, revision, version, surroundings: era.sentence },
      series: reports.length > 1 ? reports : [],
    },
    sourceLines: linesOf(applied[deciding]).patched,
  };
}

/** All patches of a request, in their order, each applied to what those before it leave. Throws UnreadableInput. */
export async function readTreePatches(request: SeriesRequest): Promise<ReadTreePatch[]> {
  const { tree, patches } = await readable(() => readAll(request));
  const read: ReadTreePatch[] = [];
  for (const each of await applyAll(tree, patches))
    read.push(await readable(() => readWith(each, request.bind, read.at(-1) ?? { changed: new Map(), unused: new Set() })));
  return read;
}

/** The changed functions of both sides, with the usual bindings or with those of a file, too. */
async function readWith(
  applied: TreePatch,
  bind: string | null | undefined,
  { changed, unused }: Pick<ReadTreePatch, 'changed' | 'unused'>,
): Promise<ReadTreePatch> {
  if (bind == null) return readUnits(applied, kvmBindings, changed, unused);
  const spellings = partsWith(bind);
  return { ...(await readUnits(applied, makeBindings(spellings), changed, unused)), spellings };
}

/** All are applied before one is judged: that one does not apply is known at once. */
async function applyAll(tree: KernelTree, patches: readonly SeriesPatch[]): Promise<TreePatch[]> {
  const applied: TreePatch[] = [];
  await readable(() => {
    for (const { text } of patches) applied.push(patchTree(applied.at(-1)?.after ?? tree, text));
  });
  return applied;
}

async function readAll({ files, range, tree: directory, base }: SeriesRequest): Promise<Series> {
  if (range !== null) {
    const found = gitRange(directory, range);
    const revision = base ?? found.base.slice(0, 12);
    return { tree: gitTree(directory, base ?? found.base), revision, patches: found.patches, notes: found.notes };
  }
  const patches: SeriesPatch[] = [];
  for (const file of files) patches.push(...readSeries(shownName(file), await readInput(file)));
  return { tree: base === null ? readTree(directory) : gitTree(directory, base), revision: base, patches, notes: [] };
}

/** Refusals of the readers as the command line knows them. */
async function readable<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UnreadablePatch) throw new UnreadableInput(error.message);
    throw error;
  }
}

async function judgeOne(
  read: ReadTreePatch,
  era: TreeEra,
  request: Pick<TreePatchRequest, 'scenarios'> & RunRequest,
  constants: ReadonlyMap<string, number>,
): Promise<{ report: OnePatch; constants: ReadonlyMap<string, number> }> {
  const { patch, placed: hunksPlaced } = read.applied;
  const {
    placed,
    leftOut,
    others,
    notModelled: obstacles,
    hunks,
  } = await placeOnTree(read, { ...era, only: request.scenarios ?? null }, request.preset, constants);
  const [best] = placed;
  const notModelled = distinct(obstacles);
  const name = `${basename(patch.file)} on ${read.applied.before.name}`;
  const judgement =
    notModelled.length > 0 ? nothingRun : await runAll(placed, request, name, linesOf(read.applied), deletionsOf(read.applied.files));
  const { kept } = judgement;
  const ablation =
    request.ablateMs === undefined || kept.length === 0
      ? null
      : await ablate(treeSubject(read, constants), kept, request.ablateMs, request);
  const nothing =
    best !== undefined && placed.every(({ lowered }) => lowered.procedures.length === 0 && lowered.constants.size === constants.size);
  const neverRun = notModelled.length > 0 || nothing ? [] : neverCalled(read, judgement);
  const all = { ...judgement, notExercised: [...judgement.notExercised, ...neverRun] };
  const verdict = notModelled.length === 0 && nothing ? 'ignorable' : verdictOf(notModelled.length > 0 || best === undefined, all);
  const report: OnePatch = {
    file: patch.file,
    subject: patch.subject,
    verdict,
    era: distinct(placed.map(({ scenario }) => scenario.era)).join(', '),
    rivals: [],
    lost: [],
    hunks: hunks.map(({ parts, ...hunk }) => ({ ...hunk, parts: parts.map(partOf) })),
    notModelled: notModelled.map(({ owner: _owner, ...one }) => one),
    notExercised: [...all.notExercised.map(({ file, line, what }) => ({ path: file, line, what }))],
    runs: judgement.runs,
    notes: [
      ...patch.notes,
      ...shifted(hunksPlaced),
      ...notesOf(placed, judgement),
      ...(judgement.runs.length === 0 ? [] : notRunIn(leftOut, 'whose machine lacks')),
    ],
    traces: judgement.traces,
    ...(request.scenarios === undefined ? {} : { selected: { scenarios: [...request.scenarios], others: [...others] } }),
    ...(ablation === null ? {} : { ablation }),
  };
  return { report, constants: best?.lowered.constants ?? constants };
}

/** Changed functions that no scenario has which was run: what is not there is not counted either. */
function neverCalled({ after }: ReadTreePatch, { kept }: Judgement): NotExercised[] {
  const there = new Set(
    kept.flatMap(({ each: { lowered } }) => {
      // What is lowered inside its callers has no procedure of its own; that of another may have another name.
      return lowered.functions.flatMap(({ name, procedure, unmodelled }) => (procedure !== null || unmodelled.length === 0 ? [name] : []));
    }),
  );
  return after
    .filter(({ source }) => source.changed && !there.has(source.name))
    .map(({ source, file }) => ({ file, line: source.lines[0]?.line ?? 0, what: `${source.name}() is called in no scenario` }));
}

/** What was left out, and what the verdict could not be compared with. */
function notesOf(placed: readonly PlacedOnTree[], judgement: Judgement): string[] {
  const ignored = (placed[0]?.lowered.ignored ?? []).map(
    ({ name, pos }) => `${pos.file}:${pos.line}: ${name} has no effect that the model has`,
  );
  const unknown =
    judgement.runs.length === 0 ? [] : placed.flatMap(({ lackingBefore }) => lackingBefore.map(({ name, why }) => `${name} ${why}`));
  const [first] = unknown;
  const absent = new Map<string, { why: string; scenarios: string[] }>();
  const run = new Set(judgement.kept.map(({ each }) => each.scenario));
  for (const { scenario, elsewhere } of placed.filter((each) => run.has(each.scenario))) {
    for (const { owner = '', name, why } of elsewhere) {
      const known = absent.get(owner) ?? { why: `${name} ${why}`, scenarios: [] };
      if (!known.scenarios.includes(scenarioId(scenario))) known.scenarios.push(scenarioId(scenario));
      absent.set(owner, known);
    }
  }
  return [
    ...distinct(ignored),
    ...[...absent].map(
      ([owner, { why, scenarios }]) => `${owner}() is called by nothing in ${scenarios.join(', ')}, and left out there: ${why}`,
    ),
    ...(first === undefined ? [] : [`what it was before is not modelled, so it is compared with the model's own procedures: ${first}`]),
    ...judgement.notes,
  ];
}

/** Hunks that are not where their headers say. */
function shifted(placed: TreePatch['placed']): string[] {
  return placed.flatMap(({ hunk, line, offset, fuzz }) => {
    if (fuzz > 0) return [`hunk ${hunk} applies at line ${line} with fuzz ${fuzz}: lines of its context are others`];
    return offset === 0
      ? []
      : [`hunk ${hunk} applies at line ${line}, ${Math.abs(offset)} lines ${offset > 0 ? 'further down' : 'further up'}`];
  });
}

/** The first that breaks something; else the first of the worst verdict. */
function decidingOf(reports: readonly OnePatch[]): number {
  const order: readonly OnePatch['verdict'][] = [
    'violated',
    'ambiguous',
    'notModelled',
    'notExercised',
    'incomplete',
    'holds',
    'ignorable',
  ];
  const ranks = reports.map(({ verdict }) => order.indexOf(verdict));
  return ranks.indexOf(Math.min(...ranks));
}

function linesOf(applied: TreePatch | undefined): Sides<SourceLines> {
  const texts = (side: 'before' | 'after') => new Map((applied?.files ?? []).map((file) => [file.path, file[side].split('\n')]));
  const [without, patched] = [texts('before'), texts('after')];
  return { patched: (file) => patched.get(file), without: (file) => without.get(file) };
}
