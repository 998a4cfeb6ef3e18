import { beforeAll, describe, expect, it } from 'vitest';
import type { Procedure } from '../compiler/ir/types.ts';
import { bindingParts } from './bindings/index.ts';
import { type LoweredPatch, lowerPatch, makeBindings, readPatch, type Surroundings, sameBehaviour, UnreadableInput } from './index.ts';
import { edited, haveSeeds, seed } from './testing/seeds.ts';
import { addingDiff, surroundings } from './testing/world.ts';

let around: Surroundings;
beforeAll(async () => {
  around = await surroundings();
});

async function judged(text: string, file = 'mail.txt'): Promise<LoweredPatch> {
  return lowerPatch(await readPatch(file, text), around);
}
async function unreadable(text: string, file = 'mail.txt'): Promise<UnreadableInput> {
  try {
    await readPatch(file, text);
  } catch (error) {
    if (error instanceof UnreadableInput) return error;
    throw error;
  }
  throw new Error('was read');
}
const named = (patch: LoweredPatch, name: string): Procedure => {
  const found = patch.procedures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not lowered`);
  return found;
};
const same = (a: LoweredPatch, b: LoweredPatch, name: string): boolean =>
  sameBehaviour(named(a, name), named(b, name), around.procedures) !== null;
const reasons = (patch: LoweredPatch): string[] => patch.unmodelled.map((one) => `${one.line}: ${one.name} ${one.why}`);

/** The line of the mail that `part` stands on, from 1. */
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

const service = '__kvm_mmu_free_obsolete_roots';
const loopTest = 'for (i = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {\n+ if (is_obsolete_root(vcpu, mmu->root_hpa))';
const fixedLoop = 'for (i = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {\n+ if (is_obsolete_root(vcpu, mmu->prev_roots[i].hpa))';

describe.skipIf(!haveSeeds)('the mail of December 2021', () => {
  const mail = () => seed('obsoleteRoots2021').text;
  const fixed = () => edited(mail(), loopTest, fixedLoop);

  it('has three whole functions, and every other hunk is accounted for', async () => {
    const patch = await judged(mail());
    expect(patch.unmodelled).toEqual([]);
    expect(patch.procedures.map((one) => one.name)).toEqual(['is_obsolete_root', service, 'kvm_mmu_free_obsolete_roots']);
    const parts = patch.hunks.map((hunk) => hunk.parts.map((part) => (part.kind === 'stoodIn' ? `stoodIn ${part.procedure}` : part.kind)));
    expect(parts).toEqual([
      ['define'],
      ['ignorable'],
      ['stoodIn __kvm_mmu_prepare_zap_page'],
      ['ignorable', 'stoodIn __kvm_mmu_prepare_zap_page'],
      ['stoodIn is_page_fault_stale'],
      ['ignorable'],
      ['checked', 'checked', 'checked'],
      ['stoodIn kvm_mmu_zap_all_fast'],
      ['stoodIn service_root_requests'],
    ]);
  });

  it('keeps the lines of the mail', async () => {
    const text = mail();
    const patch = await judged(text);
    const body = named(patch, service).body;
    const loop = body.find((stmt) => stmt.kind === 'loop');
    expect(loop?.pos).toMatchObject({ line: lineOf(text, '+ for (i = 0'), column: 3, language: 'c', hunk: 7, change: 'added' });
    expect(loop).toMatchObject({ bounded: true });
  });

  it('shows which statement of the model is which of the patch', async () => {
    const text = mail();
    const patch = await judged(text);
    const part = patch.hunks[3]?.parts.find((one) => one.kind === 'stoodIn');
    const lines = part?.kind === 'stoodIn' ? part.pairs.map((pair) => pair.left.line) : [];
    expect(lines).toContain(lineOf(text, 'sp->role.invalid = 1;'));
    expect(lines).toContain(lineOf(text, '+ if (zapped_root)'));
  });

  it('reads the loop as it was posted: the current root is tested, not the previous one', async () => {
    const [posted, corrected] = [await judged(mail()), await judged(fixed())];
    const loads = (procedure: Procedure) => JSON.stringify(procedure.body).match(/"field":"[\w.]*hpa"/g);
    expect(loads(named(posted, service))).toEqual(['"field":"root.hpa"', '"field":"root.hpa"']);
    expect(loads(named(corrected, service))).toEqual(['"field":"root.hpa"', '"field":"prev_roots.hpa"']);
    expect(corrected.unmodelled).toEqual([]);
    expect(same(posted, corrected, service)).toBe(false);
  });

  it('judges edits by what they do', async () => {
    const original = await judged(fixed());
    const renamed = await judged(fixed().replaceAll('roots_to_free', 'doomed'));
    const spelled = await judged(fixed().replaceAll('mmu->root_hpa', 'mmu->root.hpa'));
    const indexed = await judged(
      edited(
        edited(fixed(), '+ int i;\n', '+ int i = 0;\n'),
        'for (i = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++)',
        'for (; KVM_MMU_NUM_PREV_ROOTS > i; ++i)',
      ),
    );
    for (const patch of [renamed, spelled, indexed]) expect(patch.unmodelled).toEqual([]);
    expect(same(original, spelled, service)).toBe(true);
    expect(same(original, indexed, service)).toBe(true);
    expect(named(renamed, service).locals.map((local) => local.name)).toContain('doomed');
  });

  it('reads a while loop and a helper that was split off', async () => {
    const asWhile = await judged(
      edited(
        edited(fixed(), 'for (i = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++) {', 'i = 0;\n+ while (i < KVM_MMU_NUM_PREV_ROOTS) {'),
        'KVM_MMU_ROOT_PREVIOUS(i);\n',
        'KVM_MMU_ROOT_PREVIOUS(i);\n+ i++;\n',
      ),
    );
    expect(asWhile.unmodelled).toEqual([]);
    expect(same(asWhile, await judged(fixed()), service)).toBe(true);
    const helper =
      '+static bool is_obsolete_prev(struct kvm_vcpu *vcpu, struct kvm_mmu *mmu, int i)\n+{\n+ return is_obsolete_root(vcpu, mmu->prev_roots[i].hpa);\n+}\n+\n+static void __kvm_mmu_free_obsolete_roots(';
    const split = await judged(
      edited(
        edited(fixed(), '+static void __kvm_mmu_free_obsolete_roots(', helper),
        'is_obsolete_root(vcpu, mmu->prev_roots[i].hpa))\n+ roots',
        'is_obsolete_prev(vcpu, mmu, i))\n+ roots',
      ),
    );
    expect(split.unmodelled).toEqual([]);
    expect(split.procedures.map((one) => one.name)).toContain('is_obsolete_prev');
  });

  it('names an unknown helper in a condition', async () => {
    const text = edited(mail(), '+ if (roots_to_free)', '+ if (roots_to_free && kvm_may_free_now(vcpu))');
    expect(reasons(await judged(text))).toEqual([
      `${lineOf(text, 'kvm_may_free_now')}: kvm_may_free_now is no function that the model has (in ${service}())`,
    ]);
  });

  it('does not take a moved request for what the stand-in does', async () => {
    const request = '+ if (zapped_root)\n+ kvm_make_all_cpus_request(kvm, KVM_REQ_MMU_FREE_OBSOLETE_ROOTS);\n';
    const text = edited(edited(mail(), request, ''), 'sp->role.invalid = 1;\n', `${request}sp->role.invalid = 1;\n`);
    const patch = await judged(text);
    expect(patch.unmodelled.map((one) => one.line)).toEqual([lineOf(text, '+ zapped_root = ')]);
    expect(patch.unmodelled[0]?.why).toContain('is not what __kvm_mmu_prepare_zap_page of the model does there');
  });

  it.each([
    ['another condition', '+ if (zapped_root)', '+ if (!zapped_root)'],
    [
      'another request',
      'if (zapped_root)\n+ kvm_make_all_cpus_request(kvm, KVM_REQ_MMU_FREE_OBSOLETE_ROOTS)',
      'if (zapped_root)\n+ kvm_make_all_cpus_request(kvm, KVM_REQ_MMU_RELOAD)',
    ],
    ['an assignment more', '+ if (zapped_root)', '+ sp->root_count = 0;\n+ if (zapped_root)'],
    ['another value', '+ zapped_root = !is_obsolete_sp(kvm, sp);', '+ zapped_root = is_obsolete_sp(kvm, sp);'],
    ['another initial value', '+ bool list_unstable, zapped_root = false;', '+ bool list_unstable, zapped_root = true;'],
    ['a service of something else', '+ kvm_mmu_free_obsolete_roots(vcpu);', '+ kvm_mmu_unload(vcpu);'],
    [
      'a test left out',
      'if (!sp && kvm_test_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, vcpu))',
      'if (kvm_test_request(KVM_REQ_MMU_FREE_OBSOLETE_ROOTS, vcpu))',
    ],
  ])('refuses a partial hunk with %s', async (_what, from, to) => {
    expect((await judged(edited(mail(), from, to))).unmodelled).toHaveLength(1);
  });

  it('takes over the request, and does not judge flags that no property tells', async () => {
    const whole = 'KVM_ARCH_REQ_FLAGS(31, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)';
    const text = mail();
    expect((await judged(text)).constants.get('KVM_REQ_MMU_FREE_OBSOLETE_ROOTS')).toBe(2 | (1 << 8) | (1 << 9));
    const dropped = await judged(edited(text, whole, 'KVM_ARCH_REQ(31)'));
    expect(reasons(dropped)).toEqual([
      `${lineOf(text, '+#define')}: KVM_REQ_MMU_FREE_OBSOLETE_ROOTS differs from the model's request in KVM_REQUEST_NO_WAKEUP, KVM_REQUEST_WAIT, and no property tells what that breaks`,
    ]);
    const judgedFlags = ['KVM_REQUEST_NO_WAKEUP', 'KVM_REQUEST_WAIT'];
    const telling = makeBindings([...bindingParts, { subsystem: 'x', judgedFlags }], { machine: around.machine });
    const lowered = await lowerPatch(await readPatch('m', edited(text, whole, 'KVM_ARCH_REQ(31)')), around, telling);
    expect(lowered.unmodelled).toEqual([]);
    expect(lowered.constants.get('KVM_REQ_MMU_FREE_OBSOLETE_ROOTS')).toBe(2);
    expect(reasons(await judged(edited(text, '(31, KVM_REQUEST_WAIT |', '(31, KVM_REQUEST_LATER |')))).toHaveLength(1);
  });

  it('leaves a function out when a statement goes, and says so by what it does', async () => {
    const cut = edited(mail(), '+ __kvm_mmu_free_obsolete_roots(vcpu, &vcpu->arch.guest_mmu);\n', '');
    // Where the header still counts it, it may be any line that was lost on the way.
    expect((await judged(cut)).unmodelled.map((one) => one.why)).toEqual(
      Array(3).fill('may lack code: 1 of the lines that hunk 7 adds are missing'),
    );
    const without = await judged(edited(cut, '+5119,52 @@', '+5119,51 @@'));
    expect(without.unmodelled).toEqual([]);
    expect(same(without, await judged(mail()), 'kvm_mmu_free_obsolete_roots')).toBe(false);
  });

  it('refuses a cut mail and a function that is no C', async () => {
    const text = mail();
    expect(await unreadable(text.slice(0, text.indexOf('+ int i;')))).toMatchObject({ reason: 'truncated' });
    expect(await unreadable(text.slice(0, text.indexOf('diff --git a/arch/x86/kvm/x86.c')))).toMatchObject({ reason: 'truncated' });
    const broken = edited(text, '+ sp = to_shadow_page(root_hpa);', '+ sp = to_shadow_page(root_hpa;');
    expect(await unreadable(broken)).toMatchObject({ reason: 'c-syntax', line: lineOf(broken, 'to_shadow_page(root_hpa;') });
  });
});

