import { describe, expect, it } from 'vitest';
import { explore, exploreAsync } from './index.ts';
import { packedTwoPhaseCommit, twoPhaseCommitStates } from './testing/twoPhaseCommit.ts';

describe('two-phase commit, packed by hand', () => {
  for (const mode of ['exact', 'fingerprint'] as const) {
    it.each([3, 5, 7])(`${mode}: the published number of states with %i managers`, (managers) => {
      const result = explore(packedTwoPhaseCommit(managers), { mode });
      expect(result.counts.states).toBe(twoPhaseCommitStates.get(managers));
      expect(result.counts.depth).toBe(3 * managers + 1);
      expect(result.verdict).toBe('holds');
    });
  }

  it('gives the same graph whatever the mode, the size of a batch and the number of turns', async () => {
    const shape = ({ graph, counts }: Awaited<ReturnType<typeof exploreAsync>>) => ({
      transitions: counts.transitions,
      links: Array.from({ length: graph.count }, (_, id) => [graph.parentOf(id), graph.labelOf(id), graph.depthOf(id)].join()),
    });
    const expected = shape(explore(packedTwoPhaseCommit(4)));
    expect(shape(explore(packedTwoPhaseCommit(4), { mode: 'fingerprint' }))).toEqual(expected);
    expect(shape(explore(packedTwoPhaseCommit(4), { batchParents: 1 }))).toEqual(expected);
    expect(shape(await exploreAsync(packedTwoPhaseCommit(4)))).toEqual(expected);
  });

  it('finds the words of every state again, of fingerprints by replaying', () => {
    const exact = explore(packedTwoPhaseCommit(3));
    const hashed = explore(packedTwoPhaseCommit(3), { mode: 'fingerprint' });
    const seen = new Set<string>();
    for (let id = 0; id < exact.graph.count; id++) {
      expect(hashed.graph.wordsOf(id)).toEqual(exact.graph.wordsOf(id));
      seen.add(exact.graph.wordsOf(id).join());
    }
    expect(seen.size).toBe(288);
  });

  it('reports the odds of a missed state of fingerprints only', () => {
    expect(explore(packedTwoPhaseCommit(3)).missedStateOdds).toBe(0);
    expect(explore(packedTwoPhaseCommit(3), { mode: 'fingerprint' }).missedStateOdds).toBe(288 ** 2 / 2 ** 65);
  });
});
