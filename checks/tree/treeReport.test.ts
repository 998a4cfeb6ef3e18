import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { treeReport, treeReportSchema } from './treeReport.ts';

let directory = '';
const mmu = `static bool both(struct kvm *kvm, struct kvm_mmu_page *sp)
{
	return is_obsolete_sp(kvm, sp) && my_own(sp);
}
static void quiet(struct kvm *kvm)
{
	trace_nothing(kvm);
}
static int worse(int n)
{
	return n +;
}
`;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mmucheck-tree-'));
  mkdirSync(join(directory, 'arch/x86/kvm/mmu'), { recursive: true });
  writeFileSync(join(directory, 'arch/x86/kvm/mmu/mmu.c'), mmu);
  writeFileSync(join(directory, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 1\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

const bound = (text: string): string => {
  const file = join(directory, 'more.json');
  writeFileSync(file, text);
  return file;
};

describe('a tree report', () => {
  it('names each function, its status, and what it lacks first, with what to do', async () => {
    const report = treeReportSchema.parse(await treeReport({ directory, bind: null }));
    expect(report.version).toBe('6.12.1');
    expect(report.functions.map(({ name, line, status }) => [name, line, status])).toEqual([
      ['both', 1, 'unmodelled'],
      ['quiet', 5, 'ignorable'],
      ['worse', 9, 'unparsed'],
    ]);
    expect(report.functions[0]?.reason).toBe(
      'arch/x86/kvm/mmu/mmu.c:3: my_own is no function that the model has: bind it under "calls" or "meanings", or under "ignorableCalls" if it has no effect here',
    );
    expect(report.counts).toEqual({ imported: 0, ignorable: 1, unmodelled: 1, unparsed: 1 });
  });
  it('takes bindings of a file', async () => {
    const bind = bound('{ "meanings": [{ "c": ["my_own"], "params": ["sp"], "means": "(sp)->role.invalid" }] }');
    const { functions } = await treeReport({ directory, bind });
    expect(functions[0]).toMatchObject({ name: 'both', status: 'imported', engine: 'shadow', reason: null });
  });
  it('refuses what is no file of bindings, and what is no tree', async () => {
    await expect(treeReport({ directory, bind: bound('{ "meaning": [] }') })).rejects.toThrow(
      /more\.json: is no file of bindings.*meaning/,
    );
    await expect(treeReport({ directory, bind: bound('{') })).rejects.toThrow('is no file of bindings');
    await expect(
      treeReport({ directory, bind: bound('{ "attributes": ["x"], "types": [{ "c": ["bool"], "is": { "bool": true } }] }') }),
    ).rejects.toThrow('two bindings for bool');
    await expect(treeReport({ directory, bind: join(directory, 'none.json') })).rejects.toThrow('cannot be read');
    await expect(treeReport({ directory: join(directory, 'arch'), bind: null })).rejects.toThrow('give the top directory of a kernel tree');
  });
});
