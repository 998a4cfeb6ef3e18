/**
 * Toys: small systems with known answers, for tests and for the benchmark.
 *
 * In: sizes. Out: descriptions, compiled as models are. Never: a word of KVM.
 */
export { counters } from './counters.ts';
export { filterLock, peterson } from './mutualExclusion.ts';
export { philosophers } from './philosophers.ts';
export { post } from './post.ts';
export { compileToy, describeToy, type Toy } from './toy.ts';
export { turns } from './turns.ts';
export { twoPhaseCommit } from './twoPhaseCommit.ts';
