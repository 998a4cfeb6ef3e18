/**
 * Lock statements.
 *
 * In: statements, resolved places. Out: lines; for acquire also a text that tells whether it would block.
 * Never: where a step ends (the caller decides what blocking means).
 */
import type { LockMode, LockQuery } from '../ir/types.ts';
import { readText, writeText } from './columns.ts';
import type { FunctionWriter } from './context.ts';
import type { ResolvedPlace } from './places.ts';
import { constant, type Value } from './values.ts';

/** Process + 1, as owners are stored, and the process's bit. */
function me(w: FunctionWriter): { owner: Value; bit: string; others: string } {
  if (w.self === null) return { owner: { text: '(S+1)', lo: 1, hi: 256 }, bit: '(1<<S)', others: '~(1<<S)' };
  return { owner: constant(w.self + 1), bit: String(1 << w.self), others: String(~(1 << w.self)) };
}

function read(column: ResolvedPlace['layout']['readers'], place: ResolvedPlace): string | null {
  return column === null ? null : readText(column, place.element);
}

/** Condition: the process holds the lock. `mode` null: in any mode. */
function heldText(place: ResolvedPlace, mode: LockMode | null, w: FunctionWriter): string {
  const { owner, bit } = me(w);
  const exclusive = `${readText(place.layout.main, place.element)}===${owner.text}`;
  const readers = read(place.layout.readers, place);
  const shared = readers === null ? 'false' : `(${readers}&${bit})!==0`;
  if (mode === 'exclusive') return exclusive;
  if (mode === 'shared') return shared;
  return readers === null ? exclusive : `${exclusive}||${shared}`;
}

/** Condition: nobody keeps the process from taking the lock. */
export function availableText(place: ResolvedPlace, mode: LockMode): string {
  const writer = `${readText(place.layout.main, place.element)}===0`;
  const others = read(mode === 'exclusive' ? place.layout.readers : place.layout.waiting, place);
  return others === null ? writer : `${writer}&&${others}===0`;
}

/**
 * Condition: an acquire has a step: it takes the lock, announces, or faults.
 */
export function acquirableText(place: ResolvedPlace, mode: LockMode, w: FunctionWriter): string {
  const parts = [availableText(place, mode)];
  const waiting = read(place.layout.waiting, place);
  if (mode === 'exclusive' && waiting !== null) parts.push(`(${waiting}&${me(w).bit})===0`);
  parts.push(heldText(place, null, w));
  return parts.map((part) => (part.includes('&&') ? `(${part})` : part)).join('||');
}

function takeText(place: ResolvedPlace, mode: LockMode, w: FunctionWriter): string {
  const { main, readers, waiting } = place.layout;
  const { owner, bit, others } = me(w);
  if (mode === 'shared') {
    if (readers === null) throw new Error('a mutex is not taken shared');
    return writeText(readers, place.element, { text: `(${readText(readers, place.element)}|${bit})`, lo: 0, hi: 2 ** readers.bits - 1 });
  }
  const clear =
    waiting === null
      ? ''
      : writeText(waiting, place.element, { text: `(${readText(waiting, place.element)}&${others})`, lo: 0, hi: 2 ** waiting.bits - 1 });
  return writeText(main, place.element, owner) + clear;
}

/**
 * Lines of an acquire. `blocked` is run where the lock cannot be taken (null: it was tested before that it can, or that
 * the writer may announce); `announced` ends the step of an announcing writer (null: announcing is not possible here).
 */
export function emitAcquire(
  place: ResolvedPlace,
  mode: LockMode,
  blocked: string | null,
  announced: string | null,
  w: FunctionWriter,
): void {
  w.line(`if(${heldText(place, null, w)})${w.raise('selfDeadlock', 'acquires a lock that it holds')}`);
  const { waiting } = place.layout;
  const announces = mode === 'exclusive' && waiting !== null && announced !== null;
  if (announces) {
    const { bit } = me(w);
    const old = readText(waiting, place.element);
    const set = writeText(waiting, place.element, { text: `(${old}|${bit})`, lo: 0, hi: 2 ** waiting.bits - 1 });
    const otherwise = blocked === null ? '' : `if((${old}&${bit})!==0){${blocked}}`;
    w.line(`if(!(${availableText(place, mode)})){${otherwise}${set}${announced}}`);
  } else if (blocked !== null) {
    w.line(`if(!(${availableText(place, mode)})){${blocked}}`);
  }
  w.line(takeText(place, mode, w));
}

export function emitRelease(place: ResolvedPlace, mode: LockMode, w: FunctionWriter): void {
  const { main, readers } = place.layout;
  w.line(`if(!(${heldText(place, mode, w)}))${w.raise('notHeld', 'releases a lock that it does not hold')}`);
  if (mode === 'exclusive') w.line(writeText(main, place.element, constant(0)));
  else if (readers !== null) {
    w.line(
      writeText(readers, place.element, {
        text: `(${readText(readers, place.element)}&${me(w).others})`,
        lo: 0,
        hi: 2 ** readers.bits - 1,
      }),
    );
  }
}

export function emitTryAcquire(place: ResolvedPlace, mode: LockMode, dst: string, w: FunctionWriter): void {
  w.line(`if((${availableText(place, mode)})&&!(${heldText(place, null, w)})){${takeText(place, mode, w)}`);
  w.assign(dst, constant(1));
  w.line('}else{');
  w.assign(dst, constant(0));
  w.line('}');
}

export function lockQueryText(place: ResolvedPlace, query: LockQuery, w: FunctionWriter): Value {
  if (query !== 'contended') {
    const mode = query === 'held' ? null : query === 'heldExclusive' ? 'exclusive' : 'shared';
    return { text: `(${heldText(place, mode, w)}?1:0)`, lo: 0, hi: 1 };
  }
  const { owner, others } = me(w);
  const writer = w.temporary({ text: readText(place.layout.main, place.element), lo: 0, hi: 256 }).text;
  const waiting = read(place.layout.waiting, place);
  const announced = waiting === null ? '' : `||(${waiting}&${others})!==0`;
  return { text: `(${writer}!==0&&${writer}!==${owner.text}${announced}?1:0)`, lo: 0, hi: 1 };
}

/** Bit set of the processes that keep this one from acquiring; 0 if the lock can be had. */
export function blockersText(place: ResolvedPlace, mode: LockMode, w: FunctionWriter): string {
  const writer = readText(place.layout.main, place.element);
  const others = read(mode === 'exclusive' ? place.layout.readers : place.layout.waiting, place);
  const all = `(${writer}===0?0:1<<${writer}-1)${others === null ? '' : `|${others}`}`;
  return `(${availableText(place, mode)}?0:(${all})&${me(w).others})`;
}
