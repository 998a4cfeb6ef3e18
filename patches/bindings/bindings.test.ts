import { describe, expect, it } from 'vitest';
import { machineOfScenario, scenarios } from '../../model/index.ts';
import { loadCParser } from '../c/parse.ts';
import { erasOf } from '../judge/contracts.ts';
import { bindingParts, kvmBindings, makeBindings } from './index.ts';
import { versionOfDirectory } from './version.ts';

describe('the bindings', () => {
  it('refuse two meanings of one spelling, and entries that say nothing known', () => {
    const part = { subsystem: 'x', types: [{ c: ['bool'], is: { bool: true as const } }] };
    expect(() => makeBindings([part, part])).toThrow('two bindings for bool');
    expect(() => makeBindings([{ ...part, types: [{ c: ['bool'], is: { what: true } as never }] }])).toThrow();
  });
  it('mean C that can be parsed', async () => {
    const parser = await loadCParser();
    for (const [name, { means }] of kvmBindings.meanings)
      expect([name, parser.parse(`void f(void) { (${means}); }`).problem]).toEqual([name, null]);
  });
  it('pass only parameters that there are', () => {
    for (const contracts of kvmBindings.contracts.values())
      for (const one of contracts) {
        const positions = one.pass.flatMap((from) =>
          typeof from === 'number' ? [from] : [...from.matchAll(/\ba(\d+)\b/g)].map(([, digits]) => Number(digits)),
        );
        expect(Math.max(-1, ...positions, ...Object.keys(one.give).map(Number))).toBeLessThan(one.params.length);
      }
  });
  it('know the eras by the parameters of a function', () => {
    expect(erasOf('kvm_mmu_free_roots', ['struct kvm *', 'struct kvm_mmu *', 'unsigned long'], kvmBindings)).toEqual(['from 5.18']);
    expect(erasOf('kvm_mmu_free_roots', ['struct kvm_vcpu *', 'struct kvm_mmu *', 'unsigned long'], kvmBindings)).toEqual(['until 5.17']);
    expect(erasOf('constructor', [], kvmBindings)).toEqual([]);
  });
  it('take -1ul for an address like others only where nothing warns of it: until 6.7', () => {
    const scenario = scenarios.find(({ engine }) => engine === 'tdp');
    if (scenario === undefined) throw new Error('no scenario of the TDP MMU');
    const { machine } = machineOfScenario(scenario, 'small');
    const scaled = (version: string | null) =>
      makeBindings(bindingParts, { machine, version: version === null ? null : versionOfDirectory(`linux-${version}`) }).scaledLiterals;
    expect(scaled('6.1').get('kvm_zap_gfn_range -1ul')).toBe('GFNS');
    expect(scaled('6.7').get('kvm_zap_gfn_range -1ul')).toBe('GFNS');
    expect(scaled('6.8').has('kvm_zap_gfn_range -1ul')).toBe(false);
    expect(scaled(null).has('kvm_zap_gfn_range -1ul')).toBe(false);
    expect(kvmBindings.scaledLiterals.has('kvm_zap_gfn_range -1ul')).toBe(false);
    expect(scaled(null).has('detect_write_flooding 3')).toBe(true);
  });
  it('tell what is ignorable by name and prefix', () => {
    expect(kvmBindings.isIgnorableCall('trace_kvm_mmu_prepare_zap_page')).toBe(true);
    expect(kvmBindings.isIgnorableCall('kvm_make_request')).toBe(false);
    expect(kvmBindings.isIgnorableField('vm', 'stat.mmu_shadow_zapped')).toBe(true);
    expect(kvmBindings.isIgnorableField('vm', 'arch.mmu_valid_gen')).toBe(false);
  });
});
