/**
 * How far functions are held against each other.
 */
export interface ConformLimits {
  /** States in which a function is called, in each scenario. */
  readonly entries: number;
  /** States of a scenario that are looked at. */
  readonly states: number;
  /** Ways to answer the free choices of one call. */
  readonly ways: number;
  /** Statements of one way. */
  readonly statements: number;
}

export const usualLimits: ConformLimits = { entries: 20_000, states: 3_000_000, ways: 512, statements: 20_000 };
