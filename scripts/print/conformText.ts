/** The report of `conform` as text: a table of functions, and each difference with its state and both texts side by side. */
import { type ConformProgress, type ConformReport, escapeText } from '../../checks/index.ts';
import type { Terminal } from '../terminal.ts';
import { count, duration } from './numbers.ts';
import { table, tableWidth } from './table.ts';

type Function = ConformReport['functions'][number];
type Difference = NonNullable<Function['difference']>;

/** Null while it is too early for a line. */
export function conformProgressLine({ index, total, scenario, part, elapsedMs }: ConformProgress): string | null {
  if (elapsedMs < 2000) return null;
  const doing = part === null ? 'lowering' : `${Math.floor(part * 100)} % of its states`;
  return `[${index + 1}/${total}] ${scenario}: ${doing}, ${duration(elapsedMs)}`;
}

const order = ['differs', 'incomplete', 'not comparable', 'within callers', 'same', 'not reached'] as const;

export function conformText(report: ConformReport, terminal: Terminal): string {
  const { tree, version, scenarios, interrupted, functions, unused, counts } = report;
  const rows = order.flatMap((verdict) =>
    functions
      .filter((one) => one.verdict === verdict)
      .map(({ name, at, entries, reason }) => [
        `${name}()`,
        verdict,
        entries === 0 ? '' : count(entries),
        reason === null ? `${at.file}:${at.line}` : escapeText(reason, 600),
      ]),
  );
  const differing = functions.flatMap((one) => (one.difference === null ? [] : [{ one, difference: one.difference }]));
  const abstracted = [...new Set(functions.flatMap((one) => one.abstracted))];
  return [
    `${escapeText(tree, 80)}: version ${version ?? 'unknown'}, ${count(scenarios.length)} scenarios${interrupted ? ', interrupted' : ''}`,
    order.map((verdict) => `${verdict} ${counts[verdict]}`).join(', '),
    '',
    table(['function', 'verdict', 'states', 'where, or why'], rows, {
      right: ['states'],
      wrap: ['where, or why'],
      width: tableWidth(terminal),
    }),
    ...(abstracted.length === 0 ? [] : ['', 'Declared differences that were met:', ...abstracted.map((line) => `  ${line}`)]),
    ...(unused.length === 0 ? [] : ['', 'Declared differences that nothing needs; strike them out:', ...unused.map((line) => `  ${line}`)]),
    ...differing.flatMap(({ one, difference }) => ['', ...differenceLines(one, difference, terminal)]),
    '',
  ].join('\n');
}

function differenceLines({ name, scenarios }: Function, difference: Difference, terminal: Terminal): string[] {
  const { scenario, process, call, state, common, model, tree } = difference;
  const half = Math.max(40, Math.floor((Math.max(terminal.width, 100) - 3) / 2));
  const beside = (left: readonly string[], right: readonly string[]): string[] =>
    Array.from({ length: Math.max(left.length, right.length) }, (_, k) =>
      `${clip(left[k] ?? '', half).padEnd(half)} | ${clip(right[k] ?? '', half)}`.trimEnd(),
    );
  const head = (side: Difference['model']): string[] => [
    `${side.at.file}:${side.at.line}`,
    ...(side.procedures.length > 1 ? [`in ${side.procedures.join(' > ')}`] : []),
  ];
  const source = ({ source, at }: Difference['model']): string[] =>
    source.map(({ line, text }) => `${line === at.line ? '>' : ' '} ${String(line).padStart(5)}  ${text}`);
  return [
    `${terminal.style('bold', `${name}() differs`)} (${scenario}; called in ${scenarios.join(', ')})`,
    `${escapeText(process, 60)} calls ${escapeText(call, 300)} in this state:`,
    ...state.map(({ place, value }) => `  ${escapeText(place, 80)} = ${escapeText(value, 200)}`),
    ...(common.length === 0
      ? ['Both begin at once with something else:']
      : ['Both:', ...common.map((line) => `  ${escapeText(line, 300)}`)]),
    ...beside(['the model', ...head(model)], ['the tree', ...head(tree)]),
    '',
    ...beside(
      [`then: ${model.step}`, ...model.after.map((line) => `      ${line}`)],
      [`then: ${tree.step}`, ...tree.after.map((line) => `      ${line}`)],
    ),
    '',
    ...beside(source(model), source(tree)),
  ];
}

function clip(text: string, width: number): string {
  return escapeText(text, width);
}
