/**
 * Which constructs really ran: counted from the events of traced steps.
 *
 * In: events of one step. Out: names and counts. Never: a judgement.
 */
import type { StatementEvent } from '../interpret/events.ts';

export type Counts = Map<string, number>;

export function countConstructs(step: readonly StatementEvent[], counts: Counts): void {
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  let wrote = false;
  const heldNow: string[] = [];
  for (const event of step) {
    for (const name of namesOf(event)) add(name);
    if (event.phase !== 'kernel') continue;
    if (event.choice !== null && wrote) add('choice after a write in one step');
    wrote ||= event.writes.length > 0;
    if (event.lock?.what === 'acquired') heldNow.push(event.lock.place.field);
    if (event.lock?.what === 'acquired' && heldNow.length > 1) add('two locks taken in one step');
  }
}

function namesOf(event: StatementEvent): string[] {
  const names: string[] = [event.phase === 'kernel' ? event.kind : `${event.phase}: ${event.kind}`];
  if (event.lock !== null)
    names.push(`${event.lock.place.field} ${event.lock.what}${event.lock.mode === null ? '' : ` ${event.lock.mode}`}`);
  if (event.lock?.query !== null && event.lock?.query !== undefined) names.push(`${event.lock.query.query} ${event.lock.query.answer}`);
  if (event.list !== null) names.push(`list ${event.list.operator}`);
  if (event.atomic !== null) names.push(`atomic ${event.atomic.operator}${event.atomic.exchanged === false ? ' failed' : ''}`);
  if (event.row !== null && event.row.dangled.length > 0) names.push('free with references in fields');
  if (event.row?.what === 'alloc') names.push(`alloc of row ${event.row.row}`);
  if (event.assertion !== null) names.push(`assert ${event.assertion.severity} ${event.assertion.held}`);
  if (event.monitor?.property !== null && event.monitor?.property !== undefined) names.push(`monitor ${event.monitor.held}`);
  if (event.call !== null) names.push(`call of ${event.call.procedure}`);
  if (event.phase === 'kernel' && event.stack.length > 2) names.push('calls two deep');
  if (event.kind === 'branch' && event.condition !== null) names.push(`branch ${event.condition}`);
  if (event.fault !== null) names.push(`fault ${event.fault.kind}`);
  return names;
}
