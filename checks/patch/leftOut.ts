/**
 * What a patch does to statements that no machine took: lowering leaves out what a machine never reaches and has not the means for.
 *
 * In: the lowered functions of all runs, and what was left out of them. Out: changed statements that nothing was made of in any run. Never: one that
 * a run has; whether that was executed is counted.
 */
import { type Procedure, type Stmt, visitStmts } from '../../compiler/index.ts';
import { type Ignored, type LeftOut, leftOutMark } from '../../patches/index.ts';

/** The functions of one run. */
export interface LoweredRun {
  readonly procedures: readonly Procedure[];
  readonly leftOut?: readonly LeftOut[];
  /** What has no effect that the model has: nothing is made of it anywhere, and nothing need be. */
  readonly ignored?: readonly Ignored[];
}

/** `isChanged`: whether the patch is about it. */
export function nowhere(runs: readonly LoweredRun[], isChanged: (one: LeftOut) => boolean): { file: string; line: number; what: string }[] {
  const open = runs.flatMap(({ leftOut = [] }) => leftOut.filter(isChanged));
  if (open.length === 0) return [];
  const there = new Map<string, Set<number>>();
  const note = ({ file, line }: Stmt['pos']): void => void there.set(file, (there.get(file) ?? new Set()).add(line));
  for (const { procedures, ignored = [] } of runs) {
    for (const { body } of procedures) visitStmts(body, ({ pos }) => note(pos));
    for (const { name, pos } of ignored) if (!name.endsWith(leftOutMark)) note(pos);
  }
  const isThere = ({ file, first, last }: LeftOut): boolean => [...(there.get(file) ?? [])].some((line) => first <= line && line <= last);
  const left = new Map(open.filter((one) => !isThere(one)).map((one) => [`${one.file} ${one.first}`, one]));
  return [...left.values()].map(({ file, first }) => ({
    file,
    line: first,
    what: 'in a branch that none of these machines ever takes, and of which they have not all',
  }));
}
