/**
 * All edit scripts on all trees that are at hand, and the table of them.
 *
 * In: directories of trees. Out: rows, in the order of the edits. Never: a tree that no edit is for passed over in silence.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTree, UnreadableInput as UnreadableText } from '../../patches/index.ts';
import { UnreadableInput, unknownName, WrongUse } from '../errors.ts';
import { treeEdits } from './edits/index.ts';
import { type EditRequest, type JudgedEdit, judgeEdit } from './judgeEdit.ts';

export interface RegressRequest extends EditRequest {
  /** Directories, each a tree or a folder of trees named `linux-…`. */
  readonly trees: readonly string[];
  /** Only edits of these names; empty: all. */
  readonly only: readonly string[];
  /** Only each n-th of those that are for a tree: a sample of all subjects. Default 1. */
  readonly every?: number;
  readonly onJudged?: (row: JudgedEdit) => void;
}

/** Throws WrongUse for an unknown name or a tree that no edit is for, UnreadableInput for what is no tree. */
export async function runEdits({ trees, only, every = 1, onJudged, ...request }: RegressRequest): Promise<readonly JudgedEdit[]> {
  const names = treeEdits.map(({ name }) => name);
  for (const name of only) if (!names.includes(name)) throw unknownName('edit', name, names);
  const rows: JudgedEdit[] = [];
  for (const directory of trees.flatMap(treesAt)) {
    const tree = read(directory);
    const version = tree.version === null ? null : `${tree.version.major}.${tree.version.minor}`;
    const own = treeEdits.filter((edit) => version !== null && edit.trees.includes(version));
    if (own.length === 0) throw new WrongUse(`${directory}: there is no edit for ${version ?? 'a tree that does not tell its version'}`);
    for (const [index, edit] of own.entries()) {
      if (index % every !== 0) continue;
      if (only.length > 0 && !only.includes(edit.name)) continue;
      if (request.signal?.aborted === true) return rows;
      const row = await judgeEdit(tree, edit, request);
      rows.push(row);
      onJudged?.(row);
    }
  }
  return rows;
}

function treesAt(directory: string): readonly string[] {
  if (!existsSync(directory) || existsSync(join(directory, 'arch'))) return [directory];
  const inside = readdirSync(directory).filter((name) => name.startsWith('linux-') && existsSync(join(directory, name, 'arch')));
  return inside.length === 0 ? [directory] : inside.sort().map((name) => join(directory, name));
}

function read(directory: string) {
  try {
    return readTree(directory);
  } catch (error) {
    if (error instanceof UnreadableText) throw new UnreadableInput(error.message);
    throw error;
  }
}
