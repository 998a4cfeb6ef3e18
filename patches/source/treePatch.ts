/**
 * A patch on a tree: its hunks applied, and what they change, with every function whole.
 *
 * In: a tree, a patch as read. Out: the tree after it, and for each file what was done to it. Never: a path outside the tree; a write.
 */
import type { Hunk, PatchText } from '../mail/patchText.ts';
import { printable, UnreadableInput } from '../mail/unreadable.ts';
import type { KernelTree } from '../tree/kernelTree.ts';
import { type AppliedFile, applyHunks, type PlacedHunk } from './applyHunks.ts';
import { type Budget, compareBudget } from './sameLine.ts';

/** A file that the patch changes. */
export interface TouchedFile extends Pick<AppliedFile, 'entries'> {
  readonly path: string;
  /** Texts on either side; empty where the file is not there. */
  readonly before: string;
  readonly after: string;
  readonly hunks: readonly Hunk[];
}
/** A hunk that is in no file that matters here. */
export interface HunkElsewhere {
  readonly hunk: Hunk;
  readonly what: string;
}
export interface TreePatch {
  readonly patch: PatchText;
  readonly before: KernelTree;
  readonly after: KernelTree;
  readonly files: readonly TouchedFile[];
  readonly elsewhere: readonly HunkElsewhere[];
  readonly placed: readonly PlacedHunk[];
}

/** More files than a patch to KVM changes. */
const fileLimit = 300;

/** Applies `patch`. Throws `UnreadableInput`: `does-not-apply` names the hunk and the place where it nearly does. */
export function patchTree(before: KernelTree, patch: PatchText, budget: Budget = { left: compareBudget }): TreePatch {
  const { file } = patch;
  const texts = new Map<string, string | null>();
  const read = (path: string): string | null => texts.get(path) ?? (texts.has(path) ? null : before.read(path));
  const files: TouchedFile[] = [];
  const elsewhere: HunkElsewhere[] = [];
  const placed: PlacedHunk[] = [];
  const groups = byFile(patch.hunks);
  if (groups.length > fileLimit)
    throw new UnreadableInput('too-large', file, null, `changes more than ${fileLimit} files: give a patch to KVM`);
  for (const hunks of groups) {
    const [first] = hunks;
    if (first === undefined) continue;
    const what = whyElsewhere(first.path);
    if (what !== null) {
      elsewhere.push(...hunks.map((hunk) => ({ hunk, what })));
      continue;
    }
    const { path, oldPath, deleted } = first;
    const own = oldPath === null ? null : read(oldPath);
    if (oldPath === null && (read(path) ?? '') !== '') throw unfit(file, first, `makes ${printable(path)}, and the tree has that file`);
    if (oldPath !== null && own === null) throw unfit(file, first, `changes ${printable(oldPath)}, and the tree has no such file`);
    const { after, entries, placed: at } = applyHunks(own ?? '', hunks, oldPath ?? path, file, budget);
    placed.push(...at);
    if (deleted && after.trim() !== '') throw unfit(file, first, `removes ${printable(path)}, and leaves lines of it that the tree has`);
    if (oldPath !== null && oldPath !== path) texts.set(oldPath, null);
    texts.set(path, deleted ? null : after);
    files.push({ path, before: own ?? '', after: deleted ? '' : after, entries, hunks });
  }
  // Paths in `texts` have been read from the tree before, which looks at each.
  return { patch, before, after: { ...before, read }, files, elsewhere, placed };
}

function unfit(file: string, { line, number }: Hunk, what: string): UnreadableInput {
  return new UnreadableInput('does-not-apply', file, line, `hunk ${number} ${what}`);
}

/** Hunks of one file together, in the order in which the files come first. */
function byFile(hunks: readonly Hunk[]): Hunk[][] {
  const groups = new Map<string, Hunk[]>();
  for (const hunk of hunks) {
    const group = groups.get(hunk.path);
    if (group === undefined) groups.set(hunk.path, [hunk]);
    else group.push(hunk);
  }
  return [...groups.values()];
}

/** Why a file has no code that runs in KVM on x86, or null if it may have. */
function whyElsewhere(path: string): string | null {
  if (!/\.[ch]$/.test(path)) return 'no C file';
  const outside = /^(Documentation|tools|samples|scripts)\//.exec(path)?.[1];
  if (outside !== undefined) return `below ${outside}/, no code of the kernel`;
  const architecture = /^arch\/([a-z0-9_]{1,20})\//.exec(path)?.[1];
  return architecture === undefined || architecture === 'x86' ? null : `code for ${architecture}`;
}
