/** `mmucheck conform`: the functions of a kernel tree against the model's procedures. */
import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { type ConformReport, conformReportSchema, conformTree, usualLimits } from '../../checks/index.ts';
import type { Outcome } from '../exitCodes.ts';
import { commaSeparated } from '../options.ts';
import { conformProgressLine, conformText } from '../print/conformText.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({
  scenario: z.array(z.string()).default([]),
  only: z.array(z.string()).default([]),
  entries: z.number().default(usualLimits.entries),
});

export const conformVerb = verb<ConformReport>({
  name: 'conform',
  summary: 'Hold the functions of a kernel tree against the procedures of the model that stand for them.',
  arguments: [{ name: '<directory>', help: 'the top of a kernel tree, unpacked; nothing in it is executed or changed' }],
  options: [
    new Option('-s, --scenario <ids>', 'only calls that these scenarios make, by id, separated by commas').argParser(commaSeparated),
    new Option('--only <functions>', 'only these functions, separated by commas').argParser(commaSeparated),
    new Option('--entries <n>', `states in which a function is called, in each scenario (default: ${usualLimits.entries})`).argParser(
      wholeNumber,
    ),
  ],
  examples: [
    { line: 'conform linux-6.12', does: 'each function alone, from every state in which a scenario calls it' },
    { line: 'conform linux-6.12 --only kvm_mmu_free_roots --scenario 2.10', does: 'one function, from the calls of one scenario' },
    { line: 'conform linux-6.12 --json', does: 'for scripts' },
  ],
  schema: conformReportSchema,
  whenInterrupted: '--scenario and --only select a part.',
  run: async ({ arguments: [directory = '.'], options }, terminal) => {
    const { scenario, only, entries } = optionsSchema.parse(options);
    const report = await conformTree({
      directory,
      scenarios: scenario,
      only,
      limits: { ...usualLimits, entries },
      signal: terminal.signal,
      onProgress: (progress) => terminal.progress(conformProgressLine(progress)),
    });
    return { report, outcomes: outcomesOf(report, only.length > 0) };
  },
  print: conformText,
});

/** `named`: somebody asked for these functions, so one that nothing calls is no answer. */
function outcomesOf({ functions, unused, counts }: ConformReport, named: boolean): Outcome[] {
  const outcomes: Outcome[] = [];
  if (counts.differs > 0 || unused.length > 0) outcomes.push('violated');
  if (counts.incomplete > 0) outcomes.push('incomplete');
  const compared = functions.some(({ verdict }) => verdict === 'same' || verdict === 'differs' || verdict === 'incomplete');
  if (counts['not comparable'] > 0 || !compared || (named && counts['not reached'] > 0)) outcomes.push('notModelled');
  return outcomes.length === 0 ? ['asExpected'] : outcomes;
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('A whole number is wanted.');
  return Number(value);
}
