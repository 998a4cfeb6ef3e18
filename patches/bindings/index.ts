/**
 * All bindings of this model.
 */
import { ignorable } from './ignorable.ts';
import { locks } from './locks.ts';
import { requests } from './requests.ts';
import { roots } from './roots.ts';
import { type Bindings, makeBindings } from './schema.ts';
import { shadowPages } from './shadowPages.ts';
import { types } from './types.ts';

export type { BindingPart, Bindings } from './schema.ts';
export { makeBindings } from './schema.ts';

/** One part a subsystem. */
export const bindingParts = [types, roots, shadowPages, requests, locks, ignorable] as const;
export const kvmBindings: Bindings = makeBindings(bindingParts);
