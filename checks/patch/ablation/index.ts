/**
 * A patch, each piece of it reverted on its own.
 *
 * In: a patch that was judged, with what its runs left. Out: what each piece is for. Never: a search outside the given time.
 */
export { ablate } from './ablate.ts';
export { mailSubject, treeSubject } from './subject.ts';
