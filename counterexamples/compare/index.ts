/**
 * Two variants on one schedule: where they part, and why.
 *
 * In: two systems over one machine, a path of the first. Out: a comparison, sentences about it. Never: a search.
 */
export { type Comparison, comparePaths, type Pair, type Parting } from './compare.ts';
export type { Deed } from './deeds.ts';
export { whyTheyPart } from './words.ts';
