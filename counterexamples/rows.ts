/**
 * What the statements of one step did, as rows of a trace, in the order in which they did it.
 *
 * Statements that touch nothing shared (assignments, branches) leave a position, and no row. What checks and
 * ghosts read is left out; what ghosts write is kept, marked as such.
 */
import {
  boolType,
  type CellState,
  type EventPlace,
  type FieldType,
  intTypes,
  type MachineDescription,
  type MachineState,
  type Position,
  type StatementEvent,
  type SystemDescription,
} from '../compiler/index.ts';
import { applyEvent, cellAt } from './applyEvents.ts';
import { canonicalPlace, canonicalRow, fieldKey } from './names.ts';
import type { Names, Naming } from './naming.ts';
import { clip, queuedToWrite, type TracePosition, type TraceRow, type TraceStep, type TraceValue, traceLimits } from './schema.ts';

export interface RowContext {
  readonly description: SystemDescription;
  readonly naming: Naming;
  readonly names: Names;
  /** The state before the step; afterwards, the state after it. */
  readonly state: MachineState;
  /** What a wait is called, from its node in the program. */
  readonly waitLabel: (event: StatementEvent) => string;
}

export interface StepRows {
  readonly rows: TraceRow[];
  readonly statements: TracePosition[];
  readonly choices: TraceStep['choices'];
  readonly omitted: number;
  /** For each event, the number of rows before those that it made. */
  readonly firstRow: readonly number[];
}

export function rowsOf(events: readonly StatementEvent[], context: RowContext): StepRows {
  const rows: TraceRow[] = [];
  const statements: TracePosition[] = [];
  const choices: TraceStep['choices'] = [];
  const firstRow: number[] = [];
  let omitted = 0;
  for (const event of events) {
    firstRow.push(rows.length);
    for (const row of rowsOfEvent(event, context)) {
      if (rows.length < traceLimits.rowsPerStep) rows.push(row);
      else omitted++;
    }
    if (event.choice !== null && choices.length < 64) choices.push({ label: clip(event.choice.label), value: event.choice.value });
    if (event.phase !== 'kernel' && event.phase !== 'wait') continue;
    const last = statements.at(-1);
    if (last !== undefined && last.line === event.position.line && last.file === event.position.file) continue;
    if (statements.length < traceLimits.statementsPerStep) statements.push(tracePosition(event.position));
    else omitted++;
  }
  return { rows, statements, choices, omitted, firstRow };
}

/** Carries the event out on the state of the context, too. */
function rowsOfEvent(event: StatementEvent, context: RowContext): TraceRow[] {
  const position = tracePosition(event.position);
  const ofKernel = event.phase === 'kernel';
  const rows: TraceRow[] = [];
  // Names of a row that is freed are those of before, of one that is allocated those of its new life.
  if (event.row !== null && event.row.what === 'alloc') context.names.allocated(event.row.table, event.row.row);
  const dangledLists = (event.row?.dangled ?? []).map(({ place }) => ({
    place,
    before: cellAt(context.state, context.description.machine, place),
  }));
  if (ofKernel || event.phase === 'wait') rows.push(...readRows(event, context, position));
  rows.push(...changeRows(event, context, position));
  if (event.row !== null) {
    const { table, row, what } = event.row;
    rows.push({ kind: 'allocation', action: what, place: canonicalRow(table, row), name: context.names.row(table, row), position });
  }
  applyEvent(context.description.machine, context.state, event);
  for (const { place, before } of dangledLists) {
    const after = cellAt(context.state, context.description.machine, place);
    if (before !== undefined && after !== undefined) rows.push(...change(place, before, after, !ofKernel, context, position));
  }
  rows.push(...lockRows(event, context, position));
  if (ofKernel) rows.push(...callRows(event, context, position));
  rows.push(...checkRows(event, context, position));
  return rows;
}

function readRows(event: StatementEvent, { names }: RowContext, position: TracePosition): TraceRow[] {
  const read = (place: EventPlace, name: string, value: TraceValue): TraceRow => ({
    kind: 'read',
    place: clip(canonicalPlace(place)),
    field: clip(fieldKey(place)),
    name: clip(name),
    value,
    position,
  });
  const rows = event.reads.map(({ place, value }) => read(place, names.place(place), names.value(place.type, value, fieldKey(place))));
  const { list, lock } = event;
  if (list !== null && list.result !== null) {
    const { place, operator, result } = list;
    const element = place.type.kind === 'list' && /^(first|last|next|previous)$/.test(operator) ? place.type.element : intTypes.s32;
    rows.push(read(place, `${operator} of ${names.place(place)}`, names.value(element, result, '')));
  }
  if (lock?.query != null)
    rows.push(read(lock.place, `${lock.query.query}(${names.place(lock.place)})`, names.value(boolType, lock.query.answer ? 1 : 0, '')));
  return rows;
}

