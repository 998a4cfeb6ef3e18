/**
 * Which row of the last step is to blame, and the values that violate: for a state property what its predicate
 * read last before it said no, for a monitor what it was given and read, for an assertion or a fault what
 * its procedure read last, for a deadlock who waits for what.
 */
import type { HookEvent, PropertyDescription, StatementEvent, SystemDescription } from '../compiler/index.ts';
import { canonicalPlace, canonicalRow, fieldKey } from './names.ts';
import type { Names } from './naming.ts';
import type { StepRows } from './rows.ts';
import { changes, clip, type Trace, type TraceRow } from './schema.ts';

type Change = Extract<TraceRow, { kind: 'change' }>;
type Values = Trace['violation']['values'];
export interface Blame {
  readonly row: number | null;
  readonly values: Values;
  readonly notes: string[];
  /** Fields that were looked at, as far as the run shows them. */
  readonly fields: string[];
}

export interface BlameContext {
  readonly description: SystemDescription;
  readonly names: Names;
  /** Canonical place, or row → number of the last step that changed, or allocated, it; one that is missing never changed. */
  readonly since: ReadonlyMap<string, number>;
  readonly fields: readonly string[];
  /** Fields whose changes tell the story whatever the property. */
  readonly telling: readonly string[];
}

const valuesMax = 6;

/** A monitor or an assertion of the last step that came out false; null if there is none. */
export function blameEvent(property: number, events: readonly StatementEvent[], step: StepRows, context: BlameContext): Blame | null {
  const at = events.findIndex(
    ({ monitor, assertion }) => (monitor?.property === property && !monitor.held) || (assertion?.property === property && !assertion.held),
  );
  const event = events[at];
  if (event === undefined) return null;
  const failure = indexOfRow(step, at, 'failure');
  if (event.monitor !== null) {
    let first = at;
    while (first > 0 && events[first - 1]?.phase === 'monitor' && events[first - 1]?.monitor === null) first--;
    const reads = lastReads(events.slice(first, at), context);
    const hooked = hookOf(context.description.properties[property], event.monitor.procedure);
    const cause = hooked === undefined || failure === null ? null : causeOf(hooked, step, failure);
    return { row: cause ?? failure, values: [...argumentsOf(event, context), ...reads.values], notes: [], fields: reads.fields };
  }
  return { row: failure, ...readsOfProcedure(events, at, context), notes: [] };
}

/** The statement that the path ended in; null if the step did not fault. */
export function blameFault(events: readonly StatementEvent[], step: StepRows, context: BlameContext): Blame | null {
  const at = events.findIndex((event) => event.fault !== null);
  const event = events[at];
  if (event === undefined || event.fault === null) return null;
  return {
    row: indexOfRow(step, at, 'fault'),
    ...readsOfProcedure(events, at, context),
    notes: [clip(`${event.fault.kind}: ${event.fault.message}`)],
  };
}

/** `predicate`: the events of its evaluation in the last state. */
export function blameState(
  property: PropertyDescription,
  predicate: readonly StatementEvent[],
  step: StepRows | null,
  context: BlameContext,
): Blame {
  const reads = lastReads(lastRound(predicate), context);
  const places = new Set(reads.values.map((value) => value.place));
  const changed = (matches: (row: Change) => boolean) => (step?.rows ?? []).findLastIndex((row) => row.kind === 'change' && matches(row));
  const row =
    [
      changed((change) => !change.ghost && places.has(change.place)),
      changed((change) => places.has(change.place)),
      changed((change) => context.fields.includes(change.field)),
      // A scope that ends with a lock: the damage was done before, and counts from here on.
      (step?.rows ?? []).findLastIndex((change) => change.kind === 'lock' && change.action === 'drop'),
      // At rest: the last chance to put it right was there.
      changed((change) => !change.ghost && changes(change) && context.telling.includes(change.field)),
    ].find((index) => index >= 0) ?? null;
  return { row, values: reads.values, notes: scopeNotes(context, property), fields: reads.fields };
}

