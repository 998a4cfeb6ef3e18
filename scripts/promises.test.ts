/**
 * What the README promises, from the command line, in this process.
 */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkReportSchema, type PatchReport, packageRoot, patchReportSchema, published } from '../checks/index.ts';
import { runCommandLine } from './commandLine.ts';
import { recordingTerminal } from './testing/recordingTerminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-'));
async function run(...words: string[]) {
  const terminal = recordingTerminal();
  const code = await runCommandLine(words, terminal);
  return { code, ...terminal.printed };
}

describe('mmucheck check', () => {
  it('finds what a scenario expects of each variant, and says what it left out', async () => {
    const { code, out } = await run('check', '--scenario', '3.3-B', '--json');
    const report = published('check', checkReportSchema).parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(report.runs.map(({ variant, verdict }) => `${variant} ${verdict}`)).toEqual(['base violated', 'posted violated', 'fixed holds']);
    expect(report.summary.notCovered.join()).toContain('which were not selected');
  });

  it('does not call a search that a limit ended a success', async () => {
    const { code, out } = await run('check', '--scenario', '3.3-B', '--variant', 'fixed', '--states', '20');
    expect(code).toBe(2);
    expect(out).toContain('incomplete');
    expect(out).toContain('0 of 1 runs as expected');
  });

  it('keeps traces that replay, and that another variant does not repeat', async () => {
    await run('check', '--scenario', '3.3b', '--variant', 'posted', '--out', folder);
    const file = join(folder, '3.3-B-posted-I-10.json');
    expect(readdirSync(folder)).toContain('3.3-B-posted-I-10.txt');
    expect(await run('replay', file)).toMatchObject({ code: 1, out: expect.stringContaining('still violates I-10') });
    expect(await run('replay', file, '--variant', 'fixed')).toMatchObject({ code: 0, out: expect.stringContaining('differs at step') });
    expect((await run('replay', file, '--variant', 'fixed')).out).toMatch(/OUTSIDE_GUEST_MODE -> IN_GUEST_MODE/);
    const mail = await run('trace', file, '--format', 'mail');
    expect(Math.max(...mail.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
  });

  it('keeps traces that replay when only some properties were looked at', async () => {
    const some = join(folder, 'some');
    await run('check', '--scenario', '3.3b', '--variant', 'posted', '--property', 'I-36', '--out', some);
    expect(readdirSync(some)).toEqual(['3.3-B-posted-I-36.json', '3.3-B-posted-I-36.txt']);
    const replayed = await run('replay', join(some, '3.3-B-posted-I-36.json'), '--json');
    expect(JSON.parse(replayed.out)).toMatchObject({ exitCode: 1, stillViolates: true, sameModel: true, firstDifference: null });
  });

  it.each([
    ['--scenario', '9.9'],
    ['--variant', 'nobody'],
    ['--property', 'I-99'],
    ['--bounds', 'huge'],
    ['--time', 'never'],
  ])('refuses %s %s as wrong use, naming what there is', async (option, value) => {
    const { code, err } = await run('check', option, value);
    expect(code).toBe(64);
    expect(err).not.toBe('');
  });
});

describe('mmucheck patch, whatever it is given', () => {
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  it.each([
    ['a letter without a diff', () => file('letter.txt', 'Hello,\n\nplease find no patch here.\n')],
    [
      'binary junk',
      () =>
        file(
          'junk.bin',
          Uint8Array.from({ length: 5000 }, (_, i) => (i * 197) & 0xff),
        ),
    ],
    ['a file of 50 MB', () => file('large.txt', Buffer.alloc(50 * 2 ** 20, 'diff --git a/x b/x\n'))],
    ['a folder', () => folder],
    ['nothing', () => join(folder, 'missing.txt')],
  ])('answers %s with one clear line and 65', async (_what, path) => {
    const { code, out, err } = await run('patch', path());
    expect(code).toBe(65);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('gives a patch of code that the model has not 3, with the line', async () => {
    const lines = ['static int my_helper(struct kvm *kvm)', '{', '\tkvm->arch.nobody_knows = 1;', '\treturn 0;', '}'];
    const text = [
      'diff --git a/arch/x86/kvm/mmu/mmu.c b/arch/x86/kvm/mmu/mmu.c',
      '--- a/arch/x86/kvm/mmu/mmu.c',
      '+++ b/arch/x86/kvm/mmu/mmu.c',
    ];
    const patch = file(
      'helper.patch',
      [...text, `@@ -1,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`), '-- ', '2.34.1', ''].join('\n'),
    );
    const { code, out } = await run('patch', patch);
    expect(code).toBe(3);
    expect(out).toContain('line 7: ');
    expect(out).toContain('nobody_knows');
  });
});

const seeds = process.env['MMUCHECK_SEEDS'] ?? join(packageRoot(), '..', 'shared', 'seeds');
const mailOf = (number: string): string | undefined => {
  try {
    return readdirSync(seeds)
      .filter((name) => name.startsWith(number))
      .map((name) => join(seeds, name))[0];
  } catch {
    return undefined;
  }
};
const posted = mailOf('001');

// postedMails.slow.test.ts has it as it was posted, and CI judges the mails in a stage of its own.
describe.skipIf(posted === undefined)('the patch mail of December 2021', () => {
  const text = () => readFileSync(posted ?? '', 'utf8');
  const judge = async (name: string, change: (text: string) => string): Promise<PatchReport & { exitCode: number }> => {
    const path = join(folder, name);
    const changed = change(text());
    expect(changed).not.toBe(text());
    writeFileSync(path, changed);
    const { out } = await run('patch', path, '--json');
    return published('patch', patchReportSchema).parse(JSON.parse(out));
  };
  const inLoop = (mail: string, change: (text: string) => string) => {
    const loop = mail.indexOf('for (i = 0; i < KVM_MMU_NUM_PREV_ROOTS; i++)');
    return mail.slice(0, loop) + change(mail.slice(loop));
  };
  const corrected = (mail: string) => inLoop(mail, (rest) => rest.replace('(vcpu, mmu->root_hpa)', '(vcpu, mmu->prev_roots[i].hpa)'));

  it('holds once the loop asks about the previous root, with every changed statement run', async () => {
    const report = await judge('corrected.txt', corrected);
    expect([report.exitCode, report.verdict, report.notExercised]).toEqual([0, 'holds', []]);
  });

  it.each([
    ['003', 65],
    ['004', 65],
  ])('has neighbours with answers of their own: %s gives %i', async (number, code) => {
    expect((await run('patch', mailOf(number) ?? '')).code).toBe(code);
  });
});
