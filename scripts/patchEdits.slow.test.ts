/**
 * The patch of December 2021, edited at run time as a person would: each edit is judged by what it does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../checks/index.ts';
import { judgeText } from './testing/judgeText.ts';

const seeds = process.env['MMUCHECK_SEEDS'] ?? join(packageRoot(), '..', 'shared', 'seeds');
const mail = (() => {
  try {
    return readdirSync(seeds)
      .filter((name) => name.startsWith('001'))
      .map((name) => readFileSync(join(seeds, name), 'utf8'))[0];
  } catch {
    return undefined;
  }
})();

type Edit = readonly [from: string, to: string];
const loopHead = '+ for (i = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {\n+ if (is_obsolete_root(vcpu, ';
const corrected: Edit = [`${loopHead}mmu->root_hpa))`, `${loopHead}mmu->prev_roots[i].hpa))`];

/** The mail with these edits, each of which must apply, and the hunk's header counting its lines again. */
function edited(edits: readonly Edit[]): string {
  const text = edits.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replaceAll(from, to);
  }, mail ?? '');
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('@@ -5113,6'));
  const end = lines.findIndex((line, i) => i > head && line.startsWith('@@'));
  const added = lines.slice(head + 1, end).filter((line) => line.startsWith('+')).length;
  return lines.with(head, (lines[head] ?? '').replace(/\+5119,\d+/, `+5119,${added + 6}`)).join('\n');
}

/** The era is said, since looking through all of them takes as long as the runs; promises.test.ts has it found out. */
const judge = (...edits: readonly Edit[]) => judgeText(edited(edits), '--era', '2021');

describe.skipIf(mail === undefined)('edits of the 2021 patch', () => {
  it('guest_mmu left out: its roots stay', async () => {
    const report = await judge(corrected, ['+ __kvm_mmu_free_obsolete_roots(vcpu, &vcpu->arch.guest_mmu);\n', '']);
    expect(report.exitCode).toBe(1);
    expect(report.violatedIds).toEqual(expect.arrayContaining(['I-10', 'I-39']));
  });

  it('the test for a root without a shadow page dropped: a null dereference', async () => {
    const report = await judge(corrected, ['+ return !sp || is_obsolete_sp(vcpu->kvm, sp);', '+ return is_obsolete_sp(vcpu->kvm, sp);']);
    expect([report.exitCode, report.violatedIds]).toEqual([1, ['fault:nullDereference']]);
  });

  it('that test turned round: special roots are never let go', async () => {
    const report = await judge(corrected, [
      '+ return !sp || is_obsolete_sp(vcpu->kvm, sp);',
      '+ return sp && is_obsolete_sp(vcpu->kvm, sp);',
    ]);
    expect(report.exitCode).toBe(1);
    expect(report.violatedIds).toContain('I-10');
  });

  it('other names, another loop, a helper split off, the spelling of 5.18: holds', async () => {
    const loop = `${corrected[1]}\n+ roots_to_free |= KVM_MMU_ROOT_PREVIOUS(i);\n+ }`;
    const report = await judge(
      corrected,
      [loop, '+ roots_to_free |= stale_previous_roots(vcpu, mmu);'],
      [
        '+static void __kvm_mmu_free_obsolete_roots(struct kvm_vcpu *vcpu,\n',
        [
          '+static unsigned long stale_previous_roots(struct kvm_vcpu *vcpu, struct kvm_mmu *mmu)',
          '+{',
          '+ unsigned long stale = 0;',
          '+ int nr = KVM_MMU_NUM_PREV_ROOTS;',
          '+',
          '+ while (nr-- > 0) {',
          '+ if (is_obsolete_root(vcpu, mmu->prev_roots[nr].hpa))',
          '+ stale |= KVM_MMU_ROOT_PREVIOUS(nr);',
          '+ }',
          '+ return stale;',
          '+}',
          '+',
          '+static void __kvm_mmu_free_obsolete_roots(struct kvm_vcpu *vcpu,\n',
        ].join('\n'),
      ],
      ['+ int i;\n', ''],
      ['roots_to_free', 'mask'],
      ['is_obsolete_root', 'root_is_stale'],
      ['mmu->root_hpa', 'mmu->root.hpa'],
    );
    expect([report.exitCode, report.violatedIds, report.notModelled, report.notExercised]).toEqual([0, [], [], []]);
  });

  it('a statement that no scenario reaches: not exercised, with its line', async () => {
    const report = await judge(corrected, [
      '+ if (!VALID_PAGE(root_hpa))\n+ return false;\n',
      '+ if (!VALID_PAGE(root_hpa))\n+ return false;\n+ if (KVM_MMU_NUM_PREV_ROOTS > 100)\n+ return true;\n',
    ]);
    expect(report.exitCode).toBe(3);
    const line = edited([corrected]).split('\n').indexOf('+ if (!VALID_PAGE(root_hpa))') + 4;
    expect(report.notExercised.map((each) => each.line)).toContain(line);
  });

  it.each<[string, Edit]>([
    [
      'an unknown helper in a condition',
      [
        '+ if (is_obsolete_root(vcpu, mmu->root_hpa))\n+ roots_to_free |= KVM_MMU_ROOT_CURRENT;',
        '+ if (frobnicate(vcpu) && is_obsolete_root(vcpu, mmu->root_hpa))\n+ roots_to_free |= KVM_MMU_ROOT_CURRENT;',
      ],
    ],
    ["the request's flags dropped", ['+ KVM_ARCH_REQ_FLAGS(31, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)', '+ KVM_ARCH_REQ(31)']],
    [
      'a partial hunk that does something else',
      [
        '- if (!is_obsolete_sp(kvm, sp))\n- kvm_make_all_cpus_request(kvm, KVM_REQ_MMU_RELOAD);\n+ zapped_root = !is_obsolete_sp(kvm, sp);',
        '- if (!is_obsolete_sp(kvm, sp))\n- kvm_make_all_cpus_request(kvm, KVM_REQ_MMU_RELOAD);\n+ zapped_root = is_obsolete_sp(kvm, sp);',
      ],
    ],
  ])('%s: not modelled, with its line', async (_, edit) => {
    const report = await judge(corrected, edit);
    expect(report.exitCode).toBe(3);
    expect(report.notModelled.length).toBeGreaterThan(0);
    expect(report.runs).toEqual([]);
  });
});
