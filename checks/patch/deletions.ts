/**
 * What a patch takes away, and puts nothing in its place: whether it ever ran.
 *
 * In: the files of a patch on a tree, statement counts of the runs without it. Out: the removed statements that no run executed, and the
 * removed conditions that never took one of their values: that nothing breaks without them says nothing. Never: a line that was replaced:
 * what it became is counted.
 */
import { type StatementCount, type Stmt, visitStmts } from '../../compiler/index.ts';
import type { LeftOut, TreePatch } from '../../patches/index.ts';
import { behindWarnings, type CountedRun, hasEffect, insideImplied, missing, type NotExercised } from './exercised.ts';
import { nowhere } from './leftOut.ts';

/** Lines before the patch, from 1, by path. */
export type Deletions = ReadonlyMap<string, ReadonlySet<number>>;

export function deletionsOf(files: TreePatch['files']): Deletions {
  return new Map(files.map(({ path, before, after, entries }) => [path, deletedLines(before.split('\n'), after.split('\n'), entries)]));
}

function deletedLines(
  before: readonly string[],
  after: readonly string[],
  entries: TreePatch['files'][number]['entries'],
): ReadonlySet<number> {
  const found = new Set<number>();
  let [old, fresh] = [0, 0];
  let block: { removed: number[]; adds: boolean } = { removed: [], adds: false };
  const end = (): void => {
    if (!block.adds) for (const line of block.removed) found.add(line);
    block = { removed: [], adds: false };
  };
  for (const { kind } of entries) {
    if (kind !== 'added') old += 1;
    if (kind !== 'removed') fresh += 1;
    if (kind === 'context') end();
    else if (kind === 'removed') block.removed.push(old);
    else block.adds ||= isCode(after[fresh - 1] ?? '');
  }
  end();
  return new Set([...found].filter((line) => isCode(before[line - 1] ?? '')));
}

/** No blank, and no line of a comment. */
function isCode(text: string): boolean {
  return !/^\s*(\/\*.*|\*(?:[\s/].*)?)?$/.test(text);
}

/** `runs`: without the patch, of the functions as they were. Copies of a text are added up. */
export function deletedUnrun(runs: readonly CountedRun[], deletions: Deletions): NotExercised[] {
  const found = new Map<string, { stmt: Stmt; procedure: string; counts: StatementCount[] }>();
  for (const { procedures, counts } of runs) {
    for (const procedure of procedures) {
      const behind = behindWarnings(procedure.body);
      const implied = insideImplied(procedure.body);
      visitStmts(procedure.body, (stmt) => {
        const { file, line, column } = stmt.pos;
        if (deletions.get(file)?.has(line) !== true || !hasEffect(stmt) || behind.has(stmt) || implied.has(stmt)) return;
        const key = `${file} ${line}:${column} ${stmt.kind}`;
        const known = found.get(key) ?? { stmt, procedure: procedure.name, counts: [] };
        const count = counts.get(stmt.id);
        if (count !== undefined) known.counts.push(count);
        found.set(key, known);
      });
    }
  }
  const left = new Map<string, NotExercised>();
  for (const { stmt, procedure, counts } of found.values()) {
    const { file, line } = stmt.pos;
    const why = missing(stmt, procedure, counts);
    if (why !== null) left.set(`${file} ${line} ${why}`, { file, line, what: `taken away, and before that ${why}` });
  }
  const isDeleted = ({ file, first, last }: LeftOut): boolean =>
    [...(deletions.get(file) ?? [])].some((line) => first <= line && line <= last);
  for (const one of nowhere(runs, isDeleted))
    left.set(`${one.file} ${one.line} ${one.what}`, { ...one, what: `taken away, and ${one.what}` });
  return [...left.values()];
}
