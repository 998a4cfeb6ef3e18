/** The report of `compare` as text: a block for each property, with the two statements side by side. */
import type { CompareReport } from '../../checks/index.ts';
import { escapeText } from '../../checks/index.ts';
import type { Terminal } from '../terminal.ts';
import { table, tableWidth } from './table.ts';
import { wrapped } from './wrapped.ts';

type Paint = Pick<Terminal, 'style' | 'width'>;
type Comparison = CompareReport['comparisons'][number];
type Parting = NonNullable<Comparison['parting']>;
type Deed = NonNullable<Parting['first']['a']>;

/** More differences than these are counted only. */
const shownDifferences = 12;

export function compareText(report: CompareReport, terminal: Paint): string {
  const width = tableWidth(terminal);
  const { scenario, a, b, bounds, comparisons } = report;
  const head = [
    terminal.style('bold', `${scenario}: ${a.variant} on ${b.variant}`),
    ...wrapped(`${a.variant}: ${a.title}`, width, '  '),
    ...wrapped(`${b.variant}: ${b.title}`, width, '  '),
    ...wrapped(`bounds: ${bounds}`, width, '  '),
  ];
  const blocks =
    comparisons.length === 0
      ? [[`${a.variant} violates nothing${a.exhausted ? '' : ' so far: the search was cut short'}. There is no counterexample to take.`]]
      : comparisons.map((each, k) => comparisonLines(each, comparisons.slice(0, k), report, width, terminal));
  return `${[head, ...blocks].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function comparisonLines(
  comparison: Comparison,
  before: readonly Comparison[],
  { a, b }: CompareReport,
  width: number,
  terminal: Paint,
): string[] {
  const { property, name, parting } = comparison;
  const says = (variant: string, found: Comparison['a']) =>
    `  ${variant}: ${terminal.style(found.verdict === 'violated' ? 'red' : 'green', verdictText(found))}`;
  const same = parting === null ? undefined : before.find((each) => each.parting !== null && samePlace(each.parting, parting));
  return [
    terminal.style('bold', name === property ? property : `${property} ${name}`),
    says(a.variant, comparison.a),
    says(b.variant, comparison.b),
    ...(parting === null
      ? unparted(comparison, a.variant, b.variant, width)
      : same === undefined
        ? partingLines(parting, comparison, a.variant, b.variant, width, terminal)
        : [`  they part ${terminal.style('cyan', `at step ${parting.step} of ${comparison.a.steps ?? '?'}`)}, as for ${same.property}`]),
    ...elsewhere(comparison, b.variant, width),
  ];
}

/** The same statements of the same step: it need not be told twice. */
function samePlace(left: Parting, right: Parting): boolean {
  return JSON.stringify([left.step, left.first, left.tests]) === JSON.stringify([right.step, right.first, right.tests]);
}

/** B may violate it although it does not on A's schedule. */
function elsewhere({ b: found, bViolatesHere }: Comparison, b: string, width: number): string[] {
  if (found.verdict !== 'violated' || bViolatesHere === true) return [];
  const here =
    bViolatesHere === false ? 'does not violate it on this schedule, but on one of its own' : 'violates it on a schedule of its own';
  return wrapped(`${b} ${here} (${found.steps ?? '?'} steps).`, width, '  ');
}

function verdictText({ verdict, steps }: Comparison['a']): string {
  if (verdict === null) return 'is not asked of it';
  if (verdict !== 'violated') return verdict;
  return steps === null ? 'violated' : `violated after ${steps} ${steps === 1 ? 'step' : 'steps'}`;
}

function unparted({ a: found, bViolatesHere, ending }: Comparison, a: string, b: string, width: number): string[] {
  if (found.verdict !== 'violated') {
    return wrapped(
      `${a} does not violate it${found.verdict === 'incomplete' ? ' so far' : ''}: there is no counterexample to take.`,
      width,
      '  ',
    );
  }
  return [
    ...wrapped(
      `${b} does the same to the end of the counterexample${bViolatesHere === true ? ', and violates it there, too' : ', and does not violate it: what tells them apart is where their processes stand'}.`,
      width,
      '  ',
    ),
    ...differences('where it ends', ending, a, b, width),
  ];
}

function partingLines(
  parting: Parting,
  { a: found, bViolatesHere, ending }: Comparison,
  a: string,
  b: string,
  width: number,
  terminal: Paint,
): string[] {
  const { step, process, title, first, tests, why, state } = parting;
  const at = step === 0 ? 'at the start' : `at step ${step} of ${found.steps ?? '?'}, CPU ${process} (${escapeText(title, 80)})`;
  return [
    `  they part ${terminal.style('cyan', at)}`,
    ...deedLines(a, first.a, tests.a, width),
    ...deedLines(b, first.b, tests.b, width),
    '  why',
    ...why.flatMap((sentence) => wrapped(sentence, width, '    ', '')),
    ...differences(`after step ${step}`, state, a, b, width),
    ...(bViolatesHere === true
      ? [...wrapped(`On this schedule ${b} violates it all the same.`, width, '  '), ...differences('where it ends', ending, a, b, width)]
      : []),
  ];
}

/** Where a variant stands: its statements with their lines; a test in the line of what it tests is told with it. */
function deedLines(variant: string, first: Deed | null, test: Deed | null, width: number): string[] {
  if (first === null && test === null) return [];
  const together = first !== null && test !== null && first.file === test.file && first.line === test.line;
  const told = together ? [{ ...first, text: `${first.text}; ${test.text}` }] : [first, test].filter((deed) => deed !== null);
  return [
    `    ${variant}`,
    ...told.flatMap(({ file, line, source, text }) => [
      ...wrapped(`${escapeText(file, 120)}:${line}: ${escapeText(text, 200)}`, width, '      '),
      ...(source === '' ? [] : [`        | ${escapeText(source, width - 10)}`]),
    ]),
  ];
}

function differences(when: string, state: Parting['state'], a: string, b: string, width: number): string[] {
  if (state.length === 0) return [`  ${when} the two are in the same state`];
  const rows = state.slice(0, shownDifferences).map((each) => [each.name, each.a, each.b].map((text) => escapeText(text, 80)));
  const lines = table([when, a, b], rows, { wrap: [when, a, b], width: width - 2 }).split('\n');
  const more = state.length - rows.length;
  return [...lines.map((line) => `  ${line}`), ...(more === 0 ? [] : [`  ... and ${more} more`])];
}
