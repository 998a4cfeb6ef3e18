/**
 * A small tree, written here, against the model: what is the same is told to be, and every kind of difference is shown.
 */
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { edit, mmuPath, treeFolder } from '../patch/testingTree.ts';
import type { Abstraction } from './abstractions.ts';
import { type ConformRequest, conformTree } from './conformTree.ts';
import { usualLimits } from './limits.ts';
import { conformReportSchema } from './report.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const text = `
static void mmu_page_remove_parent_pte(struct kvm *kvm, struct kvm_mmu_page *child, u64 *pte)
{
	pte_list_remove(kvm, pte, &child->parent_ptes);
}

static void forget_page(struct kvm_mmu_page *page)
{
	hlist_del(&page->hash_link);
	list_del(&page->link);
	kmem_cache_free(mmu_page_header_cache, page);
}

static void drop_parent_pte(struct kvm *kvm, struct kvm_mmu_page *child, u64 *pte)
{
	mmu_page_remove_parent_pte(kvm, child, pte);
	*pte = 0;
}

static bool is_obsolete_sp(struct kvm *kvm, struct kvm_mmu_page *page)
{
	if (page->role.invalid)
		return true;
	return page->mmu_valid_gen != kvm->arch.mmu_valid_gen;
}

static void kvm_mmu_commit_zap_page(struct kvm *kvm, struct list_head *dead)
{
	struct kvm_mmu_page *page, *next;

	if (list_empty(dead))
		return;
	kvm_flush_remote_tlbs(kvm);
	list_for_each_entry_safe(page, next, dead, link) {
		forget_page(page);
	}
}

static bool kvm_check_request(struct kvm_vcpu *vcpu, int req)
{
	return false;
}

