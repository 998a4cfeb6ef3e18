/** A check by several threads says what one thread says. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { checkReportSchema, packageRoot, published } from '../checks/index.ts';

const root = packageRoot();
beforeAll(() => {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'bootstrap.mjs'), '--build'], { cwd: root, encoding: 'utf8' });
  expect(built.status, built.stderr).toBe(0);
});

function check(...words: string[]) {
  const main = join(root, 'dist', 'scripts', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'check', ...words], { cwd: root, encoding: 'utf8' });
  return { status, stdout, stderr };
}

it('is the same with --jobs 3 as with --jobs 1: runs, their order, traces, exit code', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mmucheck-jobs-'));
  const [one, three] = ['1', '3'].map((jobs) => {
    const out = join(folder, jobs);
    const { status, stdout, stderr } = check('--scenario', '3.3-B,2.2,3.3-E', '--jobs', jobs, '--json', '--out', out);
    expect(stderr).toBe('');
    const { runs, summary } = published('check', checkReportSchema).parse(JSON.parse(stdout));
    // The texts beside them name the folder.
    const files = readdirSync(out).filter((file) => file.endsWith('.json'));
    const traces = files.map((file) => [file, readFileSync(join(out, file), 'utf8')]);
    return { status, runs: runs.map((run) => ({ ...run, milliseconds: 0 })), summary: { ...summary, milliseconds: 0 }, traces };
  });
  expect(three).toEqual(one);
  expect(one?.runs.length).toBeGreaterThan(4);
  expect(one?.traces.length).toBeGreaterThan(2);
});

it('refuses a number of jobs that cannot be', () => {
  expect(check('--jobs', '0')).toMatchObject({ status: 64, stderr: expect.stringMatching(/whole number/) });
});
