/**
 * `npm run mutation -- [--scenario IDS] [--procedure NAMES]`: mutants of the model, and who notices them.
 * Takes long (a compilation and a search for each); exit code 1 if something survives without a reason.
 */
import { parseArgs } from 'node:util';
import { type MutantResult, runMutation } from '../checks/index.ts';
import { table } from './print/table.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal();
const { values } = parseArgs({ options: { scenario: { type: 'string' }, procedure: { type: 'string' }, json: { type: 'boolean' } } });
const split = (text: string | undefined) => (text ?? '').split(',').filter((each) => each !== '');
const line = (result: MutantResult) => [
  result.outcome,
  `${result.file}:${result.line}`,
  `${result.procedure}()`,
  result.detail,
  result.why,
];

let count = 0;
const results = await runMutation({
  scenarios: split(values.scenario),
  procedures: split(values.procedure),
  signal: terminal.signal,
  onResult: (result) => terminal.progress(`${++count}: ${line(result).join('  ')}`),
});
terminal.progress(null);
const of = (outcome: MutantResult['outcome']) => results.filter((result) => result.outcome === outcome);
if (values.json === true) {
  terminal.out(`${JSON.stringify(results, null, 2)}\n`);
} else {
  terminal.out(`${table(['', 'place', 'procedure', 'edit', ''], results.filter(({ outcome }) => outcome !== 'killed').map(line))}\n\n`);
  const kinds = ['killed', 'noticed', 'equivalent', 'explained', 'gap'] as const;
  terminal.out(`${results.length} mutants: ${kinds.map((kind) => `${of(kind).length} ${kind}`).join(', ')}\n`);
}
process.exitCode = terminal.signal.aborted ? 130 : of('gap').length === 0 ? 0 : 1;
