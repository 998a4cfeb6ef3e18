/** A worst value in words. */
import type { PropertyResult } from './results.ts';

export type WorstValue = NonNullable<PropertyResult['worst']>;

/** `at most 3 pages zapped in one hold; bound 2`. */
export function worstText(worst: WorstValue): string {
  const counted = `${worst.value} ${worst.unit} ${worst.what}`;
  const known = worst.exact ? `at most ${counted}` : `at least ${counted} so far`;
  return worst.bound === null ? known : `${known}; bound ${worst.bound}`;
}
