/**
 * What is compared of two procedures, and what comes of it.
 *
 * In: nothing. Out: types, and the reasons why a comparison stays open. Never: a comparison.
 */
import type { LoneRun } from '../../compiler/index.ts';
import type { Abstraction } from './abstractions.ts';
import type { Action, WatchedCalls } from './actions.ts';

/** One way through a procedure. */
export interface Way {
  readonly actions: readonly Action[];
  readonly run: LoneRun;
}
export interface Parting {
  /** Actions that both have first. */
  readonly common: number;
  readonly model: Way;
  readonly tree: Way;
}
export type Sameness =
  | { readonly kind: 'same' }
  | { readonly kind: 'differs'; readonly parting: Parting }
  /** A limit, or a bound of the model, came first. */
  | { readonly kind: 'open'; readonly reason: string };

export interface Judge {
  /** The kernel's name of what is compared. */
  readonly name: string;
  /** Who runs it. */
  readonly process: number;
  readonly calls: WatchedCalls;
  /** Names of the parameters that both are called with. */
  readonly params: readonly string[];
  readonly abstractions: readonly Abstraction[];
  /** It is known that there are more ways: those that there are, are compared. */
  readonly some?: boolean;
}

export const tooManyWays = 'there are more ways to answer its free choices than are tried';
