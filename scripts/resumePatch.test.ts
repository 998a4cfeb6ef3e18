/**
 * The judgement of a patch that is interrupted, and gone on with, from the command line.
 */
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patchReportSchema, published } from '../checks/index.ts';
import { orphansGo } from '../checks/patch/testing.ts';
import { runCommandLine } from './commandLine.ts';
import { recordingTerminal } from './testing/recordingTerminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'mmucheck-resume-patch-'));
const folderOf = (name: string) => join(folder, name);
const file = folderOf('own.patch');
writeFileSync(file, orphansGo('!child->parent_ptes.val'));
const words = ['patch', file, '--era', '2020', '--json'];

async function run(...given: string[]) {
  const terminal = recordingTerminal();
  const code = await runCommandLine(given, terminal);
  return { code, ...terminal.printed };
}

/** What a report says, without what depends on the clock. */
function told(text: string): unknown {
  const report = published('patch', patchReportSchema).parse(JSON.parse(text));
  return { ...report, runs: report.runs.map((each) => ({ ...each, milliseconds: 0 })) };
}
const searches = (kept: string) => (existsSync(kept) ? readdirSync(kept).filter((name) => name.endsWith('.search')) : []);

describe('a patch that Ctrl-C interrupted', { timeout: 400_000 }, () => {
  const kept = folderOf('kept');

  it('is gone on with, and ends as one that was not interrupted, traces included', async () => {
    const whole = await run(...words, '--out', folderOf('whole'));
    const terminal = recordingTerminal();
    // In the midst of it: some searches have ended, others have not begun.
    const timer = setInterval(() => {
      if (searches(kept).length >= 3) terminal.abort.abort();
    }, 1);
    const code = await runCommandLine(
      [...words, '--checkpoint', kept, '--checkpoint-every', '0.02', '--out', folderOf('resumed')],
      terminal,
    );
    clearInterval(timer);
    expect([code, JSON.parse(terminal.printed.out).runs.length]).toEqual([130, expect.any(Number)]);
    expect(JSON.parse(terminal.printed.out).runs.length).toBeLessThan(JSON.parse(whole.out).runs.length);
    cpSync(kept, folderOf('copy'), { recursive: true });
    const before = searches(kept).length;
    const resumed = await run('resume', kept, '--json');
    expect(resumed.code).toBe(whole.code);
    expect(told(resumed.out)).toEqual(told(whole.out));
    expect(searches(kept).length).toBeGreaterThan(before);
    const [trace = ''] = readdirSync(folderOf('whole')).filter((name) => name.endsWith('.json'));
    expect(readFileSync(join(folderOf('resumed'), trace), 'utf8')).toBe(readFileSync(join(folderOf('whole'), trace), 'utf8'));
    // Nothing is searched any more; the answer is the same, also as text.
    expect(told((await run('resume', kept, '--json')).out)).toEqual(told(whole.out));
    expect((await run('resume', kept)).out).toContain('I-37');
  });

  it('is refused in one line where it is of another version, and not overwritten by another one', async () => {
    const other = folderOf('copy');
    expect(await run(...words, '--checkpoint', other)).toMatchObject({ code: 64, out: expect.stringContaining('holds a check already') });
    const asked = join(other, 'patch.json');
    const text = readFileSync(asked, 'utf8');
    writeFileSync(asked, JSON.stringify({ ...(JSON.parse(text) as object), mmucheck: '0.0.1' }));
    expect(await run('resume', other)).toMatchObject({ code: 65, out: '', err: expect.stringMatching(/was made by mmucheck 0\.0\.1/) });
    writeFileSync(asked, text);
    const [search = ''] = searches(other);
    appendFileSync(join(other, search), 'more');
    expect(await run('resume', other)).toMatchObject({
      code: 65,
      // What was proven before may be told before it.
      err: expect.stringMatching(/(^|\n)mmucheck: a search in \S+ is damaged[^\n]*\n$/),
    });
    appendFileSync(file, '\n');
    expect(await run('resume', other)).toMatchObject({ code: 65, err: expect.stringMatching(/is not the patch that \S+ is about\n$/) });
  });

  it('cannot be from standard input', async () => {
    expect(await run('patch', '-', '--checkpoint', folderOf('stdin'))).toMatchObject({
      code: 64,
      err: expect.stringMatching(/save it to a file/),
    });
  });
});
