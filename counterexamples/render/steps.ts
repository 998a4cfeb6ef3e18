/**
 * Which steps of a long trace are shown, and what is said of the others.
 */
import type { Trace, TraceRow, TraceStep } from '../schema.ts';
import { changes } from '../schema.ts';
import { escapeText } from './ascii.ts';
import { type Item, itemsOf } from './items.ts';
import { type Relevance, relevanceOf } from './relevance.ts';

/** Steps in the order of the trace; a gap stands for consecutive steps that were left out. */
export type Shown =
  | { readonly kind: 'step'; readonly step: TraceStep; readonly items: readonly Item[] }
  | { readonly kind: 'gap'; readonly text: string };

/** Steps at the end that are always shown. */
export const stepsKept = 20;
/** Above so many, of the steps that touch a field of the property only those that touch the places of the reason stay. */
const stepsMax = 40;

/**
 * The last steps, the violating one, a loop's start, every step that touched a field of the property, and those that
 * tell the story: choices, and changes of the fields that the trace names for that.
 * Steps without anything to show are folded into those around them.
 */
export function shownSteps(trace: Trace): Shown[] {
  const relevance = relevanceOf(trace);
  const items = new Map(trace.steps.map((step) => [step, itemsOf(trace, step, relevance)]));
  const visible = trace.steps.filter((step) => (items.get(step)?.length ?? 0) > 0);
  const last = new Set([...visible.slice(-stepsKept), ...trace.steps.filter(isKept(trace))]);
  const touching = (matches: (row: TraceRow) => boolean) => new Set([...last, ...visible.filter((step) => step.rows.some(matches))]);
  const telling = new Set(trace.telling);
  const byField = touching((row) => row.kind === 'change' && changes(row) && relevance.fields.has(row.field));
  const few = byField.size <= stepsMax;
  const needed = few ? byField : touching((row) => row.kind === 'change' && changes(row) && relevance.places.has(row.place));
  const story = touching((row) => isChoice(row) || (row.kind === 'change' && changes(row) && !row.ghost && telling.has(row.field)));
  const all = new Set([...needed, ...story]);
  const kept = all.size <= 2 * stepsMax ? all : needed;
  return withGaps(trace, kept, items, few ? fieldNames(relevance) : placeNames(trace));
}

/** What the schedule did not decide: why it happened at all. "No" is not worth a step. */
function isChoice(row: TraceRow): boolean {
  return row.kind === 'choice' && (row.count !== 2 || row.value !== 0);
}

function isKept(trace: Trace): (step: TraceStep) => boolean {
  return (step) => step.number === trace.violation.step || step.number === trace.loopStart;
}

function withGaps(trace: Trace, kept: ReadonlySet<TraceStep>, items: ReadonlyMap<TraceStep, readonly Item[]>, untouched: string): Shown[] {
  const shown: Shown[] = [];
  let gap: TraceStep[] = [];
  const closeGap = () => {
    const telling = gap.filter((step) => (items.get(step)?.length ?? 0) > 0);
    const [only] = telling;
    // A gap of one step says less than the step itself, and one of steps without anything to show says nothing.
    if (only !== undefined && telling.length === 1) shown.push({ kind: 'step', step: only, items: items.get(only) ?? [] });
    else if (telling.length > 1) shown.push({ kind: 'gap', text: gapText(gap, untouched) });
    gap = [];
  };
  for (const step of trace.steps) {
    if (kept.has(step)) {
      closeGap();
      shown.push({ kind: 'step', step, items: items.get(step) ?? [] });
    } else gap.push(step);
  }
  closeGap();
  return shown;
}

function gapText(gap: readonly TraceStep[], untouched: string): string {
  const who = [...new Set(gap.map((step) => step.process))].sort((a, b) => a - b).map((process) => `CPU ${process}`);
  const range = `${gap[0]?.number}-${gap.at(-1)?.number}`;
  return `[ ${gap.length} steps of ${who.join(', ')} (${range})${untouched === '' ? '' : ` that touch none of: ${untouched}`} ]`;
}

/** Without their tables, the shortest spelling. */
function fieldNames(relevance: Relevance): string {
  return listed([...relevance.fields].map((field) => field.slice(field.indexOf('.') + 1)));
}
function placeNames(trace: Trace): string {
  return listed(trace.violation.values.flatMap(({ name, place }) => (place === null ? [] : [name])));
}
function listed(all: readonly string[], max = 4): string {
  const names = [...new Set(all)];
  return escapeText(names.length <= max ? names.join(', ') : `${names.slice(0, max).join(', ')}, ...`, 200);
}
