/**
 * Two-phase commit (Gray, Lamport: "Consensus on Transaction Commit"; TwoPhase of the TLA+ examples), packed by hand.
 *
 * In: a number of resource managers. Out: a CompiledSystem that is about as fast as packed JavaScript gets, so
 * that what is measured is the search. Never: what the compiler makes; `toys/twoPhaseCommit.ts` is that.
 *
 * Word 0: 2 bits a manager (0 working, 1 prepared, 2 committed, 3 aborted), from bit 18 on 2 bits of the
 * transaction manager (0 init, 1 committed, 2 aborted). Word 1: bit r: the manager knows that r is prepared; bit 9 + r:
 * the message "prepared" of r was sent; bits 18, 19: the messages "commit", "abort".
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { descriptionOf, layoutOf } from './standIn.ts';

const committed = 1 << 18;
const aborted = 2 << 18;
const commitSent = 1 << 18;
const abortSent = 1 << 19;
const words = 2;

/** Reachable states by number of resource managers, as published. */
export const twoPhaseCommitStates: ReadonlyMap<number, number> = new Map([
  [3, 288],
  [5, 8_832],
  [7, 296_448],
  [9, 10_340_352],
]);

/** `managers` is 1..9. Process r is manager r, process `managers` the transaction manager. */
export function packedTwoPhaseCommit(managers: number): CompiledSystem {
  const successorsMax = 5 * managers + 2;
  const buffer = new Int32Array(words * (1 + 64 * successorsMax));
  const labels = new Int32Array(successorsMax);
  const all = (1 << managers) - 1;
  let made = 0;
  let at = 0;
  const put = (label: number, low: number, high: number): void => {
    labels[made++] = label;
    buffer[at] = low;
    buffer[at + 1] = high;
    at += words;
  };
  const coordinator = (low: number, high: number): void => {
    if (low >>> 18 !== 0) return;
    if ((high & all) === all) put(managers, low | committed, high | commitSent);
    put(managers | (1 << 8), low | aborted, high | abortSent);
    for (let r = 0; r < managers; r++) if ((high & (512 << r)) !== 0) put(managers | ((2 + r) << 8), low, high | (1 << r));
  };
  const resource = (r: number, low: number, high: number): void => {
    const others = low & ~(3 << (2 * r));
    if (((low >>> (2 * r)) & 3) === 0) {
      put(r, low | (1 << (2 * r)), high | (512 << r));
      put(r | (1 << 8), low | (3 << (2 * r)), high);
    }
    if ((high & commitSent) !== 0) put(r | (2 << 8), others | (2 << (2 * r)), high);
    if ((high & abortSent) !== 0) put(r | (3 << 8), others | (3 << (2 * r)), high);
  };
  const expand = (base: number, out: number): number => {
    const low = buffer[base] as number;
    const high = buffer[base + 1] as number;
    made = 0;
    at = out;
    coordinator(low, high);
    for (let r = 0; r < managers; r++) resource(r, low, high);
    return made;
  };
  const step = (base: number, label: number, out: number): number => {
    const scratch = buffer.length - words * successorsMax;
    const count = expand(base, scratch);
    const k = labels.subarray(0, count).indexOf(label);
    if (k < 0) return -1;
    buffer.copyWithin(out, scratch + k * words, scratch + (k + 1) * words);
    return 0;
  };
  return {
    description: descriptionOf(
      Array.from({ length: managers + 1 }, () => 'daemon' as const),
      [{ kind: 'state', id: 'consistent', name: 'no manager commits while another aborts', predicate: 'none', scope: { kind: 'always' } }],
    ),
    program: { specs: [], processes: [], prologue: null, predicates: [], quiescent: null, blocks: [], properties: ['consistent'] },
    layout: layoutOf(words),
    words,
    propertyIds: ['consistent'],
    backEnd: 'stand-in',
    faults: [],
    buffer,
    successorsMax,
    initialStates: () => [new Int32Array(words)],
    expand,
    labels,
    status: new Int32Array(successorsMax),
    violations: new Int32Array(successorsMax),
    enabled: (base) => [...labels.subarray(0, expand(base, buffer.length - words * successorsMax))],
    step,
    check(base) {
      const low = buffer[base] as number;
      let seen = 0;
      for (let r = 0; r < managers; r++) seen |= 1 << ((low >>> (2 * r)) & 3);
      return (seen & 12) === 12 ? 1 : 0;
    },
    reachedMask: () => 1,
    processStatus: () => 'runnable',
    waitsFor: () => 0,
    isQuiescent: () => false,
    monitorCounts: new Uint32Array(1),
    coverage: new Uint32Array(0),
    resetCounters: () => undefined,
  };
}
