/**
 * The parts of a report around the interleaving: header, why, picture, lines of the patch, what was left out.
 * Each gives lines of at most `width` characters, or none.
 */
import type { Trace, TracePosition } from '../schema.ts';
import { escapeText, sideBySide, wrap } from './ascii.ts';
import { actorsOf } from './lanes.ts';

export interface RenderOptions {
  /** Columns; at least 60. Default 72. */
  readonly width?: number;
  /** The command that repeats the counterexample, e.g. with the name of the file it is kept in. */
  readonly replayCommand?: string;
  /** Lines of a patch's own text by the name used in positions, if whoever calls has it at hand. */
  readonly sourceLines?: (file: string) => readonly string[] | undefined;
}

export function header(trace: Trace, width: number, replayCommand: string | undefined): string[] {
  const verdict = trace.verdict === 'violated' ? 'VIOLATED' : 'REACHED';
  const title = `${verdict}  ${escapeText(propertyTitle(trace), 120)}`;
  const cpus = actorsOf(trace).length;
  const facts = [
    `${trace.steps.length} ${trace.steps.length === 1 ? 'step' : 'steps'}`,
    `${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`,
    ...(trace.shortest ? ['shortest'] : []),
  ].join(', ');
  // The facts end with the line, or have one of their own where the title leaves no room.
  const lines =
    title.length + 2 + facts.length <= width
      ? [`${title}${facts.padStart(Math.min(width, 72) - title.length)}`]
      : [...wrap(title, width, 10), `  ${facts}`];
  const entries: [string, string][] = [
    ['model', trace.model],
    ['bounds', trace.bounds.summary],
    ...(replayCommand === undefined ? [] : ([['replay', replayCommand]] as [string, string][])),
  ];
  for (const [key, text] of entries) {
    if (text !== '') lines.push(...wrap(`  ${key.padEnd(8)}  ${escapeText(text)}`, width, 12));
  }
  return lines;
}

/** The id, and the name where it says more. */
export function propertyTitle(trace: Trace): string {
  const { id, name } = trace.property;
  return name === '' || name === id ? id : `${id} ${name}`;
}

/** Of a property, what must hold; of a fault or a deadlock, what happened. */
export function statement(trace: Trace, width: number): string[] {
  const { statement: text, kind } = trace.property;
  if (text === '') return [];
  const lead = kind === 'fault' || kind === 'deadlock' ? '' : trace.verdict === 'reached' ? 'Reached: ' : 'Does not hold: ';
  return wrap(`${lead}${escapeText(text)}`, width - 1);
}

export function why(trace: Trace, width: number): string[] {
  const { values, notes } = trace.violation;
  // An argument that is named like the one row there is says nothing.
  const facts = values
    .filter((each) => each.name !== each.value.display)
    .map(({ name, value, since }) => {
      const when = since === null ? '' : since === 0 ? ' (from the start)' : ` (since ${since})`;
      return `${name} is ${value.display}${when}`;
    });
  const sentences = [...(facts.length === 0 ? [] : [`${facts.join(', ')}.`]), ...notes];
  if (sentences.length === 0) return [];
  const text = sentences.map((sentence) => escapeText(sentence, 1000)).join('  ');
  return wrap(`Why: ${text}`, width - 1, 2);
}

const shownDifferences = 6;

/** Where code that this was compared with does something else on the same schedule. */
export function parting(trace: Trace, width: number): string[] {
  if (trace.parting === undefined) return [];
  const { from, step, violates, why: sentences, state } = trace.parting;
  const same = violates === true ? ' and violates it, too' : violates === false ? ' and does not violate it' : '';
  if (step === null) return wrap(`On this schedule ${escapeText(from)} does the same to the end,${same}.`, width - 1, 2);
  const shown = state.slice(0, shownDifferences).map((each) => `${each.name} is ${each.here} here, and ${each.there} there`);
  const more = state.length > shown.length ? [`${state.length - shown.length} more places differ`] : [];
  const places = shown.length === 0 ? [] : [`Afterwards ${[...shown, ...more].join('; ')}.`];
  const end = violates === true ? ['It violates the property on this schedule all the same.'] : [];
  const text = [...sentences, ...places, ...end].map((sentence) => escapeText(sentence, 1000)).join('  ');
  return wrap(`Parts from ${escapeText(from)} ${step === 0 ? 'at the start' : `at step ${step}`}: ${text}`, width - 1, 2);
}