describe.skipIf(!haveSeeds)('the other mails', () => {
  it('2020: one function is whole; what it needs is named, lost lines too', async () => {
    const { text } = seed('recursion2020');
    const read = await readPatch('000.txt', text);
    expect(read.functions.map((one) => one.source.name)).toEqual(['kvm_mmu_page_unlink_children']);
    expect(read.text.notes.join('\n')).toMatch(/quoted[\s\S]*3 of 52 lines[\s\S]*1 of 7 lines/);
    const patch = await lowerPatch(read, around);
    expect(patch.procedures).toEqual([]);
    expect(patch.unmodelled.some((one) => one.why.includes('kvm_mmu_page_unlink_children'))).toBe(true);
    expect(patch.unmodelled.some((one) => one.line > 154)).toBe(true);
  });
  it('2023: a short diff inside a mail, in a function that is not there', async () => {
    const { text } = seed('sharedLock2023');
    const patch = await judged(text);
    expect(patch.hunks).toHaveLength(1);
    expect(patch.unmodelled[0]).toMatchObject({ line: 59, why: expect.stringContaining('kvm_tdp_mmu_zap_leafs') });
  });
  it.each(['splitting2022', 'fastZap2013'] as const)('%s: a cover letter', async (which) => {
    const { file, text } = seed(which);
    expect(await unreadable(text, file)).toMatchObject({
      reason: 'no-diff',
      message: `${file}: contains no diff: give the mail that carries the patch itself`,
    });
  });
});

