import { describe, expect, it } from 'vitest';
import { scenarios } from '../../model/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { touchedBy } from './touched.ts';

describe('what a procedure can touch', () => {
  const scenario = scenarios.find(({ name }) => name === '2.2');
  const variant = scenario?.variants.find(({ replacing }) => replacing.length === 0);
  if (scenario === undefined || variant === undefined) throw new Error('no scenario 2.2');
  const { procedures } = describeSystem({ scenario, variant, preset: 'small', properties: new Set() });

  it('is what it reads, writes, locks and lists, and what all that it calls do', () => {
    expect([...touchedBy(['is_obsolete_sp'], procedures).fields].sort()).toEqual([
      'pages.mmu_valid_gen',
      'pages.role.invalid',
      'vm.mmu_valid_gen',
    ]);
    const commit = touchedBy(['kvm_mmu_commit_zap_page'], procedures);
    for (const field of ['lists.entries', 'pages.role.invalid', 'pages.root_count', 'vcpus.requests', 'vcpus.mode'])
      expect(commit.fields).toContain(field);
    expect(commit.tables).toContain('pages');
    expect(commit.fields).not.toContain('mmus.root.pgd');
  });
});
