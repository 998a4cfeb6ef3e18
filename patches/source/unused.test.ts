import { describe, expect, it } from 'vitest';
import { readPatchText } from '../mail/patchText.ts';
import type { TreeContents } from '../tree/functions.ts';
import { unusedOf } from './unused.ts';

const path = 'arch/x86/kvm/mmu/mmu.c';
const fn = (name: string, text: string) => ({ name, text, path }) as unknown as TreeContents['functions'][number];
const head = (file: string) => [`--- a/${file}`, `+++ b/${file}`, '@@ -1 +1,2 @@', ' int x;'];

function unused(names: string[], functions: TreeContents['functions'], added = '+int y;', file = path, macro = ''): string[] {
  const contents = { functions, macros: new Map([['M', { name: 'M', body: macro }]]) } as unknown as TreeContents;
  const patch = readPatchText('p', [...head(file), added, ''].join('\n'));
  return [...unusedOf(new Set(names), contents, { patch } as never)].sort();
}

describe('functions that a patch adds', () => {
  const [a, b, c] = [
    fn('a', 'int a(void) { return b(); }'),
    fn('b', 'int b(void) { return a(); }'),
    fn('c', 'int c(void) { return b2(); }'),
  ];
  it('are not used by one another', () => {
    expect(unused(['a', 'b'], [a, b, c])).toEqual(['a', 'b']);
  });
  it('are used where somebody else mentions one of them, and so are those that it calls', () => {
    expect(unused(['a', 'b'], [a, b, fn('d', 'int d(void) { return a(); }')])).toEqual([]);
  });
  it('are used by macros, and by lines of files that are not read', () => {
    expect(unused(['a'], [a, c], '+int y;', path, 'a()')).toEqual([]);
    expect(unused(['a'], [a, c], '+\ta();', 'arch/x86/kvm/vmx/vmx.c')).toEqual([]);
  });
  it('may be named by a macro', () => {
    const made = fn('FNAME(walk)', 'int FNAME(walk)(void) { return 0; }');
    expect(unused(['FNAME(walk)'], [made, c])).toEqual(['FNAME(walk)']);
    expect(unused(['FNAME(walk)'], [made, fn('FNAME(all)', 'int FNAME(all)(void) { return FNAME(walk)(); }')])).toEqual([]);
  });
});
