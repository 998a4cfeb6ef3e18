import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorReportSchema, published, UnreadableInput, version, WrongUse } from '../checks/index.ts';
import { runCommandLine } from './commandLine.ts';
import { exitCodeHelp, exitCodes, type Outcome } from './exitCodes.ts';
import { recordingTerminal } from './testing/recordingTerminal.ts';
import { type Verb, verb } from './verb.ts';
import { verbs } from './verbs/index.ts';

/** A verb that answers with what it was given, or fails as told. */
function echo(behaviour: { outcomes?: Outcome[]; throws?: Error; then?: () => void } = {}): Verb {
  return verb<{ said: readonly string[] }>({
    name: 'echo',
    summary: 'says it again',
    arguments: [{ name: '[words...]', help: 'what to say' }],
    options: [],
    examples: [{ line: 'echo hello', does: 'says hello' }],
    schema: z.strictObject({ said: z.array(z.string()) }),
    run: async ({ arguments: said }) => {
      behaviour.then?.();
      if (behaviour.throws !== undefined) throw behaviour.throws;
      return { report: { said }, outcomes: behaviour.outcomes ?? [] };
    },
    print: ({ said }) => `${said.join(' ')}\n`,
  });
}
async function run(words: string[], list: readonly Verb[] = verbs, terminal = recordingTerminal()) {
  const code = await runCommandLine(words, terminal, list);
  return { code, ...terminal.printed };
}

describe('the command line', () => {
  it('prints the report of a verb as text or as JSON, with the same exit code', async () => {
    expect(await run(['echo', 'a', 'b'], [echo({ outcomes: ['violated'] })])).toEqual({ code: 1, out: 'a b\n', err: '' });
    const json = await run(['echo', 'a', '--json'], [echo({ outcomes: ['violated'] })]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toEqual({ verb: 'echo', mmucheck: version, exitCode: 1, said: ['a'] });
  });

  it.each([
    ['wrong use', new WrongUse('no such thing'), exitCodes.usage.code],
    ['unreadable input', new UnreadableInput('x: not a patch'), exitCodes.unreadable.code],
    ['a bug of ours', new Error('oops'), exitCodes.internal.code],
  ])('answers %s with one line and its code', async (_what, error, code) => {
    const answer = await run(['echo'], [echo({ throws: error })]);
    expect(answer.code).toBe(code);
    expect(answer.out).toBe('');
    expect(answer.err.split('\n')[0]).toBe(`mmucheck: ${error.message}`);
    const json = JSON.parse((await run(['echo', '--json'], [echo({ throws: error })])).out);
    expect(published('error', errorReportSchema).parse(json)).toEqual({
      verb: 'error',
      mmucheck: version,
      exitCode: code,
      error: error.message,
    });
  });

  it('keeps stack traces for bugs of its own', async () => {
    expect((await run(['echo'], [echo({ throws: new WrongUse('no') })])).err).not.toContain(' at ');
    expect((await run(['echo'], [echo({ throws: new Error('oops') })])).err).toContain(' at ');
  });

  it('gives what was reached and 130 after Ctrl-C', async () => {
    const terminal = recordingTerminal();
    const answer = await run(['echo', 'so', 'far'], [echo({ then: () => terminal.abort.abort() })], terminal);
    expect(answer).toEqual({ code: 130, out: 'so far\n', err: 'mmucheck: interrupted; what was reached follows\n' });
  });

  it.each([[[]], [['nonsense']], [['nonsense', '--help']], [['--json']], [['echo', '--nonsense']], [['trace']], [['check', 'words']]])(
    'refuses %j as wrong use',
    async (words) => {
      const answer = await run(words, [...verbs, echo()]);
      expect(answer.code).toBe(64);
      // One form for all complaints, and never a page of help that looks like success.
      expect(words.includes('--json') ? JSON.parse(answer.out).error : answer.err.match(/^mmucheck: ./)?.[0]).toBeTruthy();
    },
  );

  it('puts complaints about the words into the object, too', async () => {
    const answer = await run(['trace', '--json']);
    expect(JSON.parse(answer.out)).toMatchObject({ verb: 'error', exitCode: 64 });
    expect(answer.err).toBe('');
  });

  it('prints its version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
});

describe('every verb', () => {
  it.each(verbs.map((each) => [each.name, each] as const))('%s has help with examples and exit codes', async (name, each) => {
    const { code, out } = await run([name, '--help']);
    expect(code).toBe(0);
    for (const { line } of each.examples) expect(out).toContain(`mmucheck ${line}`);
    expect(out).toContain(exitCodeHelp());
  });

  it('is in the general help, with the exit codes', async () => {
    const { out } = await run(['--help']);
    for (const each of verbs) expect(out).toContain(`  ${each.name}`);
    expect(out).toContain(exitCodeHelp());
  });
});
