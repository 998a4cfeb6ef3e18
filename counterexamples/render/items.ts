/**
 * One step as lines: rows worth showing, under the calls they happened in. A row that is not shown is in the
 * JSON form.
 */
import { changes, queuedToWrite, type Trace, type TraceRow, type TraceStep } from '../schema.ts';
import { escapeText } from './ascii.ts';
import type { Relevance } from './relevance.ts';
import { rowText } from './rowText.ts';

/** One line of a step before it is laid out. */
export interface Item {
  readonly indent: number;
  /** Printable ASCII and `glue`. */
  readonly text: string;
  /** The violating one. */
  readonly marked: boolean;
  /** A call that an earlier step entered: its name, to be left out if the line above is in it already. */
  readonly continues?: string;
}

const itemsPerStep = 24;

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

/** None if the step did nothing that another process or the property could see; the violating step has at least one. */
export function itemsOf(trace: Trace, step: TraceStep, relevance: Relevance): Item[] {
  const violating = step.number === trace.violation.step;
  const { placed, first } = place(trace, step, relevance);
  const marked = placed.some((item) => item.marked);
  const last = placed.at(-1);
  if (violating && !marked && last !== undefined) placed[placed.length - 1] = { ...last, marked: true };
  if (violating && last === undefined) {
    return [{ indent: 0, text: first === null ? '(no shared change)' : callTitle(first), marked: true }];
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
  const readsSeen = new Set<string>();
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
    if (!marked && !isWorthALine(row, step.rows, index, relevance)) continue;
    const text = rowText(row);
    if (row.kind === 'read' && !marked) {
      // One read of one value tells the reader all there is to tell.
      if (readsSeen.has(text)) continue;
      readsSeen.add(text);
    }
    placed.push({ frame, text, marked, important: marked || touches(row, relevance) });
    if (frame !== null) noteContent(frame);
  }
  return { placed, first };
}

function touches(row: TraceRow, relevance: Relevance): boolean {
  return row.kind === 'change' && relevance.fields.has(row.field) && changes(row);
}

function noteContent(frame: Frame): void {
  frame.own++;
  for (let child = frame; child.parent !== null; child = child.parent) child.parent.children.add(child);
}

function isWorthALine(row: TraceRow, rows: readonly TraceRow[], index: number, relevance: Relevance): boolean {
  switch (row.kind) {
    case 'change':
      // A write of the value that is there matters where that value is the reason.
      if (!changes(row)) return relevance.places.has(row.place);
      return relevance.fields.has(row.field) || !row.ghost;
    case 'read': {
      // Of a read-modify-write, the change tells the old value.
      const next = rows[index + 1];
      return relevance.racingReads.has(row) && !(next?.kind === 'change' && next.place === row.place);
    }
    case 'wait':
      // One that was for others: what it waited for was written by them.
      return row.label.startsWith(queuedToWrite) || rows.some((read) => isSameLine(read, row) && relevance.racingReads.has(read));
    case 'choice':
      // "No" to a question that is asked often.
      return row.count !== 2 || row.value !== 0;
    case 'failure':
      // The marked row says it already.
      return row.property !== relevance.property;
    default:
      return true;
  }
}

function isSameLine(a: TraceRow, b: TraceRow): boolean {
  return a.position.line === b.position.line && a.position.file === b.position.file;
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
 * Calls as headings. Of the calls that the step only continues, the innermost with lines is named; of those that
 * it enters, the outermost, those with lines of their own, and those that join several others.
 */
function layOut(placed: readonly Placed[]): Item[] {
  const items: Item[] = [];
  let open: Frame[] = [];
  for (const { frame, text, marked } of placed) {
    const path = headings(frame);
    let common = 0;
    while (common < path.length && path[common] === open[common]) common++;
    for (const [depth, heading] of path.entries()) {
      if (depth < common) continue;
      const continues = heading.continued ? { continues: heading.procedure } : {};
      items.push({ indent: depth, text: callTitle(heading), marked: false, ...continues });
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
      if (path.length === 0 || at.own > 0) path.unshift(at);
      break;
    }
    const outermost = at.parent === null || at.parent.continued;
    if (outermost || at.own > 0 || at.children.size > 1) path.unshift(at);
  }
  return path;
}
