/**
 * One edit script, judged: the mutation as a patch on the tree, and its inverse as a patch on the mutated tree.
 *
 * In: a tree, an edit. Out: a row for the table. Never: a verdict by another way than that of `mmucheck patch --tree`.
 */
import { createTwoFilesPatch } from 'diff';
import { changedTree, type KernelTree, readSeries } from '../../patches/index.ts';
import { judgeSeries } from '../patch/judgeTree.ts';
import type { PatchReport } from '../results.ts';
import { applyEdit, MisfitEdit, type TreeEdit } from './treeEdit.ts';

export interface JudgedEdit {
  readonly name: string;
  readonly tree: string;
  readonly function: string;
  readonly expected: TreeEdit['expected'];
  readonly verdict: PatchReport['verdict'] | 'misfit';
  /** Properties that hold in the tree and are violated with the mutation. */
  readonly breaks: readonly string[];
  /** What the model has not, or what was not run; why it does not fit. */
  readonly reasons: readonly string[];
  /**
   * Of the inverse, and which of `breaks` are violated with it no more (they hold, or there is no such event); null: the mutation was not
   * judged `violated`, so there is nothing to mend.
   */
  readonly inverse: { readonly verdict: PatchReport['verdict']; readonly mends: readonly string[] } | null;
  readonly asExpected: boolean;
  readonly seconds: number;
}

export interface EditRequest {
  readonly signal?: AbortSignal;
  /** Every scenario that runs the function, instead of those that are enough. */
  readonly all?: boolean;
}

export async function judgeEdit(tree: KernelTree, edit: TreeEdit, request: EditRequest = {}): Promise<JudgedEdit> {
  const start = performance.now();
  const common = { name: edit.name, tree: tree.name, function: edit.function, expected: edit.expected };
  const seconds = (): number => (performance.now() - start) / 1000;
  let texts: { before: string; after: string };
  try {
    texts = applyEdit(tree, edit);
  } catch (error) {
    if (!(error instanceof MisfitEdit)) throw error;
    const reasons = [error.message];
    return { ...common, verdict: 'misfit', breaks: [], reasons, inverse: null, asExpected: false, seconds: seconds() };
  }
  const { before, after } = texts;
  const judge = async (from: KernelTree, old: string, fresh: string): Promise<PatchReport> => {
    const patches = readSeries(edit.name, diffOf(edit.file, old, fresh));
    const series = { tree: from, revision: null, patches, notes: [] };
    const scenarios = request.all === true ? {} : { scenarios: edit.scenarios };
    const signal = request.signal === undefined ? {} : { signal: request.signal };
    return (await judgeSeries(series, { preset: 'small', era: null, ...scenarios, ...signal })).report;
  };
  const broken = await judge(tree, before, after);
  const breaks = changesIn(broken, 'breaks');
  const mended = broken.verdict === 'violated' ? await judge(changedTree(tree, new Map([[edit.file, after]])), after, before) : null;
  const inverse = mended === null ? null : { verdict: mended.verdict, mends: without(breaks, mended) };
  return {
    ...common,
    verdict: broken.verdict,
    breaks,
    reasons: reasonsOf(broken),
    inverse,
    asExpected: isAsExpected(edit, broken.verdict, breaks, inverse),
    seconds: seconds(),
  };
}

/** A patch as git writes it. */
function diffOf(path: string, before: string, after: string): string {
  const diff = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 3 }).replace(/^=+\n/, '');
  return `diff --git a/${path} b/${path}\n${diff}`;
}

function isAsExpected(
  { expected }: TreeEdit,
  verdict: PatchReport['verdict'],
  breaks: readonly string[],
  inverse: JudgedEdit['inverse'],
): boolean {
  if (verdict !== expected.verdict) return false;
  if (expected.verdict !== 'violated') return true;
  const { breaks: wanted } = expected;
  const mends = new Set(inverse?.mends);
  return wanted.every((id) => breaks.includes(id) && mends.has(id)) && inverse !== null && inverse.verdict !== 'violated';
}

function changesIn({ runs }: PatchReport, change: PatchReport['runs'][number]['properties'][number]['change']): string[] {
  const found = runs.flatMap(({ properties }) => properties.flatMap((each) => (each.change === change ? [each.id] : [])));
  return [...new Set(found)].sort();
}

function without(broken: readonly string[], report: PatchReport): string[] {
  const left = new Set([...changesIn(report, 'stays violated'), ...changesIn(report, 'breaks')]);
  return broken.filter((id) => !left.has(id));
}

function reasonsOf({ notModelled, notExercised, runs }: PatchReport): string[] {
  return [
    ...notModelled.map(({ name, why }) => `${name}: ${why}`),
    ...notExercised.map(({ line, what }) => `line ${line}: ${what}`),
    ...runs.flatMap(({ scenario, cuts }) => cuts.map((cut) => `${scenario}: ${cut}`)),
  ];
}