describe('a patch of a stranger', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may call its function and locals %s', async (name) => {
    const patch = await judged(addingDiff(`static int ${name}(struct kvm_vcpu *vcpu)\n{\n\tint ${name}_ = 1;\n\treturn ${name}_;\n}`));
    expect(patch.procedures.map((one) => one.name)).toEqual([name]);
    const used = await judged(addingDiff(`static int f(struct kvm_vcpu *vcpu)\n{\n\treturn ${name};\n}`));
    expect(reasons(used)).toEqual([`7: ${name} is no name that the model has (in f())`]);
    const called = await judged(addingDiff(`static int f(struct kvm_vcpu *vcpu)\n{\n\treturn ${name}(vcpu->${name});\n}`));
    expect(called.unmodelled).toHaveLength(1);
  });
  it('may hold comments and strings of any kind', async () => {
    const text =
      'static int f(struct kvm_vcpu *vcpu)\n{\n\t/* ` {process.exit()} " \' */\n\ttrace_note("*/ } ` \\" {x}");\n\treturn 3; // */ }\n}';
    const patch = await judged(addingDiff(text));
    expect(patch.unmodelled).toEqual([]);
    expect(named(patch, 'f').body).toMatchObject([{ kind: 'return', value: { op: 'const', value: 3 } }]);
  });
  it('gets long names cut, and long names that begin alike told apart', async () => {
    const long = 'n'.repeat(5000);
    const patch = await judged(
      addingDiff(`static int f(struct kvm_vcpu *vcpu)\n{\n\tint ${long}a = 1, ${long}b = 2;\n\treturn ${long}a - ${long}b;\n}`),
    );
    const names = named(patch, 'f').locals.map((local) => local.name);
    expect(names.every((name) => name.length < 80)).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });
  it('is refused in one line where it nests too deep', async () => {
    const deep = `static int f(struct kvm_vcpu *vcpu)\n{\n\treturn ${'('.repeat(5000)}1${')'.repeat(5000)};\n}`;
    const refused = await unreadable(addingDiff(deep));
    expect(refused).toMatchObject({ reason: 'c-syntax' });
    expect(refused.message).not.toContain('\n');
  });
  it.each([
    ['brackets', '+\tif (x) {((((((((((((((((((((((('],
    ['comments and commas', '+\tf(a, /* b, c( */ d,'],
    ['definitions', '+int f(int n) { return n; }'],
    ['labels', '+l: if (x) goto l;'],
    ['defines', '+#define A(x) \\'],
  ])('may be as long as it likes: %s', async (_what, line) => {
    const count = 5_000;
    const lines = Array.from({ length: count }, () => line);
    const text = ['diff --git a/a.c b/a.c', '--- a/a.c', '+++ b/a.c', `@@ -0,0 +1,${count} @@ int f(void)`, ...lines, '-- ', ''].join('\n');
    try {
      expect((await judged(text)).hunks).toHaveLength(1);
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableInput);
    }
  });
  it('may have any number of functions, and is refused if it changes thousands', async () => {
    // Quadratic work would take minutes here.
    const text = (mark: string, count: number): string =>
      [
        '--- a/a.c',
        '+++ b/a.c',
        `@@ -1,${mark === '+' ? 0 : count} +1,${count} @@`,
        ...Array.from({ length: count }, () => `${mark}int f(void) { }`),
        '',
      ].join('\n');
    expect(await unreadable(text('+', 60_000))).toMatchObject({ reason: 'too-large' });
    expect((await readPatch('own.patch', text(' ', 60_000))).functions).toEqual([]);
  });
  it('with a macro that takes a block is not read as a call and a block', async () => {
    const patch = await judged(
      addingDiff('static int f(struct kvm_vcpu *vcpu)\n{\n\tint n = 0;\n\tfor_each_thing(n) {\n\t\tn++;\n\t}\n\treturn n;\n}'),
    );
    expect(reasons(patch)).toEqual(['8: for_each_thing is a macro with a block that is not modelled (in f())']);
  });
  it('that redefines a macro of the bindings does not get its old meaning', async () => {
    const patch = await judged(
      addingDiff('#define VALID_PAGE(x) 1\nstatic bool f(struct kvm_mmu *mmu)\n{\n\treturn VALID_PAGE(mmu->root_hpa);\n}'),
    );
    expect(reasons(patch)).toEqual([
      '8: VALID_PAGE is a macro that the patch defines (in f())',
      '5: VALID_PAGE is a macro whose meaning the model has fixed',
    ]);
  });
  it('that gives a function other parameters than its callers pass fits no contract', async () => {
    const patch = await judged(
      addingDiff('bool is_obsolete_sp(struct kvm_vcpu *vcpu, struct kvm_mmu_page *sp)\n{\n\treturn sp->role.invalid;\n}'),
    );
    expect(reasons(patch)[0]).toMatch(/^5: is_obsolete_sp\(\) fits no contract: \w+\(\) of the model calls it with \(sp\)$/);
    expect(patch.hunks.flatMap(({ parts }) => parts.map(({ kind }) => kind))).toEqual(['notModelled']);
  });
});
