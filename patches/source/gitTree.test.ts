import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnreadableInput } from '../mail/unreadable.ts';
import { gitRange, gitTree } from './gitTree.ts';

const mmu = 'arch/x86/kvm/mmu/mmu.c';
const folder = mkdtempSync(join(tmpdir(), 'linux-6.1-'));
const git = (...words: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=N', '-c', 'user.email=n@example.org', '-c', 'commit.gpgSign=false', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  }).trim();
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const commit = (message: string): string => {
  git('add', '-A');
  git('commit', '-qm', message);
  return git('rev-parse', 'HEAD');
};

git('init', '-q', '-b', 'main');
write(mmu, 'int a;\n');
symlinkSync('/etc/passwd', join(folder, 'link.h'));
const first = commit('one');
write(mmu, 'int b;\n');
const second = commit('two: $(touch x)');
git('checkout', '-q', '-b', 'side', first);
write('side.c', 'int s;\n');
commit('side');
git('checkout', '-q', 'main');
git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
write(mmu, 'int work;\n');

describe('a git repository', () => {
  it('gives the files of a revision, not those that lie there', () => {
    expect(gitTree(folder, first).read(mmu)).toBe('int a;\n');
    expect(gitTree(folder, 'HEAD').read(mmu)).toBe('int b;\n');
    expect(gitTree(folder, 'HEAD~1').read('side.c')).toBeNull();
    expect(gitTree(join(folder), 'side').read('side.c')).toBe('int s;\n');
  });
  it('gives no symbolic link, no folder, and nothing outside of the directory that was named', () => {
    expect(gitTree(folder, first).read('link.h')).toBeNull();
    expect(gitTree(folder, first).read('arch')).toBeNull();
    expect(() => gitTree(folder, first).read('../x.h')).toThrow('no path inside');
    expect(() => gitTree(join(folder, 'arch'), first)).toThrow('has neither');
  });
  it('gives the commits of a range, oldest first, without merges', () => {
    const { base, patches, commits, notes } = gitRange(folder, `${first}..main`);
    expect(base).toBe(first);
    expect(patches.map(({ text }) => text.subject).sort()).toEqual(['side', 'two: $(touch x)']);
    expect(commits).toContain(second.slice(0, 12));
    expect(notes).toEqual([`1 merges in ${first}..main have no diff of their own, and are left out`]);
  });
  it.each([
    ['nothing in it', 'main..main', 'holds no commit'],
    ['three dots', 'main...side', 'is no range'],
    ['no dots', 'main', 'is no range'],
    ['a revision that is not there', 'nowhere..main', 'has no commit nowhere'],
  ])('refuses a range with %s', (_what, range, message) => {
    expect(() => gitRange(folder, range)).toThrow(message);
  });
  it('takes no option for a revision, whatever it is', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('--output=x', '-h', '--exec=touch x', 'HEAD --', 'a\nb', 'HEAD^{/x}', ':/x', '@{-1}', 'HEAD:x'),
    );
    fc.assert(
      fc.property(text, (revision) => {
        try {
          gitTree(folder, revision);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableInput);
        }
      }),
      { numRuns: 40, seed: 3 },
    );
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
  it('executes nothing that its configuration or the caller names', () => {
    const mark = join(folder, 'executed');
    const program = join(folder, 'program.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${mark}\ncat "$1" 2>/dev/null\n`);
    chmodSync(program, 0o755);
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'core.sshCommand',
      'diff.external',
      'diff.x.textconv',
      'diff.x.command',
      'filter.x.smudge',
      'gpg.program',
      'uploadpack.packObjectsHook',
    ])
      git('config', key, program);
    git('config', 'log.showSignature', 'true');
    git('config', 'core.hooksPath', folder);
    for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change']) symlinkSync(program, join(folder, hook));
    writeFileSync(join(folder, '.git', 'info', 'attributes'), '*.c diff=x filter=x\n');
    process.env['GIT_EXTERNAL_DIFF'] = program;
    try {
      expect(gitTree(folder, first).read(mmu)).toBe('int a;\n');
      expect(gitRange(folder, `${first}..${second}`).patches).toHaveLength(1);
    } finally {
      delete process.env['GIT_EXTERNAL_DIFF'];
    }
    expect(existsSync(mark)).toBe(false);
    // The trap is set: git itself, asked carelessly, runs into it.
    git('-c', 'core.fsmonitor=false', 'diff', '--ext-diff', first, second);
    expect(existsSync(mark)).toBe(true);
  });
  it('is refused where there is none', () => {
    expect(() => gitTree(mkdtempSync(join(tmpdir(), 'none-')), 'HEAD')).toThrow(UnreadableInput);
    expect(() => gitTree(join(folder, 'nowhere'), 'HEAD')).toThrow(UnreadableInput);
  });
});
