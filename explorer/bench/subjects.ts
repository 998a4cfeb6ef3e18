/**
 * What is measured of the explorer itself.
 *
 * In: whether there is time for large ones. Out: subjects. Never: a scenario of a model; those are added by who knows them.
 */
import { packedTwoPhaseCommit } from '../testing/twoPhaseCommit.ts';
import { compileToy, filterLock, post, twoPhaseCommit } from '../toys/index.ts';
import type { Subject } from './measure.ts';

/** Asked for by name, where the others take what a run takes by itself. */
export const backEnds = [
  ['JavaScript', 'javascript'],
  ['WebAssembly', 'wasm'],
] as const;

/** Two-phase commit with `managers`, which says how large it is, and some smaller toys. */
export function toySubjects(managers: number): Subject[] {
  const commit = twoPhaseCommit(managers);
  return [
    { name: commit.name, compile: () => compileToy(commit) },
    { name: `${commit.name}, fingerprints`, compile: () => compileToy(commit), options: { mode: 'fingerprint' } },
    ...backEnds.flatMap(([title, backEnd]): Subject[] => [
      { name: `${commit.name}, ${title}`, compile: () => compileToy(commit, { backEnd }) },
      { name: `${commit.name}, ${title}, fingerprints`, compile: () => compileToy(commit, { backEnd }), options: { mode: 'fingerprint' } },
    ]),
    // No compiler: what remains is the search, so this bounds what generated code can reach.
    { name: `${commit.name}, packed by hand`, compile: () => packedTwoPhaseCommit(managers) },
    { name: filterLock(4, true).name, compile: () => compileToy(filterLock(4, true)) },
    { name: post(7, true).name, compile: () => compileToy(post(7, true)) },
  ];
}
