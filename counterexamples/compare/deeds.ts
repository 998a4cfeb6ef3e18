/**
 * What a step did that another variant of the same system could have done otherwise: accesses and tests, in order.
 *
 * In: events of the interpreter. Out: deeds. Never: positions in what is compared: two variants are two texts.
 */
import type { MachineState, StatementEvent, SystemDescription } from '../../compiler/index.ts';
import type { Names, Naming } from '../naming.ts';
import { rowsOf, tracePosition } from '../rows.ts';
import { changes, type TracePosition, type TraceRow } from '../schema.ts';

export interface Deed {
  /** `effect`: others can see it. `look`: a read, a free choice, a write of what is there. `test`: a branch. */
  readonly kind: 'effect' | 'look' | 'test';
  /** Equal for deeds that are the same thing done in two variants. Of a test: which way it went. */
  readonly key: string;
  /** `reads vcpu.mode: IN_GUEST`, `writes …`, `takes mmu_lock`. */
  readonly text: string;
  readonly procedure: string;
  readonly position: TracePosition;
}

export interface DeedContext {
  readonly description: SystemDescription;
  readonly naming: Naming;
  readonly names: Names;
  /** The state before the step; afterwards, as far as the step came. */
  readonly state: MachineState;
  /** Failures of other properties than this are left out. */
  readonly property: string;
}

/** Deeds of the process's own statements. What only the checker reads and writes is left out. */
export function deedsOf(events: readonly StatementEvent[], context: DeedContext): Deed[] {
  const { rows, firstRow } = rowsOf(events, { ...context, waitLabel: () => '' });
  // What an assertion reads is looked at by nobody else.
  const asserted = new Set(events.filter(({ kind }) => kind === 'assert').map(({ position }) => lineOf(position)));
  return events.flatMap((event, k) => {
    const procedure = event.stack.at(-1)?.procedure ?? '';
    const done = rows.slice(firstRow[k], firstRow[k + 1] ?? rows.length);
    const written = new Set(done.flatMap((row) => (row.kind === 'change' ? [row.place] : [])));
    const own = done
      // What is read to be written back is told by the write.
      .filter((row) => row.kind !== 'read' || !(written.has(row.place) || asserted.has(lineOf(event.position))))
      .flatMap((row) => deedOf(row, procedure, context.property) ?? []);
    if (event.kind !== 'branch' || event.phase !== 'kernel' || event.condition === null) return own;
    const key = String(event.condition);
    return [...own, { kind: 'test' as const, key, text: `the test is ${key}`, procedure, position: tracePosition(event.position) }];
  });
}

function lineOf({ file, line }: Pick<TracePosition, 'file' | 'line'>): string {
  return `${file}:${line}`;
}

function deedOf(row: TraceRow, procedure: string, property: string): Deed | null {
  const of = (kind: Deed['kind'], key: string, text: string): Deed => ({ kind, key, text, procedure, position: row.position });
  switch (row.kind) {
    case 'read':
      return of('look', `read ${row.place}`, `reads ${row.name} (${row.value.display})`);
    case 'choice':
      return of('look', `choose ${row.label} ${row.value}`, `chooses ${row.label}: ${row.display}`);
    case 'change':
      if (row.ghost) return null;
      // A lost update looks like that: it matters when it is done, and others see nothing of it.
      if (!changes(row))
        return of('look', `write ${row.place} ${JSON.stringify(row.new.raw)}`, `writes ${row.name} as it is (${row.new.display})`);
      return of(
        'effect',
        `write ${row.place} ${JSON.stringify(row.new.raw)}`,
        `writes ${row.name}: ${row.old.display} -> ${row.new.display}`,
      );
    case 'allocation':
      return of('effect', `${row.action} ${row.place}`, `${row.action === 'alloc' ? 'allocates' : 'frees'} ${row.name}`);
    case 'lock': {
      const verb = { take: 'takes', drop: 'drops', tryFailed: 'fails to get' }[row.action];
      const mode = row.flavour === 'rwlock' ? (row.mode === 'shared' ? ' for read' : ' for write') : '';
      return of('effect', `${row.action} ${row.mode} ${row.place}`, `${verb} ${row.name}${mode}`);
    }
    case 'fault':
      return of('effect', `fault ${row.fault}`, `ends in a fault: ${row.message}`);
    case 'failure':
      return row.property === property ? of('effect', `fail ${property}`, `violates ${property}`) : null;
    case 'enter':
    case 'exit':
    case 'wait':
    case 'mark':
      return null;
  }
}
