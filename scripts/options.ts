/**
 * Options that mean the same in every verb that has them.
 *
 * In: words. Out: commander options and the zod schemas that check them. Never: a default that differs by verb.
 */
import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { mostWorkers } from '../checks/index.ts';

/** `a,b` and repeated options, as one list. */
export const commaSeparated = (value: string, before: unknown): string[] => [
  ...(Array.isArray(before) ? (before as string[]) : []),
  ...value.split(',').filter((each) => each !== ''),
];

export function positive(value: string): number {
  const parsed = Number(value);
  if (!Number.isFinite(parsed) || parsed <= 0) throw new InvalidArgumentError('A positive number is wanted.');
  return parsed;
}

function threads(value: string): number {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1 || parsed > mostWorkers) {
    throw new InvalidArgumentError(`A whole number from 1 to ${mostWorkers} is wanted.`);
  }
  return parsed;
}

export const propertyOption = new Option('-p, --property <ids>', 'only these properties').argParser(commaSeparated);
export const selectionOptions: readonly Option[] = [
  new Option('-s, --scenario <ids>', 'only these scenarios, by id, separated by commas').argParser(commaSeparated),
  new Option('-v, --variant <ids>', 'only these variants').argParser(commaSeparated),
  propertyOption,
];
export const boundsOption = new Option('-b, --bounds <preset>', 'how large the machine is')
  .choices(['small', 'medium', 'large'])
  .default('small');
export const limitOptions: readonly Option[] = [
  new Option('--time <seconds>', 'give up after this time, for each run').argParser(positive),
  new Option('--states <n>', 'give up after this many states, for each run').argParser(positive),
  new Option('--depth <n>', 'look no deeper than this many steps').argParser(positive),
  new Option('--memory <megabytes>', 'give up when the states take more than this').argParser(positive),
];
export const backEndOption = new Option('--back-end <name>', 'what runs the steps (default: javascript, and wasm for large runs)').choices([
  'javascript',
  'wasm',
]);
export const workersOption = new Option('--workers <n>', 'threads that search a large run together').argParser(threads).default(1);
export const jobsOption = new Option('--jobs <n>', 'runs at the same time (default: one a core at small bounds, else 1)').argParser(
  threads,
);
export const compressOption = new Option(
  '--compress',
  'keep states in parts from the start: a third of the memory, somewhat slower (default: when memory runs short)',
);
/** Which reductions a search uses unless it is told: those that save more than they cost (docs/decisions/renaming.md, ample-sets.md). */
const reductionDefaults = { renaming: false, ample: false } as const;
export const reductionOptions: readonly Option[] = [
  new Option('--renaming', 'take states for one that differ only in the numbers of interchangeable rows'),
  new Option('--no-renaming', 'do not (the default)'),
  new Option('--ample', 'where one process can step first without a difference, let the others wait; traces may be longer'),
  new Option('--no-ample', 'do not (the default)'),
  new Option('--no-reductions', 'leave out nothing but what merged steps leave out, whatever is asked for'),
  new Option('--stats', 'tell what each reduction saved, or why it was refused').default(false),
];
export const checkpointOptions: readonly Option[] = [
  new Option('--checkpoint <folder>', 'save the search there now and then, and on Ctrl-C; mmucheck resume goes on'),
  new Option('--checkpoint-every <seconds>', 'how often (default: 60)').argParser(positive),
];
export const outOption = new Option('-o, --out <folder>', 'write the traces there, as JSON and text');

export const selectionSchema = z.object({
  scenario: z.array(z.string()).default([]),
  variant: z.array(z.string()).default([]),
  property: z.array(z.string()).default([]),
});
export const limitsSchema = z.object({
  time: z.number().optional(),
  states: z.number().optional(),
  depth: z.number().optional(),
  memory: z.number().optional(),
});
export const boundsSchema = z.object({ bounds: z.enum(['small', 'medium', 'large']) });

export const backEndSchema = z.object({ backEnd: z.enum(['javascript', 'wasm']).optional() });

export const workersSchema = z.object({ workers: z.number() });

export const reductionsSchema = z.object({
  renaming: z.boolean().default(reductionDefaults.renaming),
  ample: z.boolean().default(reductionDefaults.ample),
  reductions: z.boolean().default(true),
  stats: z.boolean().default(false),
});

/** As the explorer wants them. */
export function reductionsOf({ reductions, renaming, ample }: z.infer<typeof reductionsSchema>) {
  return { renaming: reductions && renaming, ample: reductions && ample };
}

/** In the units of the explorer. */
export function limitsOf(given: z.infer<typeof limitsSchema>) {
  return {
    ...(given.time === undefined ? {} : { timeMs: given.time * 1000 }),
    ...(given.states === undefined ? {} : { states: given.states }),
    ...(given.depth === undefined ? {} : { depth: given.depth }),
    ...(given.memory === undefined ? {} : { memoryBytes: given.memory * 2 ** 20 }),
  };
}
