/**
 * What a verb is: arguments in, a report out, and the report as text.
 *
 * In: words from the command line. Out: a report with a published schema. Never: printing by itself:
 * `--json` and the text show the same report, so that neither can say what the other does not.
 */
import type { Option } from 'commander';
import type { z } from 'zod';
import type { Outcome } from './exitCodes.ts';
import type { Terminal } from './terminal.ts';

export interface Verb<Report extends object = object> {
  readonly name: string;
  readonly summary: string;
  /** In commander's notation, e.g. `<file>` or `[scenarios...]`, each with an explanation. */
  readonly arguments: readonly { readonly name: string; readonly help: string }[];
  readonly options: readonly Option[];
  /** Command lines that work, without `mmucheck` in front, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Of the report; published as docs/schemas/<name>.json. */
  readonly schema: z.ZodObject;
  /** What to do after Ctrl-C, in a sentence: how to run a part, or for how long. */
  readonly whenInterrupted?: string;
  run(words: Words, terminal: Terminal): Promise<Answer<Report>>;
  /** Ends with a newline. */
  print(report: Report, terminal: Terminal): string;
}

export interface Answer<Report> {
  readonly report: Report;
  readonly outcomes: readonly Outcome[];
  /** The verb whose report this is, if it is that of another one: it is printed, and named, as that verb's. */
  readonly as?: Verb;
}

/** What was typed after the verb. */
export interface Words {
  readonly arguments: readonly string[];
  /** By the long name of the option in camelCase, not yet trusted: each verb parses them with a zod schema. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** For the list of all verbs: hides what each reports. `print` is only ever given what `run` returned. */
export function verb<Report extends object>(definition: Verb<Report>): Verb {
  return {
    ...definition,
    run: (words, terminal) => definition.run(words, terminal),
    print: (report, terminal) => definition.print(report as Report, terminal),
  };
}
