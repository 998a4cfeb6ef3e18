/**
 * For tests: kernel trees that are unpacked somewhere on this machine, named by MMUCHECK_TREES: directories separated by colons, each a tree or
 * a folder of `linux-source-…`. Nothing of them is part of this repository.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Top directories of all trees that there are; empty if the variable is not set. */
export function treeDirectories(): readonly string[] {
  return (process.env['MMUCHECK_TREES'] ?? '').split(':').flatMap((directory) => {
    if (directory === '' || !existsSync(directory) || !statSync(directory).isDirectory()) return [];
    if (existsSync(join(directory, 'arch', 'x86', 'kvm'))) return [directory];
    return readdirSync(directory)
      .filter((name) => name.startsWith('linux-'))
      .sort()
      .map((name) => join(directory, name))
      .filter((path) => existsSync(join(path, 'arch', 'x86', 'kvm')));
  });
}
