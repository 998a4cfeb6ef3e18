import { describe, expect, it } from 'vitest';
import { scenarios } from '../../model/index.ts';
import { versionOfDirectory } from '../../patches/index.ts';
import { describeSystem } from '../describeSystem.ts';
import { scenarioId } from '../select.ts';
import { variantForTree } from './treeVariants.ts';

const chosen = (version: string, has: readonly string[] = []): [string, string][] =>
  scenarios.map((scenario) => {
    const found = variantForTree(scenario, versionOfDirectory(`linux-${version}`), new Set(has));
    return [scenarioId(scenario), 'otherVersions' in found ? found.otherVersions : found.name];
  });
const of = (version: string, ...has: readonly string[]) => new Map(chosen(version, has));

describe('the variant that goes with a tree', () => {
  it('is of its version', () => {
    expect([...of('6.12')].filter(([, name]) => name.includes('it is about'))).toEqual([]);
    expect(of('6.12').get('2.12')).toBe('v6.12');
    expect(of('6.12').get('3.2-C')).toBe('both');
    expect(of('6.8').get('2.12')).toBe('v6.12 + v68Load');
    expect(of('6.1').get('3.4-A')).toBe('v5.18');
    expect(of('6.1').get('3.4-E')).toBe('merged + allocNowait + splitNowait + allocYielding');
    expect(of('6.1').get('3.4-E-boundary')).toBe('v5.18 + allocNowait + splitNowait + allocYielding');
    expect(of('6.1').get('2.6')).toBe('it is about 6.11 and later');
  });
  it('follows what was backported, by what the tree has', () => {
    expect(of('6.1').get('2.12')).toBe('v6.12 + v68Load');
    expect(of('6.1', 'tdp_mmu_schedule_zap_root').get('2.12')).toBe('v6.12 + v68Load + v63Roots');
  });
  it('violates nothing by itself, but for what is known of kernels', () => {
    const known = scenarios.flatMap((scenario) => {
      const found = variantForTree(scenario, versionOfDirectory('linux-6.12'), new Set());
      return 'otherVersions' in found || found.violated.length === 0 ? [] : [`${scenarioId(scenario)} ${found.violated.join(' ')}`];
    });
    expect(known).toEqual(['3.4-E-boundary I-16', '2.6 I-51', '2.6-zap I-32']);
  });
  it.each(['6.12', '6.1'])('makes a system: %s', (version) => {
    for (const scenario of scenarios) {
      const variant = variantForTree(scenario, versionOfDirectory(`linux-${version}`), new Set());
      if (!('otherVersions' in variant)) expect(describeSystem({ scenario, variant, preset: 'small' }).procedures.size).toBeGreaterThan(0);
    }
  });
});
