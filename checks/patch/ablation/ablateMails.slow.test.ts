/** Each piece of the mails of 2020 and 2021 reverted on its own. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { haveSeeds, seed } from '../../../patches/testing/seeds.ts';
import { judgePatch } from '../judgePatch.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-ablate-'));

describe.skipIf(!haveSeeds)('pieces of the mails', { timeout: 600_000 }, () => {
  const piecesOf = async (name: 'recursion2020' | 'obsoleteRoots2021', scenarios: readonly string[]) => {
    const { text } = seed(name);
    const file = join(folder, `${name}.txt`);
    writeFileSync(file, text);
    const { report } = await judgePatch({ file, preset: 'small', era: null, scenarios, ablateMs: 3_000_000 });
    return (kind: string, part: string): unknown => {
      const found = report.ablation?.pieces.filter((piece) => piece.kind === kind && piece.text.startsWith(part));
      return found?.map(({ verdict, effects }) => [
        verdict,
        ...new Set(effects.filter(({ effect }) => effect === verdict).map(({ id }) => id)),
      ]);
    };
  };

  it('of 2020: the zap of children without a parent carries the fix, the test of tdp_enabled keeps the rest', async () => {
    const piece = await piecesOf('recursion2020', ['3.2-A', '3.2-B-shadow']);
    expect(piece('statement', 'if (!child_sp->parent_ptes.val)')).toEqual([['fix', 'I-28']]);
    expect(piece('statement', 'if (!tdp_enabled)')).toEqual([['needed', 'I-37']]);
    expect(piece('statement', 'if (WARN_ON_ONCE(!child_sp))')).toEqual([['nothing']]);
    expect(piece('statement', 'mmu_page_zap_pte(')).toEqual([['needed', 'fault:useAfterFree']]);
    expect(piece('statement', 'return zapped;')).toEqual([['notJudged']]);
  });

  it('of 2021: the test of the current root keeps valid ones, the test in the loop leaves obsolete ones', async () => {
    const piece = await piecesOf('obsoleteRoots2021', ['3.3-C']);
    // The same words twice: for the current root, and in the loop over the others.
    expect(piece('condition', 'if (is_obsolete_root(vcpu, mmu->root_hpa))')).toEqual([['fix', 'I-35'], ['nothing']]);
    expect(piece('statement', 'if (is_obsolete_root(vcpu, mmu->root_hpa))')).toEqual([
      ['needed', 'I-04', 'I-10'],
      ['defect', 'I-36'],
    ]);
    expect(piece('statement', 'for (')).toEqual([['defect', 'I-36']]);
    expect(piece('statement', 'sp = to_shadow_page(root_hpa);')).toEqual([['fix', 'I-35']]);
  });
});
