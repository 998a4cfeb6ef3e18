import { createTwoFilesPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { kvmBindings } from '../bindings/index.ts';
import { readPatchText } from '../mail/patchText.ts';
import { treeOf } from '../tree/kernelTree.ts';
import { patchTree } from './treePatch.ts';
import { unitsOf } from './units.ts';

const path = 'arch/x86/kvm/mmu/mmu.c';
const before = `/* Top. */
#define LIMIT 3

static int first(struct kvm *kvm)
{
	int a = 1;	/* one */

#ifdef CONFIG_NOBODY_HAS_THIS
	a = 2;
#endif
	return a;
}

/* Between. */
int second(struct kvm *kvm)
{
	return 0;
}
`;
const edited = (...pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(from);
    return text.replace(from, to);
  }, before);
const units = (after: string) => {
  const diff = `diff --git a/${path} b/${path}\n${createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', { context: 1 })}`;
  const tree = treeOf('linux-6.1', (asked) => (asked === path ? before : null));
  return patchTree(tree, readPatchText('p', diff)).files.flatMap((file) => unitsOf(file, kvmBindings));
};
const shape = (after: string) =>
  units(after).map(({ hunk, by, isGap, quiet }) => [
    hunk.lines.find(({ text }) => text.trim() !== '')?.text,
    [...by],
    isGap ? 'gap' : 'function',
    quiet,
  ]);

describe('what a patch changes in a file', () => {
  it('is a function, whole, with its lines as in the file', () => {
    const [unit] = units(edited(['int a = 1;', 'int a = 5;']));
    expect(unit?.hunk.lines.map(({ kind, text, line }) => [kind[0], line, text.trim()])).toEqual([
      ['c', 4, 'static int first(struct kvm *kvm)'],
      ['c', 5, '{'],
      ['r', 6, 'int a = 1;	/* one */'],
      ['a', 6, 'int a = 5;	/* one */'],
      ['c', 7, ''],
      ['c', 8, ''],
      ['c', 9, ''],
      ['c', 10, ''],
      ['c', 11, 'return a;'],
      ['c', 12, '}'],
    ]);
    expect([unit?.isGap, unit?.quiet]).toEqual([false, null]);
  });
  it('may be several, each with the hunks that change it', () => {
    expect(
      shape(edited(['LIMIT 3', 'LIMIT 4'], ['int a = 1;', 'int a = 5;'], ['return a;', 'return a + 1;'], ['return 0;', 'return 1;'])),
    ).toEqual([
      ['/* Top. */', [1], 'gap', null],
      ['static int first(struct kvm *kvm)', [2, 3], 'function', null],
      ['int second(struct kvm *kvm)', [4], 'function', null],
    ]);
  });
  it('includes the line next to one that is removed, so that it must be run', () => {
    const text = 'int f(void)\n{\n\tone();\n\ttwo();\n\tif (x) {\n\t\tthree();\n\t}\n\treturn 0;\n}\n';
    const marks = (gone: string) => {
      const tree = treeOf('linux-6.1', (asked) => (asked === path ? text : null));
      const diff = `diff --git a/${path} b/${path}\n${createTwoFilesPatch(`a/${path}`, `b/${path}`, text, text.replace(gone, ''))}`;
      const found = patchTree(tree, readPatchText('p', diff)).files.flatMap((file) => unitsOf(file, kvmBindings));
      return found.flatMap(({ hunk }) => hunk.lines.flatMap((one) => (one.kind === 'context' ? [] : [`${one.kind} ${one.text.trim()}`])));
    };
    expect(marks('\tone();\n')).toEqual(['removed one();', 'removed two();', 'added two();']);
    expect(marks('\t\tthree();\n')).toEqual(['removed if (x) {', 'added if (x) {', 'removed three();']);
  });
  it('is nothing where only comments and blanks change', () => {
    expect(shape(edited(['/* one */', '// uno'], ['/* Between. */', '/*\n * In\n * between.\n */']))).toEqual([
      ['static int first(struct kvm *kvm)', [1], 'function', 'comments and blanks only'],
      ['/* Between. */', [2], 'gap', 'comments and blanks only'],
    ]);
  });
  it('is nothing where it is not compiled', () => {
    expect(shape(edited(['a = 2;', 'a = 3;']))).toEqual([
      ['static int first(struct kvm *kvm)', [1], 'function', 'lines that are not compiled for x86-64'],
    ]);
  });
  it('is what a changed condition lets be compiled', () => {
    const [unit] = units(edited(['#ifdef CONFIG_NOBODY_HAS_THIS', '#ifndef CONFIG_NOBODY_HAS_THIS']));
    expect(unit?.quiet).toBeNull();
    expect(unit?.hunk.lines.filter(({ kind, text }) => kind === 'added' && text.trim() !== '').map(({ text }) => text.trim())).toEqual([
      'a = 2;',
    ]);
  });
  it('is a function that comes, or goes', () => {
    expect(shape(edited(['/* Between. */\n', '/* Between. */\nint third(struct kvm *kvm)\n{\n\treturn 3;\n}\n\n']))).toEqual([
      ['int third(struct kvm *kvm)', [1], 'function', null],
      // The blank line behind it.
      [undefined, [1], 'gap', 'comments and blanks only'],
    ]);
    expect(shape(edited(['int second(struct kvm *kvm)\n{\n\treturn 0;\n}\n', '']))).toEqual([
      ['int second(struct kvm *kvm)', [1], 'function', null],
    ]);
  });
});
