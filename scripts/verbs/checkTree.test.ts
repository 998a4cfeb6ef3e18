import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../commandLine.ts';
import { recordingTerminal } from '../testing/recordingTerminal.ts';

let tree = '';
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'mmucheck-tree-'));
  mkdirSync(join(tree, 'arch/x86/kvm/mmu'), { recursive: true });
  writeFileSync(join(tree, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 8\nSUBLEVEL = 0\n');
  const body = 'if (!VALID_PAGE(root_hpa))\n\t\treturn false;\n\n\treturn is_obsolete_sp(kvm, to_shadow_page(root_hpa));';
  writeFileSync(join(tree, 'arch/x86/kvm/mmu/mmu.c'), `static bool is_obsolete_root(struct kvm *kvm, hpa_t root_hpa)\n{\n\t${body}\n}\n`);
});
afterAll(() => rmSync(tree, { recursive: true }));

async function run(...words: readonly string[]) {
  const terminal = recordingTerminal();
  const code = await runCommandLine(['check-tree', tree, ...words], terminal);
  return { code, ...terminal.printed };
}

describe('check-tree', () => {
  it('gives 0 for what holds, 3 where nothing of the tree ran', async () => {
    expect((await run('--scenario', '3.3-B')).code).toBe(0);
    const { code, out } = await run('--scenario', '3.5-D', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ verb: 'check-tree', exitCode: 3, counts: { holds: 0, notExercised: 1 } });
  });
  it('gives 3 where all that was asked for is about other versions, 2 at a limit', async () => {
    expect((await run('--scenario', '2.6')).code).toBe(3);
    const { code, out } = await run('--scenario', '3.3-B', '--states', '20');
    expect(code).toBe(2);
    expect(out).toContain('incomplete');
  });
  it('refuses what is no scenario and no tree', async () => {
    expect((await run('--scenario', '3.3-Q')).code).toBe(64);
    const terminal = recordingTerminal();
    expect(await runCommandLine(['check-tree', join(tree, 'arch')], terminal)).toBe(65);
  });
});
