/**
 * A check that is interrupted, and gone on with, from the command line: in this process by Ctrl-C, in another one by kill -9.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkReportSchema, packageRoot, published, version } from '../checks/index.ts';
import { runCommandLine } from './commandLine.ts';
import { recordingTerminal } from './testing/recordingTerminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-resume-'));
const folderOf = (name: string) => join(folder, name);
async function run(...words: string[]) {
  const terminal = recordingTerminal();
  const code = await runCommandLine(words, terminal);
  return { code, ...terminal.printed };
}

/** Ctrl-C as soon as there is a checkpoint. */
async function runAndInterrupt(file: string, ...words: string[]) {
  const terminal = recordingTerminal();
  const timer = setInterval(() => {
    if (existsSync(file)) terminal.abort.abort();
  }, 1);
  const code = await runCommandLine(words, terminal);
  clearInterval(timer);
  return { code, ...terminal.printed };
}

/** What a report says, without what depends on the clock. */
function told(text: string, verb: 'check' | 'resume'): unknown {
  const { runs, summary } = published(verb, checkReportSchema).parse(JSON.parse(text));
  return {
    runs: runs.map(({ milliseconds: _, bytesPerState: __, ...rest }) => rest),
    summary: { ...summary, milliseconds: 0 },
  };
}

describe('a check that Ctrl-C ended', () => {
  const kept = folderOf('interrupted');
  const words = ['--scenario', '3.3-A', '--variant', 'posted'];

  it('is gone on with, and ends as one that was not interrupted, traces included', async () => {
    const whole = await run('check', ...words, '--json', '--out', folderOf('whole'));
    const search = join(kept, 'search');
    const options = ['--checkpoint', kept, '--checkpoint-every', '0.02', '--out', folderOf('resumed')];
    const first = await runAndInterrupt(search, 'check', ...words, ...options, '--json');
    expect(first.code).toBe(130);
    expect(JSON.parse(first.out).runs).toMatchObject([{ verdict: 'incomplete', cuts: ['interrupted'] }]);
    cpSync(kept, folderOf('copy'), { recursive: true });
    const resumed = await run('resume', kept, '--json');
    expect(resumed.code).toBe(whole.code);
    expect(told(resumed.out, 'resume')).toEqual(told(whole.out, 'check'));
    const trace = '3.3-A-posted-I-04.json';
    expect(readFileSync(join(folder, 'resumed', trace), 'utf8')).toBe(readFileSync(join(folder, 'whole', trace), 'utf8'));
    expect([existsSync(search), existsSync(join(kept, 'result.json'))]).toEqual([false, true]);
    // Nothing is searched any more; the answer is the same.
    expect(told((await run('resume', kept, '--json')).out, 'resume')).toEqual(told(whole.out, 'check'));
  });

  it.each([
    [
      'other bounds',
      { preset: 'medium' },
      /search is of another model, other bounds or other properties \(fingerprint \w+, and this is \w+\)$/,
    ],
    ['other properties', { properties: ['I-36'] }, /search is of another model, other bounds or other properties/],
    ['another mode', { fingerprints: true }, /search is of a search in mode exact, and this one is in mode fingerprint$/],
    ['another variant', { variants: ['fixed'] }, /is of another model: its runs are others$/],
    ['another version', { mmucheck: '0.0.1' }, new RegExp(`was made by mmucheck 0.0.1, and this is ${version.replaceAll('.', '\\.')}$`)],
    ['something else', { preset: 'huge' }, /is not what mmucheck check --checkpoint writes$/],
  ])('is refused in one line where it is of %s', async (_, change, message) => {
    const other = folderOf('other');
    cpSync(folderOf('copy'), other, { recursive: true });
    const file = join(other, 'check.json');
    writeFileSync(
      file,
      JSON.stringify({ ...(JSON.parse(readFileSync(join(folderOf('copy'), 'check.json'), 'utf8')) as object), ...change }),
    );
    const { code, out, err } = await run('resume', other);
    expect([code, out]).toEqual([65, '']);
    expect(err.trimEnd()).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('is refused in one line where the file is truncated or there is none', async () => {
    const other = folderOf('truncated');
    cpSync(folderOf('copy'), other, { recursive: true });
    truncateSync(join(other, 'search'), statSync(join(other, 'search')).size - 5);
    expect(await run('resume', other)).toMatchObject({ code: 65, out: '', err: expect.stringMatching(/search is damaged: .*\n$/) });
    expect(await run('resume', folderOf('nothing'))).toMatchObject({ code: 65, out: '', err: expect.stringMatching(/cannot be read\n$/) });
  });

  it('is not overwritten by another one', async () => {
    const again = await run('check', ...words, '--checkpoint', folderOf('copy'));
    expect(again).toMatchObject({ code: 64, err: expect.stringContaining('holds a check already') });
  });
});

it('a check that a limit ended is gone on with under another limit and by the other back end, run by run', async () => {
  const words = ['--scenario', '3.3-B,3.3-C', '--variant', 'base'];
  const whole = await run('check', ...words, '--json');
  const kept = folderOf('limited');
  const first = await run('check', ...words, '--states', '200', '--checkpoint', kept);
  expect(first.code).not.toBe(0);
  expect([existsSync(join(kept, '3.3-B-base', 'result.json')), existsSync(join(kept, '3.3-C-base', 'search'))]).toEqual([true, true]);
  expect(told((await run('resume', kept, '--states', '1000000', '--back-end', 'wasm', '--json')).out, 'resume')).toEqual(
    told(whole.out, 'check'),
  );
});

describe('a check that is killed', () => {
  const root = packageRoot();
  beforeAll(() => {
    const built = spawnSync(process.execPath, [join(root, 'scripts', 'bootstrap.mjs'), '--build'], { cwd: root, encoding: 'utf8' });
    expect(built.status, built.stderr).toBe(0);
  });
  const start = (...words: string[]): ChildProcess =>
    spawn(process.execPath, [join(root, 'dist', 'scripts', 'main.js'), ...words], { cwd: root, stdio: 'ignore' });
  const changedAt = (file: string) => (existsSync(file) ? statSync(file).mtimeMs : 0);

  it('again and again, at any moment, ends as if nothing had happened', async () => {
    const words = ['--scenario', '3.3-F', '--variant', 'posted'];
    const kept = folderOf('killed');
    const search = join(kept, 'search');
    const result = join(kept, 'result.json');
    let killed = 0;
    // Milliseconds behind the first checkpoint of each part: while one is written, or while the search goes on.
    for (const [index, delay] of [3, 17, 60, 1, 130].entries()) {
      const before = changedAt(search);
      const child = index === 0 ? start('check', ...words, '--checkpoint', kept, '--checkpoint-every', '0.02') : start('resume', kept);
      const ended = once(child, 'exit');
      while (child.exitCode === null && changedAt(search) === before && !existsSync(result)) await setTimeout(2);
      await setTimeout(delay);
      child.kill('SIGKILL');
      await ended;
      if (!existsSync(result)) killed++;
    }
    expect(killed).toBeGreaterThan(0);
    const resumed = await run('resume', kept, '--json');
    const whole = await run('check', ...words, '--json');
    expect(resumed.code).toBe(whole.code);
    expect(told(resumed.out, 'resume')).toEqual(told(whole.out, 'check'));
  });
});
