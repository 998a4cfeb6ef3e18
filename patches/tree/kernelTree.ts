/**
 * A kernel tree as a source of files.
 *
 * In: a directory, or any function that gives files by path. Out: text by path. Never: a path outside the
 * directory, a symbolic link, a file larger than the limit; nothing in the tree is executed or written.
 */
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type KernelVersion, versionOfDirectory, versionOfMakefile } from '../bindings/version.ts';
import { printable, UnreadableInput } from '../mail/unreadable.ts';

/** The largest source file that is read, in bytes: ten times the largest that matters. */
export const sourceLimit = 4 * 1024 * 1024;

export interface KernelTree {
  /** For messages: the last part of the directory's name. */
  readonly name: string;
  /** Null if nothing in the tree tells. */
  readonly version: KernelVersion | null;
  /** The text of the file, or null if there is none. Throws `UnreadableInput` for links, paths out of the tree, and what is too large. */
  read(path: string): string | null;
}

/** Where KVM's MMU is, in the order of age; one of them makes a directory a kernel tree. */
const landmarks = ['arch/x86/kvm/mmu/mmu.c', 'arch/x86/kvm/mmu.c'];

/** The tree in `directory`. Throws `UnreadableInput` if it is not there, or has no MMU of KVM. */
export function readTree(directory: string): KernelTree {
  let root: string;
  try {
    root = realpathSync(directory);
  } catch {
    throw new UnreadableInput('missing', directory, null, 'is no directory that can be read: give the top directory of a kernel tree');
  }
  if (!statSync(root).isDirectory())
    throw new UnreadableInput('missing', directory, null, 'is no directory: give the top directory of a kernel tree');
  return treeOf(basename(root), (path) => readWithin(root, path));
}

/**
 * A tree whose files come from anywhere (a revision of a git tree, a test). `read` gives null for what is not there.
 * Throws `UnreadableInput` if it has no MMU of KVM.
 */
export function treeOf(name: string, read: (path: string) => string | null): KernelTree {
  const checked = (path: string): string | null => {
    if (!isPlainPath(path)) throw new UnreadableInput('missing', path, null, 'is no path inside a kernel tree');
    return read(path);
  };
  if (landmarks.every((path) => checked(path) === null))
    throw new UnreadableInput('missing', name, null, `has neither ${landmarks.join(' nor ')}: give the top directory of a kernel tree`);
  const makefile = checked('Makefile');
  return {
    name: printable(name, 60),
    version: (makefile === null ? null : versionOfMakefile(makefile)) ?? versionOfDirectory(name),
    read: checked,
  };
}

/** `tree` with other texts for some paths: what a patch makes of it. */
export function changedTree(tree: KernelTree, changed: ReadonlyMap<string, string>): KernelTree {
  return { ...tree, read: (path) => changed.get(path) ?? tree.read(path) };
}

/** Relative, downwards only, of ordinary characters, and nothing of git's own. */
function isPlainPath(path: string): boolean {
  return path.length < 300 && path.split('/').every((part) => /^[A-Za-z0-9_.+-]+$/.test(part) && !['.', '..', '.git'].includes(part));
}

/** Every part of the path is looked at, so that no link leads out of the tree. */
function readWithin(root: string, path: string): string | null {
  let at = root;
  for (const [index, part] of path.split('/').entries()) {
    at = join(at, part);
    const status = lstatSync(at, { throwIfNoEntry: false });
    if (status === undefined) return null;
    if (status.isSymbolicLink())
      throw new UnreadableInput('missing', path, null, 'is a symbolic link, which is not followed inside a tree');
    const last = index === path.split('/').length - 1;
    if (last ? !status.isFile() : !status.isDirectory()) return null;
    if (last && status.size > sourceLimit)
      throw new UnreadableInput(
        'too-large',
        path,
        null,
        `is larger than ${sourceLimit / 1024 / 1024} MB, as no source file of the kernel is`,
      );
  }
  return readFileSync(at, 'utf8').replaceAll('\r\n', '\n');
}