/** When the predicate must be true, if that is not always. */
function scopeNotes({ names }: BlameContext, property: PropertyDescription): string[] {
  if (property.kind === 'progress')
    return ['This can go on for ever, and fairly: nobody who could always step, or get a lock again and again, is passed over.'];
  if (property.kind !== 'state') return [];
  switch (property.scope.kind) {
    case 'always':
      return [];
    case 'noWriter': {
      const lock = names.place({ table: property.scope.table, field: property.scope.field, row: null, index: null });
      return [`Nobody holds ${lock} for write here.`];
    }
    case 'quiescent':
      return ['Every process is done or at rest here: nobody will put it right.'];
  }
}

/** The end of an evaluation in which no read is repeated: the round of the innermost loops that decided. */
function lastRound(predicate: readonly StatementEvent[]): readonly StatementEvent[] {
  const seen = new Set<string>();
  const start = predicate.findLastIndex((event) => {
    if (event.reads.length === 0) return false;
    const key = `${event.spec} ${event.node}`;
    const repeated = seen.has(key);
    seen.add(key);
    return repeated;
  });
  return predicate.slice(start + 1);
}

function indexOfRow(step: StepRows, event: number, kind: 'failure' | 'fault'): number | null {
  const end = step.firstRow[event + 1] ?? step.rows.length;
  for (let row = end - 1; row >= (step.firstRow[event] ?? 0); row--) if (step.rows[row]?.kind === kind) return row;
  return null;
}

function hookOf(property: PropertyDescription | undefined, procedure: string): HookEvent | undefined {
  return property?.kind === 'event' ? property.hooks.find((hook) => hook.procedure === procedure)?.event : undefined;
}

/** The change that the hook is attached to: the last one before the check. Calls and returns are no rows to mark. */
function causeOf(hooked: HookEvent, step: StepRows, failure: number): number | null {
  for (let row = failure - 1; row >= 0; row--) {
    const candidate = step.rows[row];
    if ('field' in hooked && candidate?.kind === 'change' && candidate.field === `${hooked.table}.${hooked.field}`) return row;
    if ((hooked.on === 'alloc' || hooked.on === 'free') && candidate?.kind === 'allocation' && candidate.action === hooked.on) return row;
  }
  return null;
}

function argumentsOf(event: StatementEvent, { description, names }: BlameContext): Values {
  const params = event.monitor === null ? [] : (description.procedures.get(event.monitor.procedure)?.params ?? []);
  return params.slice(0, valuesMax).flatMap((param, k) => {
    const value = event.monitor?.args[k];
    return value === undefined ? [] : [{ name: clip(param.name), place: null, value: names.value(param.type, value, ''), since: null }];
  });
}

/** What the procedure of an event read in this step, before it. */
function readsOfProcedure(events: readonly StatementEvent[], at: number, context: BlameContext): { values: Values; fields: string[] } {
  const depth = events[at]?.stack.length;
  const procedure = events[at]?.stack.at(-1)?.procedure;
  const own = events
    .slice(0, at + 1)
    .filter((event) => event.phase === 'kernel' && event.stack.length === depth && event.stack.at(-1)?.procedure === procedure);
  return lastReads(own, context, 4);
}

/** The last reads of different places, in the order in which they were made. */
function lastReads(
  events: readonly StatementEvent[],
  { names, since }: BlameContext,
  max = valuesMax,
): { values: Values; fields: string[] } {
  const values: Values = [];
  const fields: string[] = [];
  const seen = new Set<string>();
  for (const { place, value } of events.flatMap((event) => event.reads).reverse()) {
    const canonical = canonicalPlace(place);
    if (seen.has(canonical)) continue;
    if (values.length === max) break;
    seen.add(canonical);
    fields.push(clip(fieldKey(place)));
    values.push({
      name: clip(names.place(place)),
      place: clip(canonical),
      value: names.value(place.type, value, fieldKey(place)),
      since: Math.max(since.get(canonical) ?? 0, since.get(canonicalRow(place.table, place.row)) ?? 0),
    });
  }
  return { values: values.reverse(), fields };
}
