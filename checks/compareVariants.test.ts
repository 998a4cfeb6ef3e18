import { describe, expect, it } from 'vitest';
import { compareVariants } from './compareVariants.ts';
import type { CompareReport } from './results.ts';

const compare = (scenario: string, a: string, b: string, ...properties: string[]): Promise<CompareReport> =>
  compareVariants({ scenario, variants: [a, b], properties, preset: 'small' });
const only = async (...words: Parameters<typeof compare>) => (await compare(...words)).comparisons[0];

describe('two variants of a scenario', () => {
  it('part where the posted loop asks about the current root', async () => {
    const found = await only('3.3-B', 'posted', 'fixed', 'I-10');
    expect(found).toMatchObject({
      property: 'I-10',
      a: { verdict: 'violated', steps: 7 },
      b: { verdict: 'holds', steps: null },
      bViolatesHere: false,
    });
    expect(found?.parting).toMatchObject({ step: 7, process: 0, title: 'vCPU 0' });
    expect(found?.parting?.first.a).toMatchObject({ procedure: '__kvm_mmu_free_obsolete_roots', text: 'reads root_mmu.root.hpa (B)' });
    expect(found?.parting?.first.b).toMatchObject({
      procedure: '__kvm_mmu_free_obsolete_roots',
      text: 'reads root_mmu.prev_roots[0].hpa (A)',
    });
    expect([found?.parting?.tests.a?.text, found?.parting?.tests.b?.text]).toEqual(['the test is false', 'the test is true']);
    expect(found?.parting?.first.a?.source).toContain('is_obsolete_root');
    expect(found?.parting?.why.join(' ')).toContain('the branch goes the other way');
    expect(found?.parting?.state).toContainEqual({ name: 'root_mmu.prev_roots[0].hpa', a: 'A', b: 'none' });
  });

  it('part by what was decided in an earlier step, which is told', async () => {
    const found = await only('3.3-B', 'posted', 'fixed', 'I-36');
    expect(found?.parting?.step).toBe(8);
    expect(found?.parting?.why[0]).toBe('It begins at step 7, where others cannot see it yet.');
    expect(found?.parting?.first.b?.procedure).toBe('__kvm_mmu_free_obsolete_roots');
  });

  it('part by the first of several steps in which they looked at other things: C1', async () => {
    const found = await only('3.3-A', 'posted', 'fixed', 'I-04');
    expect(found?.parting?.first).toMatchObject({
      a: { procedure: '__kvm_mmu_free_obsolete_roots', text: 'reads root_mmu.root.hpa (none)' },
      b: { procedure: '__kvm_mmu_free_obsolete_roots', text: 'reads root_mmu.prev_roots[0].hpa (A)' },
    });
    expect(found?.parting?.effect.b?.text).toBe('writes A.root_count: 1 -> 0');
  });

  it('part by the order of two writes', async () => {
    const found = await only('3.3-E', 'order', 'fixed', 'I-11');
    expect(found?.parting?.effect).toMatchObject({
      a: { text: 'writes vcpu.requests: none -> MMU_FREE_OBSOLETE_ROOTS' },
      b: { text: 'writes A.role.invalid: 0 -> 1' },
    });
  });

  it('part by a lock that one of them drops', async () => {
    const found = await only('3.5-A', 'counter', 'base', 'I-20');
    expect(found?.b.verdict).toBe('holds');
    expect(found?.parting?.effect.a?.text).toContain('drops mmu_lock');
  });

  it('part where only the checker sees it, by what the hardware has held since an earlier step', async () => {
    const found = await only('3.4-A', 'unflushed', 'v6.12', 'I-17');
    expect(found?.parting?.why[0]).toMatch(
      /^Since step \d+ \(dirty log\) vcpu\.tlbWritable has been gfn 0\|gfn 1 in unflushed and none in v6\.12\.$/,
    );
  });

  it('violate the same thing: where they end is compared', async () => {
    const found = await only('3.3-B', 'base', 'posted', 'I-36');
    expect([found?.a.verdict, found?.b.verdict]).toEqual(['violated', 'violated']);
    expect(found?.bViolatesHere).not.toBeNull();
    expect(found?.ending).toBeDefined();
  });

  it('say so where the first holds: there is nothing to take', async () => {
    expect((await compare('3.3-B', 'fixed', 'posted')).comparisons).toEqual([]);
    expect(await only('3.3-B', 'fixed', 'posted', 'I-10')).toMatchObject({
      a: { verdict: 'holds' },
      b: { verdict: 'violated' },
      parting: null,
    });
  });

  it('take faults, too', async () => {
    const found = await only('3.3-G', 'untested', 'fixed', 'fault:nullDereference');
    expect(found).toMatchObject({ a: { verdict: 'violated' }, b: { verdict: 'holds' }, bViolatesHere: false });
    expect(found?.parting).not.toBeNull();
  });

  it.each([
    [['posted'], [], 'one was'],
    [['base', 'posted', 'fixed'], [], '3 were'],
    [['posted', 'nobody'], [], 'unknown variant'],
    [['posted', 'fixed'], ['I-99'], 'unknown property'],
    [['posted', 'fixed'], ['I-20'], 'does not check I-20'],
  ])('refuse %j %j', async (variants, properties, message) => {
    await expect(compareVariants({ scenario: '3.3-B', variants, properties, preset: 'small' })).rejects.toThrow(message);
  });
});
