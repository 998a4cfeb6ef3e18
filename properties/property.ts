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
  /** What is counted: `page`, and `pages`. */
  readonly one: string;
  readonly many: string;
  /** Which of them: `zapped between two checks whether to yield`. */
  readonly what: string;
  readonly bound: (bounds: Bounds) => number;
}

/** Counted and reported without a bound; what it comes to is expected of each variant on its own. */
export interface Measure extends Omit<Worst, 'bound'> {
  /** `flushes`. */
  readonly id: string;
  /** Their procedures give numbers. */
  readonly hooks: readonly Hook[];
  readonly recorders: readonly Hook[];
  /** This measure's own file, for the compiler, and files of hooks that it shares. */
  readonly file: string;
  readonly with?: readonly string[];
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
  /** Files of hooks that it shares with some properties; those that all may use need no mention. */
  readonly with?: readonly string[];
}
export type Property = Common &
  (
    | { readonly kind: 'state'; readonly predicate: string; readonly scope: Scope }
    /** With `worst`, hooks that give a number measure: above the bound is a violation, and the largest is reported. */
    | { readonly kind: 'event'; readonly hooks: readonly Hook[]; readonly worst?: Worst }
    /** Violated by a fair run in which the predicate, which says that something is owed, stays true for ever. */
    | { readonly kind: 'progress'; readonly predicate: string }
    /** Violated by assertions in the procedures that carry its id. */
    | { readonly kind: 'assertion' }
    /** Violated by threads that cannot go on. */
    | { readonly kind: 'deadlock' }
  );

/** States in which nobody holds `mmu_lock` for write. */
export const mmuLockFree: Scope = { kind: 'noWriter', table: 'vm', field: 'mmu_lock' };
