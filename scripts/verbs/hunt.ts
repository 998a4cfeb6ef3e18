/** `mmucheck hunt`: random search, repeatable by seed and path. */
import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { type HuntReport, huntReportSchema, renderTrace, runHunt } from '../../checks/index.ts';
import { boundsOption, boundsSchema, outOption, propertyOption } from '../options.ts';
import { count, duration } from '../print/numbers.ts';
import { command } from '../print/replayCommand.ts';
import { writeTraces } from '../print/writeTraces.ts';
import { verb } from '../verb.ts';

const optionsSchema = z.object({
  ...boundsSchema.shape,
  variant: z.string().optional(),
  property: z.array(z.string()).default([]),
  seed: z.number(),
  path: z.string().optional(),
  runs: z.number().optional(),
  steps: z.number().optional(),
  time: z.number().optional(),
  out: z.string().optional(),
});

export const huntVerb = verb<HuntReport>({
  name: 'hunt',
  summary: 'Search a scenario at random, for bounds that cannot be exhausted.',
  arguments: [{ name: '<scenario>', help: 'its id' }],
  options: [
    new Option('-v, --variant <name>', 'the variant; the model as it stands if left out'),
    propertyOption,
    boundsOption,
    new Option('--seed <n>', 'where the schedules are drawn from').argParser(wholeNumber).default(1),
    new Option('--path <path>', 'only the schedule that an earlier hunt with this seed found'),
    new Option('--runs <n>', 'schedules to try').argParser(wholeNumber),
    new Option('--steps <n>', 'longest schedule').argParser(wholeNumber),
    new Option('--time <seconds>', 'stop drawing schedules after this time').argParser(wholeNumber),
    outOption,
  ],
  examples: [{ line: 'hunt 3.3-A --variant posted --bounds medium --seed 7', does: 'schedules from seed 7' }],
  schema: huntReportSchema,
  whenInterrupted: 'The same seed draws the same schedules again; --time and --runs say when to stop.',
  run: async ({ arguments: [scenario = ''], options }, terminal) => {
    const given = optionsSchema.parse(options);
    const { report, trace } = await runHunt({
      scenario,
      variant: given.variant ?? null,
      preset: given.bounds,
      seed: given.seed,
      ...(given.path === undefined ? {} : { path: given.path }),
      ...(given.runs === undefined ? {} : { runs: given.runs }),
      ...(given.steps === undefined ? {} : { stepsMax: given.steps }),
      ...(given.time === undefined ? {} : { timeMs: given.time * 1000 }),
      properties: given.property,
      signal: terminal.signal,
      onOptions: (drawn) => terminal.err(`hunting ${scenario}: ${drawnText(drawn)}\n`),
    });
    if (given.out !== undefined && trace !== null)
      writeTraces(given.out, [trace], (each) => `${each.scenario}-${each.variant}-${each.property.id}`);
    return { report, outcomes: [report.found === null ? 'incomplete' : 'violated'] };
  },
  print: ({ scenario, variant, bounds, options, schedules, steps, boundsMet, found, trace, reached }, terminal) => {
    const again = [...repeated(scenario, variant, options), ...(found === null ? [] : ['--path', found.path])];
    const repeat = command('hunt', ...again);
    const verdict =
      found === null
        ? terminal.style('yellow', 'nothing found, which shows nothing: this was a random search')
        : terminal.style('red', `violates ${found.property} after ${found.steps} steps${found.expected ? ', as expected' : ''}`);
    return [
      `${scenario} ${variant}: ${verdict}`,
      `  bounds     ${bounds}`,
      `  schedules  ${count(schedules)}, ${count(steps)} steps; ${count(boundsMet)} ended at a bound of the model`,
      `  reached    ${reached.join(', ') || 'no interesting state'}`,
      `  again      ${repeat}`,
      ...(trace === null ? [] : ['', renderTrace(trace, 'text', repeat).trimEnd()]),
      '',
    ].join('\n');
  },
});

/** Everything that schedules are drawn from, before the first step. */
function drawnText({ preset, properties, seed, runs, stepsMax, stretchMax, path, timeMs }: HuntReport['options']): string {
  return [
    `bounds ${preset}`,
    properties.length === 0 ? 'all properties' : `only ${properties.join(', ')}`,
    `seed ${seed}`,
    path === undefined ? `at most ${count(runs)} schedules` : 'the one schedule of --path',
    `at most ${count(stepsMax)} steps each`,
    `at most ${count(stretchMax)} of one process in a row`,
    ...(timeMs === undefined ? [] : [`for ${duration(timeMs)}`]),
  ].join(', ');
}

/** What the result follows from; not the time, which only ends it. */
function repeated(scenario: string, variant: string, { preset, properties, seed, runs, stepsMax }: HuntReport['options']): string[] {
  return [
    ...[scenario, '--variant', variant, '--bounds', preset],
    ...(properties.length === 0 ? [] : ['--property', properties.join(',')]),
    ...['--seed', String(seed), '--runs', String(runs), '--steps', String(stepsMax)],
  ];
}

function wholeNumber(value: string): number {
  if (!/^-?\d{1,15}$/.test(value)) throw new InvalidArgumentError('A whole number is wanted.');
  return Number(value);
}