function changeRows(event: StatementEvent, context: RowContext, position: TracePosition): TraceRow[] {
  const ghost = event.phase !== 'kernel';
  const rows = event.writes.flatMap(({ place, before, after }) => change(place, before, after, ghost, context, position));
  // Lists are looked at more often than changed.
  if (event.list !== null && event.list.before.join() !== event.list.after.join())
    rows.push(...change(event.list.place, [...event.list.before], [...event.list.after], ghost, context, position));
  return rows;
}

function change(
  place: EventPlace,
  before: CellState,
  after: CellState,
  ghost: boolean,
  context: RowContext,
  position: TracePosition,
): TraceRow[] {
  const { names, naming, description } = context;
  const field = fieldKey(place);
  const type: FieldType = place.type;
  const [old, next] = [names.value(type, before, field), names.value(type, after, field)];
  const hidden = ghost || isGhost(description.machine, place) || (naming.hidden?.includes(field) ?? false);
  return [
    {
      kind: 'change',
      place: clip(canonicalPlace(place)),
      field: clip(field),
      name: clip(names.place(place)),
      old,
      new: next,
      ghost: hidden,
      position,
    },
  ];
}

function isGhost(machine: MachineDescription, place: EventPlace): boolean {
  return machine.tables.find((table) => table.name === place.table)?.fields.find((field) => field.path === place.field)?.ghost ?? false;
}

function lockRows(event: StatementEvent, { names, naming }: RowContext, position: TracePosition): TraceRow[] {
  const { lock } = event;
  if (lock === null || lock.mode === null || lock.place.type.kind !== 'lock') return [];
  const name = clip(names.place(lock.place));
  if (lock.what === 'announced') return [{ kind: 'wait', label: clip(`${queuedToWrite}${name}`), position }];
  if (lock.what === 'queried') return [];
  const action = { acquired: 'take', released: 'drop', failed: 'tryFailed' } as const;
  const spin = naming.spinlocks?.includes(fieldKey(lock.place)) ?? false;
  const flavour = lock.place.type.flavour === 'rwlock' ? 'rwlock' : spin ? 'spin' : 'mutex';
  return [{ kind: 'lock', action: action[lock.what], mode: lock.mode, flavour, place: clip(canonicalPlace(lock.place)), name, position }];
}

/** Calls, returns, choices, waits and marks: of the process's own code only. */
function callRows(event: StatementEvent, { names, naming, description, waitLabel }: RowContext, position: TracePosition): TraceRow[] {
  const rows: TraceRow[] = [];
  const { call, returned } = event;
  // Conditions of waits and hooks are run like calls, and are none.
  if (call !== null && event.kind === 'call') {
    const args = call.args.slice(0, 32).map(({ name, type, value }) => ({ name: clip(name), value: names.value(type, value, '') }));
    rows.push({ kind: 'enter', procedure: clip(call.procedure), args, position });
  }
  if (returned !== null && event.kind === 'return') {
    const type = description.procedures.get(returned.procedure)?.result;
    const result = returned.value === null || type === undefined || type.kind === 'void' ? null : names.value(type, returned.value, '');
    rows.push({ kind: 'exit', procedure: clip(returned.procedure), result, position });
  }
  if (event.choice !== null) {
    const { label, value, count } = event.choice;
    rows.push({
      kind: 'choice',
      label: clip(label),
      value,
      count,
      display: clip(naming.choices?.[label]?.[value] ?? String(value)),
      position,
    });
  }
  const label = event.kind === 'wait' ? waitLabel(event) : '';
  if (label !== '') rows.push({ kind: 'wait', label: clip(label), position });
  if (event.mark !== null) rows.push({ kind: 'mark', name: clip(event.mark), position });
  return rows;
}

function checkRows(event: StatementEvent, { description }: RowContext, position: TracePosition): TraceRow[] {
  const rows: TraceRow[] = [];
  const { monitor, assertion, fault } = event;
  if (monitor !== null && !monitor.held && monitor.property !== null) rows.push(failure(description, monitor.property, '', position));
  if (assertion !== null && !assertion.held) rows.push(failure(description, assertion.property, assertion.message, position));
  if (fault !== null) rows.push({ kind: 'fault', fault: clip(fault.kind), message: clip(fault.message, traceLimits.text), position });
  return rows;
}

function failure(description: SystemDescription, property: number | null, message: string, position: TracePosition): TraceRow {
  const violated = property === null ? undefined : description.properties[property];
  const title = violated === undefined ? '' : `${violated.id} ${violated.name}`.trim();
  const text = [title, message].filter((part) => part !== '').join(': ');
  return { kind: 'failure', property: violated === undefined ? null : clip(violated.id), message: clip(text, traceLimits.text), position };
}

export function tracePosition({ file, line, column, language, hunk, change: kind }: Position): TracePosition {
  return {
    file: clip(file),
    line,
    column,
    language,
    ...(hunk === undefined ? {} : { hunk }),
    ...(kind === undefined ? {} : { change: kind }),
  };
}
