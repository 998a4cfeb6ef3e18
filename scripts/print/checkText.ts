/** The report of `check` as text: a line per run, then what was and was not covered. */
import type { CheckReport, RunResult } from '../../checks/index.ts';
import type { Style, Terminal } from '../terminal.ts';
import { count, duration } from './numbers.ts';
import { seedLines } from './seedText.ts';
import { statsLines } from './statsText.ts';
import { table, tableWidth } from './table.ts';
import { worstLines } from './worstText.ts';
import { wrapped } from './wrapped.ts';

type Paint = Pick<Terminal, 'style' | 'width'>;

const columns = ['scenario', 'variant', 'verdict', 'expected', 'violated (steps)', 'states', 'depth', 'time'] as const;

export function checkText(report: CheckReport, terminal: Paint): string {
  const rows = report.runs.map((run) => rowOf(run, terminal));
  const width = tableWidth(terminal);
  const surprises = report.runs.flatMap((run) =>
    run.surprises.flatMap((each) => wrapped(`${run.scenario} ${run.variant}: ${each}`, width, '  ')),
  );
  const blocks = [
    table(columns, rows, { right: ['states', 'depth', 'time'], wrap: ['violated (steps)'], width }),
    ...report.runs.flatMap(({ scenario, variant, remarks = [] }) =>
      remarks.flatMap((each) => wrapped(`${scenario} ${variant}: ${each}`, width, '')),
    ),
    surprises.length === 0 ? '' : [terminal.style('red', 'Not as expected:'), ...surprises].join('\n'),
    changedNumbers(report, width, terminal),
    worstLines(report.runs)
      .flatMap((line) => wrapped(line.trimStart(), width, line.startsWith(' ') ? '  ' : ''))
      .join('\n'),
    statsLines(
      report.runs.flatMap(({ scenario, variant, states, steps, stats }) =>
        stats === undefined ? [] : [{ name: `${scenario} ${variant}`, states, steps, stats }],
      ),
    )
      .flatMap((line) => wrapped(line.trimStart(), width, ' '.repeat(line.length - line.trimStart().length)))
      .join('\n'),
    seedLines(report.seeds, width, terminal).join('\n'),
    summaryOf(report, width, terminal),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function changedNumbers({ summary }: CheckReport, width: number, terminal: Paint): string {
  if (summary.statesChanged.length === 0) return '';
  const title = 'Numbers of states that are not as recorded (if that is meant: check --record "why they changed"):';
  return [terminal.style('red', title), ...summary.statesChanged.flatMap((each) => wrapped(each, width, '  '))].join('\n');
}

function rowOf(run: RunResult, terminal: Paint): string[] {
  const colour: Style = run.asExpected ? 'green' : 'red';
  const violated = run.properties.filter((each) => each.verdict === 'violated').map((each) => `${each.id} (${each.steps ?? '?'})`);
  return [
    run.scenario,
    run.variant,
    terminal.style(colour, run.verdict),
    run.expectedVerdict ?? '-',
    violated.join(', ') || '-',
    count(run.states),
    String(run.depth),
    duration(run.milliseconds),
  ];
}

function summaryOf({ summary, preset, runs }: CheckReport, width: number, terminal: Paint): string {
  const all = summary.asExpected === summary.runs;
  const title = `${summary.asExpected} of ${summary.runs} runs as expected, ${count(summary.states)} states in ${duration(summary.milliseconds)}, bounds "${preset}".`;
  const open = runs.every((run) => run.exhausted) ? '' : ' before the search ended';
  return [
    terminal.style(all ? 'green' : 'red', title),
    ...wrapped(`Covered: ${list(summary.propertiesCovered)}.`, width, ''),
    ...(summary.propertiesNotCovered.length === 0
      ? []
      : wrapped(`Not covered: ${list(summary.propertiesNotCovered)} (nothing that they speak of occurred${open}).`, width, '')),
    ...(summary.notCovered.length === 0 ? [] : ['Left out:', ...summary.notCovered.flatMap((each) => wrapped(each, width, '  '))]),
    'A verdict speaks of the model within these bounds, not of the kernel: see the README.',
  ].join('\n');
}

function list(ids: readonly string[]): string {
  return ids.length === 0 ? 'nothing' : ids.join(', ');
}
