/** The report of `check-tree` as text: scenarios, functions, what no scenario reaches, and what stands for the rest. */
import { renderTrace, spans, type TreeCheckReport } from '../../checks/index.ts';
import type { Style, Terminal } from '../terminal.ts';
import { count, duration } from './numbers.ts';
import { table, tableWidth } from './table.ts';
import { wrapped } from './wrapped.ts';

type Paint = Pick<Terminal, 'style' | 'width'>;
type Run = TreeCheckReport['runs'][number];
type Covered = TreeCheckReport['functions'][number];

export function treeCheckText(report: TreeCheckReport, lines: boolean, terminal: Paint): string {
  const width = tableWidth(terminal);
  const blocks = [
    `${report.tree}: version ${report.version ?? 'unknown'}, bounds "${report.preset}"`,
    table(
      ['scenario', 'among', 'verdict', 'violated (steps)', 'ran', "model's", 'states', 'alone', 'time'],
      report.runs.map((run) => rowOf(run, terminal)),
      { right: ['ran', "model's", 'states', 'alone', 'time'], wrap: ['violated (steps)'], width },
    ),
    reasonsOf(report, width),
    ...report.traces.map((trace) =>
      renderTrace(trace, 'text', `mmucheck check-tree ${report.tree} --scenario ${trace.scenario}`).trimEnd(),
    ),
    functionsText(report, lines, width),
    standInsText(report, lines, width),
    notPlacedText(report, width),
    summaryOf(report, width, terminal),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const words: Readonly<Record<Run['verdict'], string>> = {
  holds: 'holds',
  violated: 'violated',
  incomplete: 'incomplete',
  vacuous: 'vacuous',
  notExercised: 'not exercised',
  otherVersions: 'other versions',
};

function rowOf(run: Run, terminal: Paint): string[] {
  const fresh = run.violated.some(({ known }) => !known);
  const colour: Style = run.verdict === 'holds' ? 'green' : fresh ? 'red' : 'yellow';
  return [
    run.scenario,
    run.variant ?? '-',
    terminal.style(colour, words[run.verdict]),
    run.violated.map(({ id, steps, known }) => `${id} (${steps ?? '?'})${known ? ', known' : ''}`).join(', ') || '-',
    String(run.ran.length),
    String(run.standIns.length),
    count(run.states),
    count(run.modelStates),
    duration(run.milliseconds),
  ];
}

function reasonsOf({ runs }: TreeCheckReport, width: number): string {
  const lines = runs.flatMap(({ scenario, reasons }) => reasons.flatMap((each) => wrapped(`${scenario}: ${each}`, width, '  ')));
  return lines.length === 0 ? '' : ['No verdict, or not all of one:', ...lines].join('\n');
}

function functionsText({ functions }: TreeCheckReport, lines: boolean, width: number): string {
  const files = [...new Set(functions.map(({ file }) => file))];
  return files
    .map((file) => {
      const own = functions.filter((one) => one.file === file);
      const never = own.filter(({ scenarios }) => scenarios.length === 0);
      const whole = own.filter((one) => one.reached === one.lines && !never.includes(one));
      const rows = own
        .filter((one) => !never.includes(one) && (lines || !whole.includes(one)))
        .map((one) => [
          String(one.line),
          one.name,
          String(one.scenarios.length),
          `${one.reached} of ${one.lines}`,
          notReached(one),
          ...(lines ? [oneSided(one)] : []),
        ]);
      const head = ['line', 'function', 'scenarios', 'lines', 'not reached', ...(lines ? ['one way only'] : [])];
      return [
        file,
        ...(rows.length === 0
          ? []
          : [table(head, rows, { right: ['line', 'scenarios', 'lines'], wrap: ['not reached', 'one way only'], width })]),
        ...named('Every line was reached of', lines ? [] : whole, width),
        ...named('Never run:', never, width),
      ].join('\n');
    })
    .join('\n\n');
}

function named(what: string, functions: readonly { readonly name: string }[], width: number): string[] {
  return functions.length === 0 ? [] : wrapped(`${what} ${functions.map(({ name }) => name).join(', ')}.`, width, '');
}

function notReached({ notReached: missed }: Covered): string {
  const plain = spans(missed.flatMap(({ line, behindWarning }) => (behindWarning ? [] : [line])));
  const warned = spans(missed.flatMap(({ line, behindWarning }) => (behindWarning ? [line] : [])));
  return [...(plain === '' ? [] : [plain]), ...(warned === '' ? [] : [`behind warnings: ${warned}`])].join('; ') || '-';
}

function oneSided({ oneSided: found }: Covered): string {
  return found.map(({ line, never }) => `${line} never ${never}`).join(', ') || '-';
}

function standInsText({ standIns }: TreeCheckReport, lines: boolean, width: number): string {
  if (standIns.length === 0) return '';
  const title = 'Functions of the tree that something else stands for. A patch to their text is not checked by these runs:';
  if (lines) {
    const rows = standIns.map(({ name, file, line, by, reason }) => [name, `${file.replace(/^.*\//, '')}:${line}`, by, reason]);
    return [title, table(['function', 'at', 'by', 'why'], rows, { wrap: ['why'], width })].join('\n');
  }
  return [
    title,
    ...named(
      'Bindings stand for',
      standIns.filter(({ by }) => by === 'binding'),
      width,
    ),
    ...named(
      "The model's procedures stand for",
      standIns.filter(({ by }) => by === 'model'),
      width,
    ),
  ].join('\n');
}

function notPlacedText({ notPlaced }: TreeCheckReport, width: number): string {
  return named("Import, and take no place in these scenarios, since the model's procedures call them otherwise:", notPlaced, width).join(
    '\n',
  );
}

function summaryOf({ counts }: TreeCheckReport, width: number, terminal: Paint): string {
  const { scenarios, holds, violated, incomplete, vacuous, notExercised, otherVersions, notRun } = counts;
  const open = [
    [incomplete, 'incomplete'],
    [vacuous, 'vacuous'],
    [notExercised, 'not exercised'],
    [otherVersions, 'about other versions'],
    [notRun, 'not run: interrupted'],
  ] as const;
  const rest = open.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  const verdicts = [`${holds} of ${scenarios} scenarios hold`, `${violated} violated`, ...rest].join(', ');
  const text = `${count(counts.functionsRun)} of ${count(counts.functions)} functions that took a place were run, ${count(counts.linesReached)} of their ${count(counts.lines)} lines.`;
  return [
    terminal.style(violated === 0 && rest.length === 0 ? 'green' : 'yellow', `${verdicts}.`),
    ...wrapped(text, width, ''),
    "A verdict speaks of the functions that ran, within these bounds, among the model's other procedures: see docs/trees.md.",
  ].join('\n');
}
