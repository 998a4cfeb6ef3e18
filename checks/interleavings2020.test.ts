/**
 * The reference interleavings C3 (tables of a nested guest that stay when their parent is zapped) and C4 (recycling zaps
 * the root in use): the search finds them, and the model takes them in the order in which they are told.
 */
import { describe, expect, it } from 'vitest';
import type { MachineState } from '../compiler/index.ts';
import type { Leg } from './testing/drive.ts';
import { drivenTrace, foundTrace } from './testing/interleaving.ts';
import { inOrder, told } from './testing/told.ts';

const names = ['vcpu'];

/** Rows of `pages`: L1's root, then R, M and T of EPT02. */
const [M, T] = [2, 3];
const cells = (state: MachineState, table: string, field: string) => state.tables[table]?.[field] ?? [];
const floods = (state: MachineState) => cells(state, 'pages', 'write_flooding_count')[M];
const hashed = (state: MachineState, row: number) => cells(state, 'pages', 'hashed')[row] === 1;
const atRest = (state: MachineState) =>
  ['guest.budget', 'requests', 'mode', 'srcu'].every((field) => cells(state, 'vcpus', field)[0] === 0);
/** Entry 0 of the guest table that M shadows, which leads to T's, was never written. */
const entryOfTStands = (state: MachineState) => cells(state, 'frames', 'entries')[2] !== 0;
const zappedM = 'vcpu: C.role.invalid: 0 -> 1';
const zappedT = 'vcpu: D.role.invalid: 0 -> 1';
const unlinkedT = 'vcpu: D.parent_ptes: [C.spt[0]] -> empty';

describe('C3: L1 floods M, and T stays', () => {
  const legs: Leg[] = [1, 2].map((n) => ({ what: `write ${n}`, process: 0, until: (s) => floods(s) === n && entryOfTStands(s) }));

  it('is a shortest trace that the search finds', async () => {
    const trace = await foundTrace('3.2-A', 'v5.8', 'I-28');
    const story = ['vcpu: C.write_flooding_count: 2 -> 3', unlinkedT, zappedM];
    expect(inOrder(trace, names, story)).toEqual(story);
    expect(told(trace, names)).not.toContain(zappedT);
  });

  it('happens as told: three entries of M, none of them that of T', () => {
    const third = { what: 'the third write', process: 0, until: (s: MachineState) => !hashed(s, M) && hashed(s, T) && entryOfTStands(s) };
    const trace = drivenTrace('3.2-A', 'v5.8', 'I-28', [...legs, third, { what: 'rest', process: 0, until: atRest }]);
    const story = [unlinkedT, zappedM];
    expect(inOrder(trace, names, story)).toEqual(story);
    expect(told(trace, names)).not.toContain(zappedT);
  });

  it.each(['posted', 'merged', 'rootCountTest'])('takes T with M: %s', (variant) => {
    const third = { what: 'the third write', process: 0, until: (s: MachineState) => !hashed(s, M) && !hashed(s, T) && entryOfTStands(s) };
    const trace = drivenTrace('3.2-A', variant, 'interesting_middle_zapped', [...legs, third]);
    const story = [unlinkedT, zappedT, zappedM];
    expect(inOrder(trace, names, story)).toEqual(story);
  });
});

describe('C4: recycling takes R5, and the recursion R4, on which the fault goes on', () => {
  const begins = ['vcpu: B.parent_ptes: [D.spt[0]] -> empty', 'vcpu: B.role.invalid: 0 -> 1', 'vcpu: D.role.invalid: 0 -> 1'];

  it('with the role from the parent the new child is invalid and active, then on two lists', async () => {
    const trace = await foundTrace('3.2-C', 'v6.0', 'I-13');
    const story = [...begins, "vcpu: C'.role.invalid: 0 -> 1", "vcpu: invalid_list: empty -> [C']", 'vcpu: violates I-13'];
    expect(inOrder(trace, names, story)).toEqual(story);
  });

  it('with the role from the MMU the new child is valid, below an invalid root', async () => {
    const trace = await foundTrace('3.2-C', 'v5.10', 'I-07');
    expect(inOrder(trace, names, begins)).toEqual(begins);
    expect(told(trace, names)).not.toContain("vcpu: C'.role.invalid: 0 -> 1");
  });
});
