/** The report of `patch` as text: the verdict first, then what was checked, then the counterexamples. */
import type { PatchReport, SourceLines } from '../../checks/index.ts';
import { escapeText, renderTrace } from '../../checks/index.ts';
import type { Style, Terminal } from '../terminal.ts';
import { ablationLines } from './ablationText.ts';
import { count, duration } from './numbers.ts';
import { type Judged, judgeCommand, replayCommand } from './replayCommand.ts';
import { costLines, partingLines } from './sidesText.ts';
import { statsLines } from './statsText.ts';
import { table, tableWidth } from './table.ts';
import { changeLines, seriesLines, treeFacts } from './treeText.ts';
import { wrapped } from './wrapped.ts';

const colours: Readonly<Record<PatchReport['verdict'], Style>> = {
  holds: 'green',
  violated: 'red',
  incomplete: 'yellow',
  notModelled: 'yellow',
  notExercised: 'yellow',
  ambiguous: 'yellow',
  ignorable: 'green',
};
const headlines: Readonly<Record<PatchReport['verdict'], string>> = {
  holds: 'HOLDS: within the bounds below, the patch violates no property that its surroundings do not, and all of it was run',
  violated: 'VIOLATED: the patch violates properties that its surroundings hold',
  incomplete: 'INCOMPLETE: no verdict, a limit or a bound of the model came first',
  notModelled: 'NOT MODELLED: no verdict, a part of the patch that matters has no meaning in the model',
  notExercised: 'NOT EXERCISED: no verdict, no scenario runs all of what the patch changes',
  ambiguous: 'AMBIGUOUS: no verdict, the patch fits kernels of several eras, which may differ in what it does: say which with --era',
  ignorable: 'IGNORABLE: the patch changes no code that the model could have; nothing was run',
};

/** Of some scenarios nobody shall quote `HOLDS` without them. */
function headline({ verdict, selected }: PatchReport): string {
  if (verdict !== 'holds' || selected === undefined) return headlines[verdict];
  const others = selected.others.length === 0 ? 'it comes to no other' : `${selected.others.length} others that it comes to were NOT RUN`;
  return `HOLDS IN ${selected.scenarios.join(', ')} ALONE, within the bounds below: ${others}`;
}

