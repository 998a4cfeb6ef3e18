/**
 * The command line: finds the verb, runs it, prints its report, gives the exit code.
 *
 * In: words and a terminal. Out: an exit code. Never: process.exit, so that tests can run it in their own process.
 */
import { Command, CommanderError, Option } from 'commander';
import { UnreadableInput, unknownName, version, WrongUse } from '../checks/index.ts';
import { type ExitCode, exitCodeHelp, exitCodeOf, exitCodes, type Outcome } from './exitCodes.ts';
import type { Terminal } from './terminal.ts';
import type { Verb } from './verb.ts';
import { verbs as allVerbs } from './verbs/index.ts';

/** Runs one command line (without node and script) to its end. */
export async function runCommandLine(words: readonly string[], terminal: Terminal, verbs: readonly Verb[] = allVerbs): Promise<ExitCode> {
  const json = words.includes('--json');
  let code: ExitCode = exitCodes.asExpected.code;
  const program = programOf(verbs, terminal, json, async (verb, given, options) => {
    code = await runVerb(verb, given, options, terminal);
  });
  try {
    refuseUnknownVerb(words, verbs);
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    return printError(error, json, terminal);
  } finally {
    terminal.progress(null);
  }
}

/** Before anything else: `mmucheck bogus --help` is no question about mmucheck. */
function refuseUnknownVerb(words: readonly string[], verbs: readonly Verb[]): void {
  const [first] = words;
  if (first === undefined) throw new WrongUse('which verb? See mmucheck --help');
  const names = verbs.map(({ name }) => name);
  if (!first.startsWith('-') && !names.includes(first)) throw unknownName('verb', first, names);
}

type Run = (verb: Verb, given: readonly string[], options: Readonly<Record<string, unknown>>) => Promise<void>;

/** Also used to print the reference of the command line. */
export function programOf(verbs: readonly Verb[], terminal: Terminal, quiet: boolean, run: Run): Command {
  const program = new Command('mmucheck')
    .description("A model checker for the invariants of KVM's x86 MMU.")
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .addHelpText('after', `\n${exitCodeHelp()}\n\nmmucheck VERB --help tells more about a verb.`);
  configure(program, terminal, quiet);
  for (const verb of verbs) {
    const command = program.command(verb.name).description(verb.summary).helpOption('-h, --help', 'print this help');
    configure(command, terminal, quiet);
    for (const argument of verb.arguments) command.argument(argument.name, argument.help);
    for (const option of verb.options) command.addOption(option);
    command.addOption(new Option('--json', 'print one JSON object instead of text'));
    command.addHelpText('after', `\n${examplesOf(verb)}\n\n${exitCodeHelp()}`);
    command.action(async () => await run(verb, command.args, command.opts()));
  }
  program.allowExcessArguments(true).action(() => {
    throw new WrongUse('the verb comes first; see mmucheck --help');
  });
  return program;
}

function configure(command: Command, terminal: Terminal, quiet: boolean): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.out(text),
    // With --json, commander's complaint becomes the `error` of the object.
    writeErr: (text) => (quiet ? undefined : terminal.err(text)),
    // One form for all complaints, whoever finds the fault.
    outputError: (text, write) => write(text.replace(/^error: /, 'mmucheck: ')),
    getOutHelpWidth: () => terminal.width,
    getErrHelpWidth: () => terminal.width,
  });
}

function examplesOf(verb: Verb): string {
  const width = Math.max(...verb.examples.map(({ line }) => line.length));
  return ['Examples:', ...verb.examples.map(({ line, does }) => `  mmucheck ${line.padEnd(width)}  ${does}`)].join('\n');
}

async function runVerb(
  verb: Verb,
  given: readonly string[],
  options: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<ExitCode> {
  const { report, outcomes, as = verb } = await verb.run({ arguments: given, options }, terminal);
  const exitCode = exitCodeOf(terminal.signal.aborted ? [...outcomes, 'interrupted'] : outcomes);
  terminal.progress(null);
  if (terminal.signal.aborted)
    terminal.err(
      `mmucheck: interrupted; what was reached follows${verb.whenInterrupted === undefined ? '' : `. ${verb.whenInterrupted}`}\n`,
    );
  terminal.out(
    options['json'] === true
      ? `${JSON.stringify({ verb: as.name, mmucheck: version, exitCode, ...report }, null, 2)}\n`
      : as.print(report, terminal),
  );
  return exitCode;
}

function printError(error: unknown, json: boolean, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.asExpected.code;
  const outcome = outcomeOf(error);
  const exitCode = exitCodes[outcome].code;
  const message =
    error instanceof CommanderError ? error.message.replace(/^error: /, '') : error instanceof Error ? error.message : String(error);
  if (json) {
    terminal.out(`${JSON.stringify({ verb: 'error', mmucheck: version, exitCode, error: message }, null, 2)}\n`);
  } else if (!(error instanceof CommanderError)) {
    terminal.err(`mmucheck: ${message}\n`);
  }
  if (outcome === 'internal') {
    terminal.err(
      `${error instanceof Error ? (error.stack ?? '') : ''}\nThis is a bug of mmucheck: please report it with the command line.\n`,
    );
  }
  return exitCode;
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof CommanderError || error instanceof WrongUse) return 'usage';
  if (error instanceof UnreadableInput) return 'unreadable';
  return 'internal';
}
