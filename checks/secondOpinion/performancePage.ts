/**
 * The measured part of docs/performance.md.
 *
 * In: figures, what they were measured on. Out: Markdown; the page with that part exchanged. Never: a word outside the markers changed.
 */
import { type AimRow, aimRows, type Measured, type Ratios, rateOf, ratiosOf } from './aims.ts';
import type { Figures } from './figures.ts';

const begin = '<!-- measured: begin (npm run compare:spin -- --measure) -->';
const end = '<!-- measured: end -->';

/** Throws if the page lacks the markers. */
export function withMeasured(page: string, measured: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page lacks "${begin}" … "${end}"`);
  return `${page.slice(0, from + begin.length)}\n\n${measured}\n\n${page.slice(to)}`;
}

/** `about`: a sentence on the machine and the limits. */
export function measuredText(all: readonly Measured[], about: string): string {
  const ratios = all.map((each): [string, Ratios] => [each.subject.title, ratiosOf(each)]);
  return [
    about,
    '### Aims',
    table(
      ['aim', 'measured', ''],
      aimRows(all).map(({ aim, measured, met }: AimRow) => [aim, measured, met]),
    ),
    '### Ratios to Spin',
    table(
      [
        'subject',
        'rate, one core',
        'rate, all cores',
        'rate, single steps',
        'time to verdict',
        "time to verdict against Spin's search alone",
        'time to verdict where Spin has our merged steps',
      ],
      ratios.map(([title, { rate, rateCores, rateSingle, verdict, verdictOfSearch, verdictMerged }]) => [
        title,
        ...[rate, rateCores, rateSingle, verdict, verdictOfSearch, verdictMerged].map(times),
      ]),
    ),
    '### Figures',
    ...all.flatMap(section),
  ].join('\n\n');
}

function section({ subject, ours, spin, differences }: Measured): string[] {
  const rows = [...ours.map((each) => figuresRow('', each)), ...spin.map((each) => figuresRow('Spin: ', each))];
  const head = ['way', 'states', 'k states/s', 'search s', 'CPU s', 'verdict s', 'MB', 'B/state', ''];
  return [
    `**${subject.title}**`,
    table(head, rows),
    differences.length === 0 ? 'All agree on what is violated.' : differences.map((line) => `- **They differ:** ${line}`).join('\n'),
  ];
}

function figuresRow(prefix: string, figures: Figures): string[] {
  const { way, states, searchSeconds, cpuSeconds, verdictSeconds, megabytes, bytesPerState, notes } = figures;
  const rate = rateOf(figures);
  return [
    `${prefix}${way}`,
    states?.toLocaleString('en') ?? '–',
    rate === null ? '–' : Math.round(rate / 1000).toLocaleString('en'),
    seconds(searchSeconds),
    seconds(cpuSeconds),
    seconds(verdictSeconds),
    megabytes?.toFixed(0) ?? '–',
    bytesPerState?.toFixed(0) ?? '',
    notes.join('; '),
  ];
}

const seconds = (value: number | null) => value?.toFixed(2) ?? '–';
const times = (value: number | null) => (value === null ? '–' : `× ${value.toFixed(1)}`);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
