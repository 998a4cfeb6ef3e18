/**
 * What a property is, for those who list, check and document it.
 *
 * In: nothing. Out: types, and the scopes that several properties share. Never: a predicate.
 */

import type { Bounds } from '../model/machine/index.ts';

/** As the compiler defines it: when a state predicate must be true. */
export type Scope =
  | { readonly kind: 'always' }
  | { readonly kind: 'noWriter'; readonly table: string; readonly field: string }
  | { readonly kind: 'quiescent' };

/** As the compiler defines it: where a monitor or a recording hook is attached. */
export type HookEvent =
  | { readonly on: 'write'; readonly table: string; readonly field: string }
  | { readonly on: 'call'; readonly procedure: string }
  | { readonly on: 'return'; readonly procedure: string }
  | { readonly on: 'alloc' | 'free'; readonly table: string }
  | { readonly on: 'listAdd' | 'listRemove'; readonly table: string; readonly field: string };
export interface Hook {
  readonly event: HookEvent;
  readonly procedure: string;
}

/** An edit of the model that the property must notice: in the scenario, with the built-in procedures of the variant. */
export interface Mutant {
  readonly scenario: string;
  readonly variant: string;
  readonly procedure: string;
  /** Text of the statement to edit, as the model spells it. */
  readonly statement: string;
  readonly operator: 'delete' | 'swapWithNext' | 'negate' | 'replaceArgument' | 'dropLock';
}

/** What a property of cost or precision counts, and how much of it is allowed. */
export interface Worst {
  /** What is counted, as of one: `page`. */
  readonly unit: string;
  /** Which of them: `zapped between two checks whether to yield`. */
  readonly what: string;
  readonly bound: (bounds: Bounds) => number;
}

interface Common {
  /** `I-10`. */
  readonly id: string;
  readonly name: string;
  /** One sentence in kernel words. */
  readonly statement: string;
  /** Where the kernel says so itself. */
  readonly kernelExpression: string;
  /** Hooks that write the ghosts which the predicates read. Several properties may name the same one; it is attached once. */
  readonly recorders: readonly Hook[];
  readonly mutant: Mutant | null;
  /** This property's own file, for the compiler. */
  readonly file: string;
}
export type Property = Common &
  (
    | { readonly kind: 'state'; readonly predicate: string; readonly scope: Scope }
    /** With `worst`, hooks that give a number measure: above the bound is a violation, and the largest is reported. */
    | { readonly kind: 'event'; readonly hooks: readonly Hook[]; readonly worst?: Worst }
    /** Violated by assertions in the procedures that carry its id. */
    | { readonly kind: 'assertion' }
  );

/** States in which nobody holds `mmu_lock` for write. */
export const mmuLockFree: Scope = { kind: 'noWriter', table: 'vm', field: 'mmu_lock' };