export function picture(trace: Trace, width: number): string[] {
  const { title, lines } = trace.picture;
  if (lines.length === 0) return [];
  const number = trace.violation.step;
  const rows = lines.map((line) => ({
    label: `${'  '.repeat(Math.min(line.depth, 6))}${escapeText(line.label, 80)}`,
    before: escapeText(line.before, 120),
    after: `${line.before === line.after ? '  ' : '* '}${escapeText(line.after, 120)}${line.note === undefined ? '' : `  (${escapeText(line.note, 80)})`}`,
  }));
  const room = width - 2;
  const labelWidth = Math.min(Math.floor(room * 0.42), Math.max(12, title.length - 2, ...rows.map((row) => row.label.length)));
  const beforeWidth = Math.min(Math.floor((room - labelWidth) / 2) - 2, Math.max(10, ...rows.map((row) => row.before.length)));
  const widths = [labelWidth, beforeWidth, room - labelWidth - beforeWidth - 4] as const;
  const line = (cells: readonly string[]) =>
    sideBySide(cells.map((text, k) => ({ width: widths[k] ?? 10, lines: wrap(text, widths[k] ?? 10, 2) })));
  const head = [
    title === '' ? 'State' : escapeText(title, 60),
    number === 0 ? '' : `before ${number}`,
    number === 0 ? '  at the start' : `  after ${number}`,
  ];
  const headWidths = [widths[0] + 2, widths[1], widths[2]];
  return [
    ...sideBySide(headWidths.map((room, k) => ({ width: room, lines: wrap(head[k] ?? '', room, 2) }))),
    ...rows.flatMap((row) => line([row.label, row.before, row.after]).map((text) => `  ${text}`)),
  ];
}

const patchLinesMax = 24;

interface ExecutedLine {
  readonly position: TracePosition;
  readonly steps: Set<number>;
  readonly violating: boolean;
}

/** Lines that the patch adds and the trace executes, in the order of the patch, and the violating one. */
export function patchLines(trace: Trace, width: number, sourceLines: RenderOptions['sourceLines']): string[] {
  const all = executedLines(trace);
  if (all.length === 0) return [];
  // Of too many, those that were executed last.
  const shown = all.slice(-patchLinesMax).sort((a, b) => order(a.position, b.position));
  const lines: string[] = [];
  let heading = '';
  for (const { position, steps, violating } of shown) {
    const title = `Lines of ${baseName(position.file)} that were executed, hunk ${position.hunk}:`;
    if (title !== heading) lines.push(...wrap(escapeText(title, 200), width - 1, 2));
    heading = title;
    const source = sourceLines?.(position.file)?.[position.line - 1];
    const text = source === undefined ? '' : `  ${source.replaceAll('\t', '  ').trim()}`;
    const where = `(in ${stepList([...steps])}${violating ? ', violating' : ''})`;
    lines.push(...wrap(`  ${String(position.line).padStart(4)}${escapeText(text, 200)}  ${where}`, width, 8));
  }
  if (all.length > shown.length) lines.push(`  [ ${all.length - shown.length} more lines ]`);
  return lines;
}

/** By the time of their last execution. */
function executedLines(trace: Trace): ExecutedLine[] {
  const executed = new Map<string, ExecutedLine>();
  const note = (position: TracePosition, step: number, violating: boolean) => {
    if (position.language !== 'c' || position.hunk === undefined) return;
    if (position.change !== 'added' && !violating) return;
    const key = `${position.file}:${position.line}`;
    const known = executed.get(key);
    executed.delete(key);
    executed.set(key, {
      position,
      steps: (known?.steps ?? new Set<number>()).add(step),
      violating: violating || known?.violating === true,
    });
  };
  for (const step of trace.steps) {
    for (const position of step.statements) note(position, step.number, false);
    const row = step.number === trace.violation.step && trace.violation.row !== null ? step.rows[trace.violation.row] : undefined;
    if (row !== undefined) note(row.position, step.number, true);
  }
  return [...executed.values()];
}

function order(a: TracePosition, b: TracePosition): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function stepList(steps: readonly number[]): string {
  return steps.length <= 4 ? steps.join(', ') : `${steps.slice(0, 2).join(', ')}, ... ${steps.at(-1)}`;
}

export function notModelled(trace: Trace, width: number): string[] {
  if (trace.notModelled.length === 0) return [];
  return wrap(`Not modelled here: ${trace.notModelled.map((text) => escapeText(text, 200)).join(', ')}.`, width - 1, 2);
}
