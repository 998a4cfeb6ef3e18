/**
 * What of a trace is worth a line: which rows of a step are shown, under which calls, and which steps of
 * a long trace are left out. A row that is not shown is in the JSON form.
 */
import { changes, type Trace, type TraceRow, type TraceStep } from '../schema.ts';
import { escapeText, glue } from './ascii.ts';

/** One line of a step before it is laid out. */
export interface Item {
  readonly indent: number;
  /** Printable ASCII and `glue`. */
  readonly text: string;
  /** The violating one. */
  readonly marked: boolean;
}

/** Steps in the order of the trace; a gap stands for consecutive steps that were left out. */
export type Shown = { readonly kind: 'step'; readonly step: TraceStep } | { readonly kind: 'gap'; readonly steps: readonly TraceStep[] };

/** Steps at the end that are always shown. */
export const stepsKept = 20;
const itemsPerStep = 24;

export interface Relevance {
  /** Id of the violated property. */
  readonly property: string;
  /** Fields that the violated property looks at. */
  readonly fields: ReadonlySet<string>;
  /** By place: processes that change it somewhere in the trace. */
  readonly writers: ReadonlyMap<string, ReadonlySet<number>>;
}

export function relevanceOf(trace: Trace): Relevance {
  const writers = new Map<string, Set<number>>();
  for (const step of trace.steps) {
    for (const row of step.rows) {
      if (row.kind !== 'change') continue;
      const known = writers.get(row.place) ?? new Set();
      known.add(step.process);
      writers.set(row.place, known);
    }
  }
  return { property: trace.property.id, fields: new Set(trace.property.fields), writers };
}

/** The last steps, the violating one, a loop's start, and every step that changed a field of the property. */
export function shownSteps(trace: Trace, relevance: Relevance): Shown[] {
  const keepFrom = trace.steps.length - stepsKept;
  const shown: Shown[] = [];
  let gap: TraceStep[] = [];
  const closeGap = () => {
    // A gap of one line says less than the step itself.
    const only = gap.length === 1 ? gap[0] : undefined;
    if (only !== undefined) shown.push({ kind: 'step', step: only });
    else if (gap.length > 0) shown.push({ kind: 'gap', steps: gap });
    gap = [];
  };
  for (const [index, step] of trace.steps.entries()) {
    const kept =
      index >= keepFrom ||
      step.number === trace.violation.step ||
      step.number === trace.loopStart ||
      step.rows.some((row) => touches(row, relevance));
    if (!kept) {
      gap.push(step);
      continue;
    }
    closeGap();
    shown.push({ kind: 'step', step });
  }
  closeGap();
  return shown;
}

function touches(row: TraceRow, relevance: Relevance): boolean {
  return row.kind === 'change' && relevance.fields.has(row.field) && changes(row);
}

/** Names of the property's fields without their tables, the shortest spelling of what a gap does not touch. */
export function fieldNames(trace: Trace, max = 4): string {
  const names = [...new Set(trace.property.fields.map((field) => field.slice(field.indexOf('.') + 1)))];
  return names.length <= max ? names.join(', ') : `${names.slice(0, max).join(', ')}, ...`;
}

/** A procedure call within a step, or one that the step found itself in. */
interface Frame {
  readonly procedure: string;
  readonly parent: Frame | null;
  /** Entered in an earlier step. */
  readonly continued: boolean;
  own: number;
  readonly children: Set<Frame>;
}
interface Placed {
  readonly frame: Frame | null;
  readonly text: string;
  readonly marked: boolean;
  readonly important: boolean;
}

/** The lines of one step, never none. */
export function itemsOf(trace: Trace, step: TraceStep, relevance: Relevance): Item[] {
  const violating = step.number === trace.violation.step;
  const { placed, first } = place(trace, step, relevance);
  if (violating && !placed.some((item) => item.marked)) {
    const last = placed.at(-1);
    if (last !== undefined) placed[placed.length - 1] = { ...last, marked: true };
  }
  if (placed.length === 0) {
    const title = first === null ? '(no shared change)' : callTitle(first);
    return [{ indent: 0, text: title, marked: violating }];
  }
  return layOut(limit(placed));
}

/** Rows worth showing, each with the call that it happened in; and the first call of the step. */
function place(trace: Trace, step: TraceStep, relevance: Relevance): { placed: Placed[]; first: Frame | null } {
  let frame: Frame | null = null;
  for (const { procedure } of step.stack) frame = { procedure, parent: frame, continued: true, own: 0, children: new Set() };
  let first = frame;
  let entered = false;
  const placed: Placed[] = [];
  const seen = new Set<string>();
  for (const [index, row] of step.rows.entries()) {
    if (row.kind === 'enter') {
      frame = { procedure: row.procedure, parent: frame, continued: false, own: 0, children: new Set() };
      if (!entered) first = frame;
      entered = true;
      continue;
    }
    if (row.kind === 'exit') {
      frame = frame?.parent ?? null;
      continue;
    }
    const marked = step.number === trace.violation.step && index === trace.violation.row;
    const text = rowText(row, step.process, relevance);
    if (text === null && !marked) continue;
    if (row.kind === 'read' && !marked) {
      // One read of one value tells the reader all there is to tell.
      if (seen.has(text ?? '')) continue;
      seen.add(text ?? '');
    }
    placed.push({ frame, text: text ?? rowTextAlways(row), marked, important: marked || touches(row, relevance) });
    if (frame !== null) noteContent(frame);
  }
  return { placed, first };
}

