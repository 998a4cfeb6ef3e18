/**
 * Which rows of a trace tell a reader something: what the property looks at, and which reads saw, or missed,
 * what another process wrote.
 */
import { changes, type Trace, type TraceRow, type TraceStep } from '../schema.ts';

export interface Relevance {
  /** Id of the violated property. */
  readonly property: string;
  /** Fields that it looks at. */
  readonly fields: ReadonlySet<string>;
  /** Canonical places whose values violate. */
  readonly places: ReadonlySet<string>;
  /** Reads of what another process wrote since the reader last looked, or writes before it looks again. */
  readonly racingReads: ReadonlySet<TraceRow>;
}

export function relevanceOf(trace: Trace): Relevance {
  const racingReads = new Set<TraceRow>();
  findRaces(trace.steps, racingReads);
  findRaces(trace.steps.toReversed(), racingReads, (rows) => rows.toReversed());
  return {
    property: trace.property.id,
    fields: new Set(trace.property.fields),
    places: new Set(trace.violation.values.flatMap(({ place }) => (place === null ? [] : [place]))),
    racingReads,
  };
}

/** A write that a reader should see: of the kernel, and not of the value that was there. */
export function isChange(row: TraceRow): row is Extract<TraceRow, { kind: 'change' }> {
  return row.kind === 'change' && !row.ghost && changes(row);
}

/**
 * One way through the trace: reads of places that another process changed since the reader's last access.
 * Backwards, that is: changes before its next one.
 */
function findRaces(
  steps: readonly TraceStep[],
  found: Set<TraceRow>,
  direct: (rows: readonly TraceRow[]) => readonly TraceRow[] = (rows) => rows,
): void {
  // By place and process: when the process last accessed and last changed it.
  const accessed = new Map<string, Map<number, number>>();
  const changed = new Map<string, Map<number, number>>();
  let time = 0;
  for (const { process, rows } of steps) {
    for (const row of direct(rows)) {
      if (row.kind !== 'read' && row.kind !== 'change') continue;
      time++;
      const own = accessed.get(row.place)?.get(process) ?? 0;
      const byOthers = [...(changed.get(row.place) ?? [])].some(([other, at]) => other !== process && at > own);
      if (row.kind === 'read' && byOthers) found.add(row);
      note(accessed, row.place, process, time);
      if (isChange(row)) note(changed, row.place, process, time);
    }
  }
}

function note(book: Map<string, Map<number, number>>, place: string, process: number, time: number): void {
  const times = book.get(place) ?? new Map<number, number>();
  times.set(process, time);
  book.set(place, times);
}
