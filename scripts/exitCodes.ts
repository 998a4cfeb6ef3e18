/**
 * The one list of exit codes. `--help` and docs/exit-codes.md are made from it or compared with it.
 *
 * In: nothing. Out: codes, their meaning, and the rule for runs that have several outcomes.
 * Never: a number of its own anywhere else.
 */
export const exitCodes = {
  asExpected: { code: 0, meaning: 'every verdict is as expected; a patch holds and was fully exercised, or changes no code of the model' },
  violated: { code: 1, meaning: 'a property is violated, or a verdict is not the expected one' },
  incomplete: { code: 2, meaning: 'no verdict: a limit or a bound of the model came first, or nothing interesting was reached' },
  notModelled: {
    code: 3,
    meaning: 'no verdict: a part that matters is not modelled or was never run, or it is open which kernel is meant',
  },
  usage: { code: 64, meaning: 'wrong use: unknown verb, option or name' },
  unreadable: {
    code: 65,
    meaning:
      'the input cannot be read: no patch in it, truncated, not of the published schema, a checkpoint of another model, a patch that does not apply',
  },
  internal: { code: 70, meaning: 'a bug of mmucheck, or its installation is broken' },
  interrupted: { code: 130, meaning: 'stopped by Ctrl-C; what was reached is printed' },
} as const;

export type Outcome = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[Outcome]['code'];

/** Several outcomes meet: the first of these that occurred is the exit code. */
export const precedence: readonly Outcome[] = [
  'interrupted',
  'usage',
  'internal',
  'unreadable',
  'violated',
  'notModelled',
  'incomplete',
  'asExpected',
];

/** The exit code of a run with these outcomes. None at all means that nothing was wrong. */
export function exitCodeOf(outcomes: Iterable<Outcome>): ExitCode {
  const met = new Set(outcomes);
  const first = precedence.find((each) => met.has(each)) ?? 'asExpected';
  return exitCodes[first].code;
}

/** The table as `--help` shows it. */
export function exitCodeHelp(): string {
  const lines = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
  return ['Exit codes:', ...lines, '  Of several, the first of 70, 65, 1, 3, 2, 0.'].join('\n');
}
