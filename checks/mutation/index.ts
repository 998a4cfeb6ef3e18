/**
 * Mutants: edits of the kernel procedures that the properties ought to notice.
 *
 * In: the model. Out: which mutants are noticed, by what, and which are not. Never: a mutant written by hand.
 */
export type { MutantVerdict } from './judgeMutant.ts';
export { mutantsPage } from './page.ts';
export {
  type JudgedMutant,
  type MutationRecord,
  nameOf,
  readMutationRecord,
  recordAgain,
  recordOf,
  recordWith,
  writeMutationRecord,
} from './record.ts';
export { type MutantsRequest, runMutants } from './runMutants.ts';