function noteContent(frame: Frame): void {
  frame.own++;
  for (let child = frame; child.parent !== null; child = child.parent) child.parent.children.add(child);
}

/** Null: not worth a line. */
function rowText(row: TraceRow, process: number, relevance: Relevance): string | null {
  if (row.kind === 'change' && !relevance.fields.has(row.field) && (row.ghost || !changes(row))) return null;
  // The marked row says it already.
  if (row.kind === 'failure' && row.property === relevance.property) return null;
  if (row.kind === 'read') {
    const writers = relevance.writers.get(row.place);
    const others = writers !== undefined && [...writers].some((writer) => writer !== process);
    if (!others) return null;
  }
  return rowTextAlways(row);
}

function rowTextAlways(row: TraceRow): string {
  if (row.kind === 'change') return `${escapeText(row.name, 120)}: ${changeText(row.old.display, row.new.display)}`;
  return escapeText(plainText(row), 300);
}

/** Stays on one line where it can. */
function changeText(old: string, next: string): string {
  const [from, to] = [escapeText(old, 120), escapeText(next, 120)];
  const blank = from.length + to.length <= 24 ? glue : ' ';
  return `${from.replaceAll(' ', blank)}${blank}->${blank}${to.replaceAll(' ', blank)}`;
}

function plainText(row: Exclude<TraceRow, { kind: 'change' }>): string {
  switch (row.kind) {
    case 'enter':
      return `${row.procedure}()`;
    case 'exit':
      return `return from ${row.procedure}()`;
    case 'lock':
      return lockText(row);
    case 'read':
      return `reads ${row.name} = ${row.value.display}`;
    case 'allocation':
      return `${row.action} ${row.name}`;
    case 'choice':
      return `(${row.label}: ${row.value})`;
    case 'wait':
      return `(waited: ${row.label})`;
    case 'mark':
      return `(${row.name})`;
    case 'failure':
      return `violates ${row.message}`;
    case 'fault':
      return `${row.fault}: ${row.message}`;
  }
}

function lockText(row: Extract<TraceRow, { kind: 'lock' }>): string {
  const prefix = { mutex: 'mutex_', spin: 'spin_', rwlock: row.mode === 'shared' ? 'read_' : 'write_' }[row.flavour];
  const call = { take: `${prefix}lock`, drop: `${prefix}unlock`, tryFailed: `${prefix}trylock` }[row.action];
  return `${call}(${row.name})${row.action === 'tryFailed' ? ' fails' : ''}`;
}

function callTitle(frame: Frame): string {
  return escapeText(`${frame.continued ? 'in ' : ''}${frame.procedure}()`, 200);
}

/** Too many lines: what matters stays, the rest is counted. */
function limit(placed: readonly Placed[]): Placed[] {
  if (placed.length <= itemsPerStep) return [...placed];
  let budget = itemsPerStep - Math.min(itemsPerStep, placed.filter((item) => item.important).length);
  const kept: Placed[] = [];
  let dropped = 0;
  let droppedFrame: Frame | null = null;
  const close = () => {
    if (dropped > 0) kept.push({ frame: droppedFrame, text: `[ ${dropped} more lines ]`, marked: false, important: false });
    dropped = 0;
  };
  let important = 0;
  for (const item of placed) {
    const keep = item.marked || (item.important ? important++ < itemsPerStep : budget-- > 0);
    if (!keep) {
      dropped++;
      droppedFrame = item.frame;
      continue;
    }
    close();
    kept.push(item);
  }
  close();
  return kept;
}

/**
 * Calls as headings. Of the calls that the step only continues, the innermost is named; of those that it
 * enters, the outermost, those with lines of their own, and those that join several others.
 */
function layOut(placed: readonly Placed[]): Item[] {
  const items: Item[] = [];
  let open: Frame[] = [];
  for (const { frame, text, marked } of placed) {
    const path = headings(frame);
    let common = 0;
    while (common < path.length && path[common] === open[common]) common++;
    for (const [depth, heading] of path.entries()) {
      if (depth >= common) items.push({ indent: depth, text: callTitle(heading), marked: false });
    }
    open = path;
    items.push({ indent: path.length, text, marked });
  }
  return items;
}

function headings(frame: Frame | null): Frame[] {
  const path: Frame[] = [];
  for (let at = frame; at !== null; at = at.parent) {
    if (at.continued) {
      if (path.length === 0) path.unshift(at);
      break;
    }
    const outermost = at.parent === null || at.parent.continued;
    if (outermost || at.own > 0 || at.children.size > 1) path.unshift(at);
  }
  return path;
}
