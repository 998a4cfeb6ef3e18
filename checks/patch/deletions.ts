/**
 * What a patch takes away, and puts nothing in its place: whether it ever ran.
 *
 * In: the files of a patch on a tree, statement counts of the runs without it. Out: the removed statements that no run executed, and the
 * removed conditions that never took one of their values: that nothing breaks without them says nothing. Never: a line that was replaced:
 * what it became is counted; but a condition in the place of which there is none counts as taken away.
 */
import { type StatementCount, type Stmt, visitStmts } from '../../compiler/index.ts';
import type { LeftOut, TreePatch } from '../../patches/index.ts';
import { behindWarnings, type CountedRun, hasEffect, insideImplied, missing, type NotExercised } from './exercised.ts';
import { nowhere } from './leftOut.ts';

/** Lines before the patch, from 1: those that have no others in their place, and those whose conditions have none. */
export interface DeletedLines {
  readonly lines: ReadonlySet<number>;
  readonly conditions: ReadonlySet<number>;
}
/** By path. */
export type Deletions = ReadonlyMap<string, DeletedLines>;

export function deletionsOf(files: TreePatch['files']): Deletions {
  return new Map(files.map(({ path, before, after, entries }) => [path, deletedLines(before.split('\n'), after.split('\n'), entries)]));
}

function deletedLines(before: readonly string[], after: readonly string[], entries: TreePatch['files'][number]['entries']): DeletedLines {
  const [lines, conditions] = [new Set<number>(), new Set<number>()];
  let [old, fresh] = [0, 0];
  let block: { removed: number[]; added: string[] } = { removed: [], added: [] };
  const end = (): void => {
    for (const line of block.removed) {
      if (block.added.length === 0) lines.add(line);
      else if (!block.added.some(hasCondition)) conditions.add(line);
    }
    block = { removed: [], added: [] };
  };
  for (const { kind } of entries) {
    if (kind !== 'added') old += 1;
    if (kind !== 'removed') fresh += 1;
    if (kind === 'context') end();
    else if (kind === 'removed') block.removed.push(old);
    else if (isCode(after[fresh - 1] ?? '')) block.added.push(after[fresh - 1] ?? '');
  }
  end();
  const ofCode = (found: ReadonlySet<number>): ReadonlySet<number> => new Set([...found].filter((line) => isCode(before[line - 1] ?? '')));
  return { lines: ofCode(lines), conditions: ofCode(conditions) };
}

/** Whether a condition may be in it, by its words. */
function hasCondition(text: string): boolean {
  return /\b(if|for|while|switch|case)\b|for_each|[?]|&&|\|\|/.test(text);
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
        const deleted = deletions.get(file);
        const isGone = deleted?.lines.has(line) === true || (stmt.kind === 'if' && deleted?.conditions.has(line) === true);
        if (!isGone || !hasEffect(stmt) || behind.has(stmt) || implied.has(stmt)) return;
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
    [...(deletions.get(file)?.lines ?? [])].some((line) => first <= line && line <= last);
  for (const one of nowhere(runs, isDeleted))
    left.set(`${one.file} ${one.line} ${one.what}`, { ...one, what: `taken away, and ${one.what}` });
  return [...left.values()];
}
