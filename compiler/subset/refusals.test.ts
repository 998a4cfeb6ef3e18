import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  array,
  bits,
  describeMachine,
  dynamicTable,
  flag,
  ghost,
  mutex,
  root,
  singletonTable,
  staticTable,
  uint,
} from '../machine/schema.ts';
import { parseSubset, parseSubsetOrThrow } from './parse.ts';
import { formatRefusal, RefusalError } from './refusal.ts';
import { type RefusalCode, refusalRules } from './refusals.ts';
import { refusalsPage } from './refusalsPage.ts';

const machine = describeMachine({
  vm: singletonTable({ mmu_lock: mutex(), generation: bits(2), zapSeen: ghost(flag()) }),
  vcpus: staticTable(2, { root: root('pages', 1) }),
  pages: dynamicTable(3, { gfn: uint(3), spt: array(bits(4), 2) }),
});
const folder = new URL('./fixtures/', import.meta.url);
const codes = Object.keys(refusalRules) as RefusalCode[];
const parse = (text: string, path = 'fixture.ts') => parseSubset([{ path, text }], { machine, constants: new Map() });
const shown = (text: string) => parse(text).diagnostics.map(formatRefusal).join('\n');

describe('refusals', () => {
  it.each(codes)('%s is provoked by its fixture, and nothing else is', (code) => {
    const text = readFileSync(new URL(`${code}.ts.txt`, folder), 'utf8');
    expect(parse(text).diagnostics.map((refusal) => refusal.code)).toEqual([code]);
  });

  it('has no fixture without a code', () => {
    expect(readdirSync(folder).sort()).toEqual(codes.map((code) => `${code}.ts.txt`).sort());
  });

  it('shows the place, the caret and what to write instead', () => {
    expect(shown("export function f(x: u32): void {\n  if (x & 1) mark('odd');\n}\n")).toMatchInlineSnapshot(`
      "fixture.ts:2:7: MM107 a condition must be a bool: u32 is not a bool
        2 |   if (x & 1) mark('odd');
          |       ^^^^^
          = Compare: x !== 0 for integers, r !== NULL for references."
    `);
  });

  it('keeps tabs, so that the caret stands under its column', () => {
    expect(shown('export function f(x: u32): void {\n\tx = nowhere;\n}\n').split('\n').slice(1, 3)).toEqual([
      '  2 | \tx = nowhere;',
      '    | \t    ^^^^^^^',
    ]);
  });

  it('shows the calls that lead to a ghost field', () => {
    expect(shown(readFileSync(new URL('MM123.ts.txt', folder), 'utf8'))).toMatchInlineSnapshot(`
      "fixture.ts:5:10: MM123 kernel code reads a ghost field: vm.zapSeen is a ghost field
        5 |   return vm.zapSeen;
          |          ^^^^^^^^^^
            in decidesByGhost (fixture.ts:1)
            calls seen (fixture.ts:2)
          = Read ghost fields in ghost blocks, monitors and predicates only."
    `);
  });

  it('shows how a ghost block comes back to itself', () => {
    expect(parse(readFileSync(new URL('MM126.ts.txt', folder), 'utf8')).diagnostics.map((refusal) => refusal.chain)).toEqual([
      ['first (fixture.ts:3)', 'second (fixture.ts:6)', 'first (fixture.ts:7)'],
    ]);
  });

  it('reports every statement that is wrong, in order, and nothing that only follows', () => {
    const text =
      'export function f(): u32 {\n  const a = nowhere;\n  const b: u32 = a;\n  return missing;\n}\nexport function g(): void { elsewhere(); }\n';
    expect(parse(text).diagnostics.map((refusal) => [refusal.pos.line, refusal.code])).toEqual([
      [2, 'MM102'],
      [4, 'MM102'],
      [6, 'MM102'],
    ]);
  });

  it('throws all of them together for those who cannot go on', () => {
    const run = (): unknown =>
      parseSubsetOrThrow([{ path: 'a.ts', text: 'export function f(): u32 { return a + b; }' }], { machine, constants: new Map() });
    expect(run).toThrow(RefusalError);
    expect(run).toThrow(/a\.ts:1:35: MM102/);
  });

  it('never fails otherwise on text that is cut off anywhere', () => {
    const text = codes.map((code) => readFileSync(new URL(`${code}.ts.txt`, folder), 'utf8')).join('');
    for (let end = 0; end < text.length; end += 7) expect(() => parse(text.slice(0, end))).not.toThrow();
  });

  it('is what docs/refusals.md lists (vitest -u writes the page)', async () => {
    await expect(refusalsPage()).toMatchFileSnapshot('../../docs/refusals.md');
  });
});
