/**
 * The way between a trace in memory, where every row has its source position, and in a file, where each position
 * is kept once. And what a kept trace can do without: nothing that a reader is shown, or that a replay needs.
 */
import { relevanceOf } from './render/relevance.ts';
import type { Trace, TraceFile, TracePosition, TraceRow } from './schema.ts';

export function toFile(trace: Trace): TraceFile {
  const sources = new Map<string, { source: Omit<TracePosition, 'line' | 'column'>; at: Map<string, [number, number]> }>();
  for (const { line, column, ...source } of positionsOf(trace)) {
    const key = sourceKey(source);
    const known = sources.get(key) ?? { source, at: new Map() };
    sources.set(key, known);
    known.at.set(`${line}:${column}`, [line, column]);
  }
  const indices = new Map<string, number>();
  for (const [key, { at }] of sources) for (const place of at.keys()) indices.set(`${key} ${place}`, indices.size);
  const indexOf = ({ line, column, ...source }: TracePosition) => indices.get(`${sourceKey(source)} ${line}:${column}`) ?? 0;
  return {
    ...trace,
    steps: trace.steps.map((step) => ({
      ...step,
      stack: step.stack.map((frame) => ({ ...frame, position: indexOf(frame.position) })),
      rows: step.rows.map((row) => ({ ...row, position: indexOf(row.position) })),
      statements: step.statements.map(indexOf),
    })),
    positions: [...sources.values()].map(({ source, at }) => ({ ...source, at: [...at.values()] })),
  };
}

function positionsOf({ steps }: Trace): TracePosition[] {
  return steps.flatMap(({ stack, rows, statements }) => [...[...stack, ...rows].map(({ position }) => position), ...statements]);
}

function sourceKey({ file, language, hunk, change }: Omit<TracePosition, 'line' | 'column'>): string {
  return JSON.stringify([file, language, hunk, change]);
}

/** Null if a position is named that the file does not have. */
export function fromFile({ positions: sources, ...file }: TraceFile): Trace | null {
  const positions = sources.flatMap(({ at, ...source }) => at.map(([line, column]) => ({ ...source, line, column })));
  let complete = true;
  const nowhere: TracePosition = { file: '', line: 0, column: 0, language: 'typescript' };
  const at = (index: number): TracePosition => {
    const position = positions[index];
    complete &&= position !== undefined;
    return position ?? nowhere;
  };
  const steps = file.steps.map((step) => ({
    ...step,
    stack: step.stack.map((frame) => ({ ...frame, position: at(frame.position) })),
    rows: step.rows.map((row) => ({ ...row, position: at(row.position) })),
    statements: step.statements.map(at),
  }));
  return complete ? { ...file, steps } : null;
}

/** Without reads that tell nothing and calls in which nothing happened. Every form that is rendered stays the same. */
export function compact(trace: Trace): Trace {
  const { racingReads } = relevanceOf(trace);
  let violatingRow = trace.violation.row;
  const steps = trace.steps.map((step) => {
    const violating = step.number === trace.violation.step;
    // There, the first call may be all that there is to show.
    const kept = violating ? step.rows.map((_, k) => k) : telling(step.rows, racingReads);
    if (violating && violatingRow !== null) violatingRow = kept.indexOf(violatingRow);
    return { ...step, rows: kept.flatMap((k) => step.rows[k] ?? []) };
  });
  return { ...trace, steps, violation: { ...trace.violation, row: violatingRow } };
}

/** Positions of the rows that stay. */
function telling(rows: readonly TraceRow[], racing: ReadonlySet<TraceRow>): number[] {
  const kept: number[] = [];
  for (const [k, row] of rows.entries()) {
    if (row.kind === 'read' && !racing.has(row)) continue;
    const last = kept.at(-1);
    if (row.kind === 'exit' && last !== undefined && rows[last]?.kind === 'enter') kept.pop();
    else kept.push(k);
  }
  return kept;
}
