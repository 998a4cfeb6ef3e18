/**
 * Systems over the toy machine from bodies written with `irWords.ts`.
 *
 * In: a body for each process. Out: a system description. Never: randomness.
 */

import type { Hook, PropertyDescription, SystemDescription } from '../description.ts';
import type { Local, Param, Procedure, ScalarType, Stmt, ValueType } from '../ir/types.ts';
import { voidType } from '../ir/types.ts';
import { position, Writer } from './irWords.ts';
import { toyMachine } from './toyMachine.ts';

/** Locals by name and type. */
export type Locals = Readonly<Record<string, ScalarType>>;

export interface ProcedureParts {
  readonly params?: readonly Param[];
  readonly locals?: Locals;
  readonly result?: ValueType;
}
export function procedure(name: string, write: (w: Writer) => readonly Stmt[], parts: ProcedureParts = {}): Procedure {
  const locals: Local[] = Object.entries(parts.locals ?? {}).map(([local, type]) => ({ name: local, type }));
  const body = write(new Writer(name));
  return { name, params: parts.params ?? [], result: parts.result ?? voidType, locals, body, pos: position(1), doc: '' };
}

export interface ToyParts {
  /** One process each, in order, named after the procedure; extra procedures do not run by themselves. */
  readonly processes: readonly { readonly run: Procedure; readonly args?: readonly number[]; readonly daemon?: boolean }[];
  readonly procedures?: readonly Procedure[];
  readonly prologue?: Procedure;
  readonly properties?: readonly PropertyDescription[];
  readonly hooks?: readonly Hook[];
  readonly quiescent?: string;
  /** Left out: no word is lost on locks that a process keeps. */
  readonly mayEndLocked?: false;
}
export function toySystem(parts: ToyParts): SystemDescription {
  const all = [
    ...parts.processes.map(({ run }) => run),
    ...(parts.procedures ?? []),
    ...(parts.prologue === undefined ? [] : [parts.prologue]),
  ];
  return {
    name: 'toy',
    machine: toyMachine,
    constants: new Map(),
    procedures: new Map(all.map((one) => [one.name, one])),
    prologue: parts.prologue === undefined ? null : { procedure: parts.prologue.name, args: [] },
    processes: parts.processes.map(({ run, args, daemon }, index) => ({
      name: `p${index}`,
      title: `P${index}`,
      procedure: run.name,
      args: args ?? [],
      kind: daemon === true ? 'daemon' : 'essential',
    })),
    properties: parts.properties ?? [],
    hooks: parts.hooks ?? [],
    quiescent: parts.quiescent ?? null,
    mayEndLocked: parts.mayEndLocked ?? true,
  };
}
