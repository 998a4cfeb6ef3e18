import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kvmBindings } from '../bindings/index.ts';
import { isWithin, versionOfDirectory, versionOfMakefile } from '../bindings/version.ts';
import { fileContents, treeContents } from './functions.ts';
import { changedTree, readTree, treeOf } from './kernelTree.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mmucheck-tree-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const mmu = 'arch/x86/kvm/mmu/mmu.c';

describe('a tree', () => {
  it('is a directory with an MMU of KVM', () => {
    expect(() => readTree(join(folder, 'missing'))).toThrow('is no directory that can be read');
    expect(() => readTree(folder)).toThrow('give the top directory of a kernel tree');
    put('arch/x86/kvm/mmu.c', 'int old;');
    expect(readTree(folder).read('arch/x86/kvm/mmu.c')).toBe('int old;');
  });
  it('tells its version from the Makefile', () => {
    put(mmu, '');
    expect(readTree(folder).version).toBeNull();
    put('Makefile', '# SPDX\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 95\nEXTRAVERSION =\n');
    expect(readTree(folder).version).toEqual({ major: 6, minor: 12, text: '6.12.95', from: 'Makefile' });
  });
  it('gives nothing from outside', () => {
    put(mmu, '');
    const tree = readTree(folder);
    for (const path of ['../x', '/etc/passwd', 'arch/../../x', 'arch//x', './x', ''])
      expect(() => tree.read(path)).toThrow('is no path inside');
    expect(tree.read('arch/x86')).toBeNull();
  });
  it('follows no link, neither of a file nor of a folder', () => {
    put(mmu, '');
    symlinkSync('/etc/passwd', join(folder, 'link'));
    symlinkSync('/etc', join(folder, 'virt'));
    const tree = readTree(folder);
    expect(() => tree.read('link')).toThrow('is a symbolic link');
    expect(() => tree.read('virt/passwd')).toThrow('is a symbolic link');
  });
  it('can be changed without being written to', () => {
    const tree = treeOf('linux-6.1', (path) => (path === mmu ? 'int a;' : null));
    expect(changedTree(tree, new Map([[mmu, 'int b;']])).read(mmu)).toBe('int b;');
    expect([tree.read(mmu), tree.version?.text]).toEqual(['int a;', '6.1']);
  });
});

describe('versions', () => {
  it('are read from names', () => {
    expect(versionOfDirectory('linux-source-6.12')?.text).toBe('6.12');
    expect(versionOfDirectory('linux-5.10.209')).toMatchObject({ major: 5, minor: 10 });
    expect(versionOfDirectory('linux')).toBeNull();
    expect(versionOfMakefile('all:\n')).toBeNull();
  });
  it('lie in spans', () => {
    const v = (text: string) => versionOfDirectory(text) ?? { major: 0, minor: 0 };
    expect(isWithin(v('6.12'), { from: '6.11' })).toBe(true);
    expect(isWithin(v('6.1'), { until: '6.10' })).toBe(true);
    expect(isWithin(v('6.1.192'), { from: '5.18', until: '6.0' })).toBe(false);
  });
});

describe('functions of a file', () => {
  const text = [
    '#define each(x) for (x = 0; x; x++)',
    '#ifdef CONFIG_X86_32',
    'static int other(void) { return 0; }',
    '#endif',
    'static __always_inline bool one(struct kvm *kvm,',
    '\t\t\t\tint a)',
    '\t__must_hold(&kvm->mmu_lock)',
    '{',
    '\treturn a;',
    '}',
    'static int FNAME(two)(u64 *p)',
    '{',
    '#ifdef CONFIG_X86_64',
    '\treturn 1;',
    '#else',
    '\treturn 2; }',
    '#endif',
    '}',
  ].join('\n');
  it('are found with their places; nothing moves', () => {
    const { functions, macros } = fileContents('a.c', text, kvmBindings);
    expect(functions.map(({ name, firstLine, lastLine, signature }) => [name, firstLine, lastLine, signature])).toEqual([
      ['one', 5, 10, 'static bool one(struct kvm *kvm, int a)'],
      ['FNAME_two', 11, 18, 'static int FNAME_two(u64 *p)'],
    ]);
    expect(functions[0]?.lines[4]?.text).toBe('\treturn a;');
    expect(macros).toEqual([{ name: 'each', params: ['x'], body: 'for (x = 0; x; x++)', path: 'a.c', line: 1 }]);
  });
  it('of files that hold more are chosen by name', () => {
    const main = 'void kvm_flush_remote_tlbs(struct kvm *kvm) {}\nvoid kvm_vcpu_stats(void) {}\n';
    const tree = treeOf('x', (path) => (path === mmu ? text : path === 'virt/kvm/kvm_main.c' ? main : null));
    expect(treeContents(tree, kvmBindings).functions.map(({ name }) => name)).toEqual(['one', 'FNAME_two', 'kvm_flush_remote_tlbs']);
  });
});
