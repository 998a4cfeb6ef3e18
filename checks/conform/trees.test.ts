/**
 * Real kernel trees, where MMUCHECK_TREES names some; without them these tests are skipped, and say so.
 */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedTree, type KernelTree, readTree } from '../../patches/index.ts';
import { treeDirectories } from '../../patches/testing/trees.ts';
import { conformTree } from './conformTree.ts';
import { usualLimits } from './limits.ts';

const directories = treeDirectories();
// A list without entries would make no test at all: that they are skipped is to be seen.
if (directories.length === 0) describe.skip('kernel trees (set MMUCHECK_TREES)', () => it('are not there', () => {}));

async function verdicts(tree: KernelTree, scenario: string, only: readonly string[]) {
  const { functions } = await conformTree({
    directory: tree,
    scenarios: [scenario],
    only,
    limits: usualLimits,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  return Object.fromEntries(functions.map(({ name, verdict }) => [name, verdict]));
}
const all = (names: readonly string[], verdict: string) => Object.fromEntries(names.map((name) => [name, verdict]));

describe.each(directories.map((directory) => [basename(directory), directory] as const))('%s', (_, directory) => {
  it('does what the model does where pages are zapped, and is told where it no longer does', async () => {
    const names = ['drop_parent_pte', 'is_obsolete_sp', 'kvm_mmu_commit_zap_page', 'kvm_mmu_page_unlink_children'];
    const tree = readTree(directory);
    expect(await verdicts(tree, '2.2', names)).toEqual(all(names, 'same'));
    const path = 'arch/x86/kvm/mmu/mmu.c';
    const text = tree.read(path) ?? '';
    const whole = /^static void drop_parent_pte\([\s\S]*?^}$/m.exec(text)?.[0] ?? '';
    const swapped = whole.replace(/(\tmmu_page_remove_parent_pte\([^;]*;\n)(\tmmu_spte_clear_no_track\([^;]*;\n)/, '$2$1');
    expect(swapped).not.toBe(whole);
    const broken = changedTree(tree, new Map([[path, text.replace(whole, swapped)]]));
    expect(await verdicts(broken, '2.2', names)).toEqual({ ...all(names, 'same'), drop_parent_pte: 'differs' });
  });

  it('is told where it lacks a lock or a yield', async () => {
    const tree = readTree(directory);
    const edited = (path: string, name: string, from: RegExp, to: string): KernelTree => {
      const text = tree.read(path) ?? '';
      const start = text.search(new RegExp(`^[a-z].*\\b${name}\\([^;{}]*\\)\\n\\{`, 'm'));
      const end = text.indexOf('\n}\n', start);
      const whole = text.slice(start, end);
      expect(whole.replace(from, to)).not.toBe(whole);
      return changedTree(tree, new Map([[path, text.slice(0, start) + whole.replace(from, to) + text.slice(end)]]));
    };
    const lacking = async (only: string, scenario: string, from: RegExp, to: string, path = 'arch/x86/kvm/mmu/tdp_mmu.c') =>
      (await verdicts(edited(path, only, from, to), scenario, [only]))[only];
    const section = /write_lock\([^;]*;\s*(mmu_sync_children[^;]*;)\s*write_unlock\([^;]*;/;
    expect(await lacking('kvm_mmu_sync_roots', '2.22-link', section, '$1', 'arch/x86/kvm/mmu/mmu.c')).toBe('differs');
    expect(await lacking('tdp_mmu_iter_cond_resched', '3.5-A-yield', /if \(shared\)\s[^;]*;\s*else\s[^;]*;/, '')).toBe('differs');
    expect(await lacking('tdp_mmu_zap_leafs', '3.5-A-yield', /if \(can_yield &&/, 'if (false && can_yield &&')).toBe('differs');
  }, 180_000);

  it('does what the model does where huge pages are split', async () => {
    const names = ['kvm_tdp_mmu_zap_sp', 'tdp_mmu_next_root', 'tdp_mmu_split_huge_page', 'tdp_mmu_split_huge_pages_root'];
    expect(await verdicts(readTree(directory), '3.4-C', names)).toEqual(all(names, 'same'));
  });
});
