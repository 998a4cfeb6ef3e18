import { describe, expect, it } from 'vitest';
import { readPatchText } from '../mail/patchText.ts';
import { treeOf } from '../tree/kernelTree.ts';
import { patchTree } from './treePatch.ts';

const mmu = 'arch/x86/kvm/mmu/mmu.c';
const asked: string[] = [];
const tree = treeOf('linux-6.1', (path) => {
  asked.push(path);
  return (
    new Map([
      [mmu, 'int a;\nint b;\nint c;\n'],
      ['x.h', 'int x;\n'],
    ]).get(path) ?? null
  );
});
const patch = (...lines: string[]) => patchTree(tree, readPatchText('p', `${lines.join('\n')}\n`));
const change = ['@@ -1,3 +1,3 @@', ' int a;', '-int b;', '+int d;', ' int c;'];
const headed = (path: string, old = path) => [`diff --git a/${old} b/${path}`, `--- a/${old}`, `+++ b/${path}`];

describe('a patch on a tree', () => {
  it('gives the tree after it, and leaves the tree before as it is', () => {
    const { before, after, files } = patch(...headed(mmu), ...change);
    expect(after.read(mmu)).toBe('int a;\nint d;\nint c;\n');
    expect(before.read(mmu)).toBe('int a;\nint b;\nint c;\n');
    expect(after.read('x.h')).toBe('int x;\n');
    expect(files.map(({ path }) => path)).toEqual([mmu]);
  });
  it('makes, removes and moves files', () => {
    const made = patch('diff --git a/n.h b/n.h', 'new file mode 100644', '--- /dev/null', '+++ b/n.h', '@@ -0,0 +1 @@', '+int n;');
    expect(made.after.read('n.h')).toBe('int n;\n');
    const gone = patch('diff --git a/x.h b/x.h', 'deleted file mode 100644', '--- a/x.h', '+++ /dev/null', '@@ -1 +0,0 @@', '-int x;');
    expect(gone.after.read('x.h')).toBeNull();
    const moved = patch(...headed('y.h', 'x.h'), '@@ -1 +1 @@', '-int x;', '+int y;');
    expect([moved.after.read('x.h'), moved.after.read('y.h')]).toEqual([null, 'int y;\n']);
  });
  it.each([
    ['a file that the tree has not', [...headed('z.c'), ...change], 'hunk 1 changes z.c, and the tree has no such file'],
    [
      'a new file that is there',
      ['--- /dev/null', '+++ b/x.h', '@@ -0,0 +1 @@', '+int n;'],
      'hunk 1 makes x.h, and the tree has that file',
    ],
    [
      'a removal of less than there is',
      [`diff --git a/${mmu} b/${mmu}`, `--- a/${mmu}`, '+++ /dev/null', '@@ -1 +0,0 @@', '-int a;'],
      'leaves lines of it',
    ],
  ])('does not apply to %s', (_what, lines, message) => {
    expect(() => patch(...lines)).toThrow(message);
  });
  it.each([
    '../secret.c',
    '/etc/secret.c',
    'a/../../secret.c',
    './x.h',
    'a//b.c',
    '~/x.c',
    'a\\b.c',
    '.git/../x.c',
    '.git/hooks/x.c',
    'a/.git/x.c',
  ])('asks for no path outside of it: %s', (path) => {
    asked.length = 0;
    expect(() => patch(...headed(path), ...change)).toThrow();
    expect(() => patch(`--- a/${path}`, '+++ /dev/null', ...change)).toThrow();
    expect(() => patch('--- /dev/null', `+++ b/${path}`, '@@ -0,0 +1 @@', '+int n;')).toThrow();
    expect(asked).toEqual([]);
  });
  it('leaves out what is no code for KVM on x86', () => {
    const paths = ['Documentation/x.rst', 'tools/x.c', 'arch/arm64/kvm/mmu.c', 'Makefile'];
    const { elsewhere, files } = patch(...paths.flatMap((path) => [...headed(path), ...change]));
    expect(files).toEqual([]);
    expect(elsewhere.map(({ what }) => what)).toEqual(['no C file', 'below tools/, no code of the kernel', 'code for arm64', 'no C file']);
  });
});
