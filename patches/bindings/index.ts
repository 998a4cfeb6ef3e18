/**
 * All bindings of this model.
 */
import { ZodError, z } from 'zod';
import type { MachineDescription } from '../../compiler/ir/types.ts';
import { printable, UnreadableInput } from '../mail/unreadable.ts';
import { cpus } from './cpus.ts';
import { dirtyLog } from './dirtyLog.ts';
import { faults } from './faults.ts';
import { guestMemory } from './guestMemory.ts';
import { ignorable } from './ignorable.ts';
import { invalidation } from './invalidation.ts';
import { leaves } from './leaves.ts';
import { locks } from './locks.ts';
import { notifiers } from './notifiers.ts';
import { requests } from './requests.ts';
import { rmaps } from './rmaps.ts';
import { roots } from './roots.ts';
import { type BindingPart, type Bindings, bindingPartSchema, makeBindings } from './schema.ts';
import { shadowContracts } from './shadowContracts.ts';
import { shadowPages } from './shadowPages.ts';
import { splits } from './splits.ts';
import { tdpContracts } from './tdpContracts.ts';
import { tdpMmu } from './tdpMmu.ts';
import { types } from './types.ts';
import { unsync } from './unsync.ts';

export type { BindingPart, Bindings } from './schema.ts';
export { makeBindings } from './schema.ts';

/** One part a subsystem. */
export const bindingParts: readonly BindingPart[] = [
  types,
  roots,
  shadowPages,
  shadowContracts,
  requests,
  locks,
  ignorable,
  tdpMmu,
  tdpContracts,
  invalidation,
  notifiers,
  rmaps,
  unsync,
  dirtyLog,
  guestMemory,
  faults,
  cpus,
  splits,
  leaves,
];
/** Of no machine in particular: for reading functions, not for what their names mean. */
export const kvmBindings: Bindings = makeBindings(bindingParts);

const ofMachine = new WeakMap<MachineDescription, Bindings>();
/** What names mean on a machine, where nothing tells the kernel's version: newer spellings where they exclude each other. */
export function machineBindings(machine: MachineDescription): Bindings {
  const found = ofMachine.get(machine) ?? makeBindings(bindingParts, { machine });
  ofMachine.set(machine, found);
  return found;
}

/**
 * The bindings, with those of `file` (JSON, of the shape of a part) added. Throws `UnreadableInput` where it says nothing known, or
 * binds a spelling that is bound.
 */
export function bindingPartsWith(file: string, text: string): readonly BindingPart[] {
  try {
    const parts = [...bindingParts, bindingPartSchema.parse({ subsystem: file, ...asObject(JSON.parse(text)) })];
    makeBindings(parts);
    return parts;
  } catch (error) {
    const why = error instanceof ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : error instanceof Error ? error.message : '';
    throw new UnreadableInput('damaged', file, null, `is no file of bindings: ${printable(why, 300)}`);
  }
}

function asObject(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('an object is needed');
  return value;
}
