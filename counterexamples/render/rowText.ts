/**
 * What one row says, in printable ASCII.
 */
import type { TraceRow } from '../schema.ts';
import { escapeText, glue } from './ascii.ts';

/** May hold `glue`. */
export function rowText(row: TraceRow): string {
  if (row.kind === 'change') {
    const text = `${escapeText(row.name, 120)}: ${changeText(row.old.display, row.new.display)}`;
    // The reader must not look for it in the kernel.
    return row.ghost ? `[ ${text} ]` : text;
  }
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
      return row.count === 2 && row.display === '1' ? `(${row.label})` : `(${row.label}: ${row.display})`;
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