/** `sourceLines`: of the patch or the tree, to be shown beside the counterexample. `judged`: what to judge again. */
export function patchText(
  report: PatchReport,
  sourceLines: SourceLines,
  judged: Judged,
  terminal: Pick<Terminal, 'style' | 'width'>,
): string {
  const blocks = [
    [terminal.style(colours[report.verdict], headline(report)), ...about(report)],
    seriesLines(report, tableWidth(terminal)),
    section(
      'What keeps it from being judged:',
      report.notModelled.map(({ path, line, name, why }) => `${place(path, line)}: ${name} ${why}`),
    ),
    section(
      report.verdict === 'incomplete' ? 'Changed, and not run before the limit:' : 'Changed, and never run:',
      report.notExercised.map(({ path, line, what }) => `${place(path, line)}: ${what}`),
    ),
    runLines(report, tableWidth(terminal)),
    report.tree === null ? [] : section('Properties, without the patch -> with it:', changeLines(report)),
    ablationLines(report, tableWidth(terminal)),
    section('Costs over all schedules, without the patch -> with it:', costLines(report)),
    section('Where the two sides part, on one schedule:', partingLines(report)),
    section(
      'What the violations come to:',
      report.runs.flatMap(({ scenario, violated }) =>
        violated.flatMap(({ id, message }) => (message === null ? [] : [`${scenario} ${id}: ${message}`])),
      ),
    ),
    statsLines(
      report.runs.flatMap(({ scenario, surroundings, states, stats }) =>
        stats === undefined ? [] : [{ name: `${scenario} in ${surroundings}`, states, steps: null, stats }],
      ),
    ),
    section('What became of its hunks:', hunkLines(report)),
    section(
      'Bounds:',
      report.runs.map(({ scenario, bounds }) => `${scenario}: ${bounds}`),
    ),
    // What applied with fuzz, and what was left out, is to be read before the verdict is quoted: not behind pages of traces.
    section('Notes:', report.notes),
    // Shortest first: the one that is easiest to follow.
    ...report.traces.map((trace) => [renderTrace(trace, 'text', again(judged, trace.property.id), sourceLines).trimEnd()]),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** Of the tree, or of the patch. */
function place(path: string | undefined, line: number): string {
  return path === undefined ? `line ${line}` : `${escapeText(path, 80)}:${line}`;
}

function about(report: PatchReport): string[] {
  const facts = treeFacts(report);
  return [
    `  patch         ${escapeText(report.file, 100)}`,
    ...(report.subject === '' ? [] : [`  subject       ${escapeText(report.subject, 100)}`]),
    ...labelled('tree', facts.tree),
    ...(facts.surroundings === null
      ? [`  surroundings  era ${[report.era, ...report.rivals].join(', or era ')}${surroundings(report)}`]
      : labelled('surroundings', facts.surroundings)),
    ...report.lost.map(
      ({ hunk, line, missing, of }) => `  lost lines    ${missing} of ${of} in hunk ${hunk} (line ${line}): judged by what is there`,
    ),
    ...(report.runs[0] === undefined ? [] : labelled('properties', propertyLine(report))),
    ...summary(report),
  ];
}

/** A line of the head, with as many more as it takes. */
function labelled(label: string, text: string): string[] {
  return wrapped(text, 100, ' '.repeat(16), '').map((line, k) => (k === 0 ? `  ${label.padEnd(14)}${line.trimStart()}` : line));
}

/** A long report in three lines. */
function summary({ hunks, runs, traces, selected }: PatchReport): string[] {
  const parts = hunks.flatMap((hunk) => hunk.parts);
  const kindsMet = (Object.keys(kinds) as (keyof typeof kinds)[])
    .map((kind) => ({ kind, met: parts.filter((part) => part.kind === kind).length }))
    .filter(({ met }) => met > 0);
  const violated = runs.filter(({ verdict }) => verdict === 'violated').length;
  return [
    `  hunks         ${hunks.length}: ${kindsMet.map(({ kind, met }) => `${met} ${shortKinds[kind]}`).join(', ') || 'nothing in them'}`,
    ...(runs.length === 0 ? [] : [`  scenarios     ${runs.length} run, ${violated === 0 ? 'none' : violated} violated`]),
    ...(selected === undefined ? [] : labelled('not run', notRun(selected))),
    ...(traces.length === 0
      ? []
      : [
          `  below         ${traces.length === 1 ? 'a counterexample' : `${traces.length} counterexamples, shortest first`} (--out FOLDER keeps ${traces.length === 1 ? 'it' : 'them'})`,
        ]),
  ];
}

function notRun({ scenarios, others }: NonNullable<PatchReport['selected']>): string {
  const asked = `only ${scenarios.join(', ')} ${scenarios.length === 1 ? 'was' : 'were'} asked for`;
  return others.length === 0 ? `${asked}, and the patch comes to no other` : `${others.join(', ')}: ${asked}`;
}

function surroundings({ runs }: PatchReport): string {
  const names = [...new Set(runs.map((run) => run.surroundings))];
  const references = [...new Set(runs.filter((run) => run.reference !== run.surroundings).map((run) => run.reference))];
  const compared = references.length === 0 ? '' : `, compared with "${references.join('", "')}"`;
  return names.length === 0 ? '' : `, the model's "${names.join('", "')}"${compared}`;
}

function propertyLine({ runs }: PatchReport): string {
  const violated = [...new Map(runs.flatMap((run) => run.violated).map(({ id, name }) => [id, `${id} ${name}`])).values()];
  return violated.length === 0 ? 'none violated by the patch alone' : `violated: ${violated.join(', ')}`;
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...lines.flatMap((line) => wrapped(line, 100, '  '))];
}

const kinds = {
  checked: 'checked, whole',
  expanded: 'expanded anew',
  define: 'taken over',
  stoodIn: 'stood in for by',
  ignorable: 'ignorable',
  notModelled: 'NOT MODELLED',
} as const;

const shortKinds: Readonly<Record<keyof typeof kinds, string>> = {
  checked: 'functions checked',
  expanded: 'macros expanded anew',
  define: 'definitions taken over',
  stoodIn: 'parts stood in for',
  ignorable: 'ignorable',
  notModelled: 'not modelled',
};

function hunkLines({ hunks }: PatchReport): string[] {
  return hunks.flatMap(({ hunk, path, parts }) =>
    parts.map(({ kind, name, line, detail }) => {
      const text = `${kinds[kind]}: ${escapeText(name, 100)}${detail === '' ? '' : ` (${escapeText(detail, 300)})`}`;
      return `hunk ${hunk}, line ${line}, ${escapeText(path, 80)}: ${text}`;
    }),
  );
}

function runLines({ runs }: PatchReport, width: number): string[] {
  if (runs.length === 0) return [];
  const rows = runs.map((run) => [
    run.scenario,
    run.verdict,
    run.violated.map(({ id, steps }) => `${id} (${steps ?? '?'})`).join(', ') || '-',
    run.alsoWithoutThePatch.join(', ') || '-',
    run.mended.join(', ') || '-',
    count(run.states),
    String(run.depth),
    duration(run.milliseconds),
  ]);
  const open = runs.flatMap((run) =>
    [...run.cuts, ...run.unmet.map((each) => `${each} was never reached`)].map((each) => `  ${run.scenario}: ${each}`),
  );
  return [
    table(['scenario', 'verdict', 'violated (steps)', 'also without the patch', 'mended', 'states', 'depth', 'time'], rows, {
      right: ['states', 'depth', 'time'],
      wrap: ['violated (steps)', 'also without the patch', 'mended'],
      width,
    }),
    ...(open.length === 0 ? [] : ['Incomplete:', ...open]),
  ];
}

function again(judged: Judged, id: string): string {
  return `${judgeCommand(judged, 'traces')}; ${replayCommand(`traces/${id}.json`, judged)}`;
}
