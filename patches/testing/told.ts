/**
 * What is told of one edit of one function, as a patch to a tree that has nothing else.
 */
import { createTwoFilesPatch } from 'diff';
import { kvmBindings } from '../bindings/index.ts';
import { readPatchText } from '../mail/patchText.ts';
import { readUnits } from '../source/readUnits.ts';
import { patchTree } from '../source/treePatch.ts';
import { treeOf } from '../tree/kernelTree.ts';

const path = 'arch/x86/kvm/mmu/mmu.c';

/** Names and lines of what a patch that puts `to` in the place of `from` cannot be judged for. Throws Error if `from` is not in `before`. */
export async function toldOf(before: string, from: string, to: string): Promise<[string, number][]> {
  if (!before.includes(from)) throw new Error(from);
  const after = before.replace(from, to);
  const diff = `diff --git a/${path} b/${path}\n${createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 3 })}`;
  const tree = treeOf('linux-6.12', (asked) => (asked === path ? before : null));
  const { units } = await readUnits(patchTree(tree, readPatchText('p', diff)), kvmBindings);
  return units.flatMap(({ problems }) => problems.map(({ name, line }): [string, number] => [name, line]));
}
