/**
 * What one node did, noted while it is executed, and the events that are made of it.
 *
 * In: calls from the execution. Out: `StatementEvent`s. Never: meaning.
 */
import type { ProgramNode, Spec } from '../program/types.ts';
import type { EventKind, StackEntry, StatementEvent } from './events.ts';

/** The part of an event that is noted during execution. */
export type Notes = {
  -readonly [K in
    | 'list'
    | 'lock'
    | 'row'
    | 'choice'
    | 'call'
    | 'returned'
    | 'monitor'
    | 'assertion'
    | 'condition'
    | 'atomic'
    | 'mark'
    | 'fault']: StatementEvent[K];
} & {
  readonly reads: StatementEvent['reads'][number][];
  readonly writes: StatementEvent['writes'][number][];
  readonly locals: StatementEvent['locals'][number][];
};

export function blankNotes(): Notes {
  return {
    reads: [],
    writes: [],
    locals: [],
    list: null,
    lock: null,
    row: null,
    choice: null,
    call: null,
    returned: null,
    monitor: null,
    assertion: null,
    condition: null,
    atomic: null,
    mark: null,
    fault: null,
  };
}

export function kindOf(node: ProgramNode): EventKind {
  return node.op.kind === 'leaf' ? node.op.stmt.kind : node.op.kind;
}
/** Id of the statement that a node stands for; empty if none. */
export function statementOf(node: ProgramNode): string {
  return 'stmt' in node.op ? node.op.stmt.id : '';
}

export interface EventContext {
  readonly process: number;
  readonly phase: StatementEvent['phase'];
  readonly stack: readonly StackEntry[];
  readonly spec: Spec;
  readonly node: ProgramNode;
}
export function eventOf({ process, phase, stack, spec, node }: EventContext, notes: Notes): StatementEvent {
  return {
    process,
    kind: kindOf(node),
    phase: phase === 'kernel' ? phaseOf(node) : phase,
    stack,
    position: node.pos,
    statement: statementOf(node),
    spec: spec.index,
    node: node.index,
    ...notes,
  };
}

function phaseOf({ op, ghost }: ProgramNode): StatementEvent['phase'] {
  if (op.kind === 'monitor') return op.property === null ? 'ghost' : 'monitor';
  return ghost ? 'ghost' : 'kernel';
}