static bool is_unsync_root(hpa_t root)
{
	return false;
}
`;

/** 2.2 zaps a page with parents and children: few states. */
async function conform(changed: string, more: Partial<ConformRequest> = {}) {
  const directory = treeFolder({ [mmuPath]: changed, Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\n' });
  folders.push(directory);
  const report = await conformTree({
    directory,
    scenarios: ['2.2'],
    only: [],
    limits: usualLimits,
    signal: new AbortController().signal,
    onProgress: () => {},
    abstractions: [],
    ...more,
  });
  return conformReportSchema.parse(report);
}
const verdicts = ({ functions }: Awaited<ReturnType<typeof conform>>) =>
  Object.fromEntries(functions.map(({ name, verdict }) => [name, verdict]));

const allSame = {
  drop_parent_pte: 'same',
  is_obsolete_sp: 'same',
  kvm_mmu_commit_zap_page: 'same',
  kvm_check_request: 'not comparable',
  is_unsync_root: 'not reached',
};
const swapped = edit(
  edit(text, '\t*pte = 0;\n', ''),
  '\tmmu_page_remove_parent_pte(kvm, child, pte);\n',
  '\t*pte = 0;\n\tmmu_page_remove_parent_pte(kvm, child, pte);\n',
);

describe('conformance', () => {
  it('tells functions that do what the model does from those that cannot be held against it', async () => {
    const report = await conform(text);
    expect(verdicts(report)).toEqual(allSame);
    for (const { verdict, entries, reason } of report.functions) {
      expect(entries > 0).toBe(verdict === 'same');
      expect(reason === null).toBe(verdict === 'same');
    }
    expect(report).toMatchObject({ version: '6.1.9', scenarios: ['2.2'], interrupted: false, unused: [] });
  });

  it('shows two writes in the other order', async () => {
    const report = await conform(swapped);
    expect(verdicts(report)).toEqual({ ...allSame, drop_parent_pte: 'differs' });
    const difference = report.functions[0]?.difference;
    expect(difference?.call).toMatch(/^drop_parent_pte\(sp: [A-F], sptep: [A-F]\.spt\[\d\]\)$/);
    expect(difference?.common).toEqual([]);
    expect(difference?.model.step).toMatch(/parent_ptes: \[.*\] -> /);
    expect(difference?.tree.step).toMatch(/\.spt\[\d\]: .* -> ---$/);
    expect(difference?.tree.at).toEqual({ file: mmuPath, line: 16 });
    expect(difference?.tree.source.find(({ line }) => line === 16)?.text).toContain('*pte = 0');
    expect(difference?.model.at.file).toMatch(/^model\/procedures\//);
    expect(difference?.state.length).toBeGreaterThan(5);
  });

  it('shows a flush that is missing, a result that is another, a write that is another', async () => {
    const quiet = await conform(edit(text, '\tkvm_flush_remote_tlbs(kvm);\n', ''));
    expect(verdicts(quiet)).toEqual({ ...allSame, kvm_mmu_commit_zap_page: 'differs' });
    const difference = quiet.functions.find(({ name }) => name === 'kvm_mmu_commit_zap_page')?.difference;
    expect(difference?.model.step).toMatch(/requests: none -> TLB_FLUSH$|calls kvm_flush_remote_tlbs/);
    expect(difference?.tree.step).toMatch(/hash|frees|link/);
    const other = await conform(edit(text, 'page->mmu_valid_gen !=', 'page->mmu_valid_gen =='));
    expect(verdicts(other)).toEqual({ ...allSame, is_obsolete_sp: 'differs' });
    const parting = other.functions.find(({ name }) => name === 'is_obsolete_sp')?.difference;
    expect([parting?.model.step, parting?.tree.step].sort()).toEqual(['returns 0', 'returns 1']);
  });

  it('takes a declared difference, and tells one that nothing needs', async () => {
    const order: Abstraction = {
      functions: ['drop_parent_pte'],
      leaves: { what: 'order', fields: ['pages.spt', 'pages.parent_ptes'] },
      because: 'nobody looks between the two, in this test',
    };
    const other: Abstraction = { ...order, leaves: { what: 'result', model: 0, tree: 1 } };
    const report = await conform(swapped, { abstractions: [order, other] });
    expect(verdicts(report)).toEqual(allSame);
    expect(report.functions[0]?.abstracted).toEqual([expect.stringContaining('drop_parent_pte: order of pages.spt, pages.parent_ptes')]);
    // A part of the scenarios does not show that nothing needs it.
    expect(report.unused).toEqual([]);
    const later = await conform(swapped, { abstractions: [{ ...order, from: '6.2' }] });
    expect(verdicts(later)).toEqual({ ...allSame, drop_parent_pte: 'differs' });
  });

  it('says `same` only if everything was tried', async () => {
    const few = await conform(text, { limits: { ...usualLimits, entries: 1 } });
    expect(verdicts(few)).toMatchObject({ is_obsolete_sp: 'incomplete' });
    expect(few.functions.find(({ name }) => name === 'is_obsolete_sp')?.reason).toBe('more than 1 states call it in 2.2');
    const cut = await conform(text, { limits: { ...usualLimits, states: 40 } });
    expect(Object.values(verdicts(cut))).not.toContain('same');
    const short = await conform(text, { limits: { ...usualLimits, statements: 3 } });
    expect(verdicts(short)).toMatchObject({ drop_parent_pte: 'incomplete' });
  });

  it('says the same of functions with too many ways to list, of which both sides are followed together', async () => {
    const followed = { limits: { ...usualLimits, ways: 0 } };
    expect(verdicts(await conform(text, followed))).toEqual(allSame);
    const report = await conform(swapped, followed);
    expect(verdicts(report)).toEqual({ ...allSame, drop_parent_pte: 'differs' });
    const difference = report.functions[0]?.difference;
    expect(difference?.common).toEqual([]);
    expect(difference?.model.step).toMatch(/parent_ptes: \[.*\] -> /);
    expect(difference?.tree.step).toMatch(/\.spt\[\d\]: .* -> ---$/);
    const other = await conform(edit(text, 'page->mmu_valid_gen !=', 'page->mmu_valid_gen =='), followed);
    expect(verdicts(other)).toEqual({ ...allSame, is_obsolete_sp: 'differs' });
    const short = await conform(text, { limits: { ...usualLimits, ways: 0, statements: 3 } });
    expect(verdicts(short)).toMatchObject({ drop_parent_pte: 'incomplete' });
  });

  it('gives what it has when it is interrupted', async () => {
    const abort = new AbortController();
    const report = await conform(text, { scenarios: ['2.2', '3.3-B'], signal: abort.signal, onProgress: () => abort.abort() });
    expect(report).toMatchObject({ interrupted: true, scenarios: [] });
  });

  it('refuses unknown names', async () => {
    await expect(conform(text, { only: ['drop_parent'] })).rejects.toThrow(/unknown function of the tree "drop_parent"; .*drop_parent_pte/);
    await expect(conform(text, { scenarios: ['9.9'] })).rejects.toThrow(/unknown scenario/);
    expect(verdicts(await conform(text, { only: ['is_obsolete_sp'] }))).toEqual({ is_obsolete_sp: 'same' });
  });
});
