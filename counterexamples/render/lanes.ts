/**
 * The interleaving: a lane per process while there are two, one lane with `CPU n:` in front from three on.
 */
import type { Trace, TraceStep } from '../schema.ts';
import { type ColumnCell, escapeText, sideBySide, wrap } from './ascii.ts';
import type { Item } from './items.ts';
import { shownSteps } from './steps.ts';

/** What marks the violating line, once. */
export const violationMark = '  <==';
const loopMark = '(the loop starts here)';

/** Lines of at most `width` characters. */
export function lanes(trace: Trace, width: number): string[] {
  if (trace.steps.length === 0) return ['The initial state violates it; nothing has to run.'];
  const actors = actorsOf(trace);
  const digits = Math.max(2, String(trace.steps.length).length);
  const numbers = { width: digits, lines: ['#'.padStart(digits)] };
  const room = width - digits - 2;
  const widths = actors.length === 2 ? [Math.ceil((room - 2) / 2), Math.floor((room - 2) / 2)] : [room];

  const heads =
    actors.length > 2 ? legend(trace, actors, room) : actors.map((actor, k) => wrap(laneTitle(trace, actor), widths[k] ?? room, 2));
  const lines = sideBySide([numbers, ...(actors.length > 2 ? [{ width: room, lines: heads.flat() }] : cells(widths, heads))]);
  lines.push(
    sideBySide([
      { width: digits, lines: ['-'.padStart(digits)] },
      ...cells(
        widths,
        widths.map((w) => ['-'.repeat(w)]),
      ),
    ]).join(''),
  );

  let above: { process: number; procedure: string } | null = null;
  for (const part of shownSteps(trace)) {
    if (part.kind === 'gap') {
      lines.push(...wrap(part.text, width, 4));
      above = null;
      continue;
    }
    const { step } = part;
    const items = withLoopMark(trace, step, underTheSameCall(part.items, above?.process === step.process ? above.procedure : null));
    above = lastCall(step, part.items);
    const number = { width: digits, lines: [String(step.number).padStart(digits)] };
    if (actors.length > 2) lines.push(...sideBySide([number, { width: room, lines: itemLines(items, room, `CPU ${step.process}: `) }]));
    else {
      const lane = actors.indexOf(step.process);
      const content = widths.map((w, k) => (k === lane ? itemLines(items, w, '') : []));
      lines.push(...sideBySide([number, ...cells(widths, content)]));
    }
  }
  if (trace.loopStart !== null) lines.push(...wrap(`[ again as from ${trace.loopStart} on, for ever ]`, width, 2));
  return lines;
}

/** Processes that take a step, in the order of their numbers. */
export function actorsOf(trace: Trace): number[] {
  return [...new Set(trace.steps.map((step) => step.process))].sort((a, b) => a - b);
}

function cells(widths: readonly number[], content: readonly (readonly string[])[]): ColumnCell[] {
  return widths.map((width, k) => ({ width, lines: content[k] ?? [] }));
}

function laneTitle(trace: Trace, process: number): string {
  return `CPU ${process}: ${escapeText(trace.processes[process]?.title ?? '?', 80)}`;
}

function legend(trace: Trace, actors: readonly number[], width: number): string[][] {
  return actors.map((actor) => wrap(laneTitle(trace, actor), width, 2));
}

function withLoopMark(trace: Trace, step: TraceStep, items: readonly Item[]): readonly Item[] {
  return step.number === trace.loopStart ? [{ indent: 0, text: loopMark, marked: false }, ...items] : items;
}

function itemLines(items: readonly Item[], width: number, prefix: string): string[] {
  return items.flatMap(({ indent, text, marked }, k) => {
    const lead = k === 0 ? prefix : ' '.repeat(prefix.length);
    // Deep nesting must leave room for words.
    const blanks = Math.min(2 * indent, Math.floor(width / 3));
    const room = width - lead.length - (marked ? violationMark.length : 0);
    const lines = wrap(' '.repeat(blanks) + text, room, blanks + 2);
    return lines.map(
      (line, at) => `${at === 0 ? lead : ' '.repeat(lead.length)}${line}${marked && at === lines.length - 1 ? violationMark : ''}`,
    );
  });
}

/** The call that the last line of a step is directly in, if an earlier step entered it. */
function lastCall(step: TraceStep, items: readonly Item[]): { process: number; procedure: string } | null {
  const heading = items.findLast((item) => item.indent === 0);
  const last = items.at(-1);
  return heading?.continues === undefined || last?.indent !== 1 ? null : { process: step.process, procedure: heading.continues };
}

/** Without the heading if the step above, of the same process, ended in that very call. */
function underTheSameCall(items: readonly Item[], procedure: string | null): readonly Item[] {
  const [first, ...rest] = items;
  return procedure !== null && first?.continues === procedure ? rest : items;
}
