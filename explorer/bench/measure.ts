/**
 * How fast a search is.
 *
 * In: a way to compile a system. Out: medians over some runs. Never: a judgement; shared machines differ by a factor
 * of two from minute to minute, so only ratios between figures of one sitting mean much.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import { explore } from '../explore.ts';
import type { ExploreOptions, ExploreResult, Verdict } from '../result.ts';
import { hashWords, hashWordsAgain } from '../visited/hash.ts';

export interface Subject {
  /** Unique in a benchmark; what a later run is compared by. */
  readonly name: string;
  compile(): CompiledSystem;
  readonly options?: ExploreOptions;
}

export interface Measurement {
  readonly name: string;
  readonly mode: 'exact' | 'fingerprint';
  readonly verdict: Verdict;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly words: number;
  /** Bits of the state that hold something. */
  readonly bits: number;
  readonly bytesPerState: number;
  /** States and steps per second of processor time in the search, all threads of the process counted. */
  readonly statesPerSecond: number;
  readonly stepsPerSecond: number;
  /** Of the search's processor time, what hashing the successors takes when it is done alone. 0..1 */
  readonly hashingShare: number;
  /** By the clock, from the description to the verdict: compiling included. */
  readonly secondsToVerdict: number;
}

/** States that are hashed again to learn what a hash costs. */
const hashedSample = 1 << 15;
const hashedRounds = 20;

/** Each run compiles anew. `runs` ≥ 1. */
export function measure(subject: Subject, runs: number): Measurement {
  const measured = Array.from({ length: runs }, () => measureOnce(subject));
  const first = measured[0];
  if (first === undefined) throw new RangeError('at least one run');
  const of = (what: (one: Measurement) => number) => median(measured.map(what));
  return {
    ...first,
    statesPerSecond: of((one) => one.statesPerSecond),
    stepsPerSecond: of((one) => one.stepsPerSecond),
    hashingShare: of((one) => one.hashingShare),
    secondsToVerdict: of((one) => one.secondsToVerdict),
  };
}

function measureOnce(subject: Subject): Measurement {
  const start = performance.now();
  const system = subject.compile();
  const before = process.cpuUsage();
  const result = explore(system, subject.options);
  const used = process.cpuUsage(before);
  const secondsToVerdict = (performance.now() - start) / 1000;
  const cpuSeconds = (used.user + used.system) / 1e6;
  const { states, transitions, depth, words, bytesPerState } = result.counts;
  return {
    name: subject.name,
    mode: result.mode,
    verdict: result.verdict,
    states,
    transitions,
    depth,
    words,
    bits: system.layout.bitsOfFields + system.layout.bitsOfControl,
    bytesPerState,
    statesPerSecond: states / cpuSeconds,
    stepsPerSecond: transitions / cpuSeconds,
    hashingShare: (secondsPerHash(result) * transitions) / cpuSeconds,
    secondsToVerdict,
  };
}

function secondsPerHash({ graph, counts, mode }: ExploreResult): number {
  const { words } = counts;
  const sample = Math.min(graph.count, hashedSample);
  if (sample === 0) return 0;
  const flat = new Int32Array(sample * words);
  // Of a fingerprint run finding words means replaying: a few states stand for all.
  const different = mode === 'exact' ? sample : Math.min(sample, 64);
  for (let k = 0; k < different; k++) flat.set(graph.wordsOf(Math.floor((k * graph.count) / different)), k * words);
  for (let k = different; k < sample; k++) flat.copyWithin(k * words, (k % different) * words, ((k % different) + 1) * words);
  let mixed = 0;
  const start = process.cpuUsage();
  for (let round = 0; round < hashedRounds; round++) {
    for (let k = 0; k < sample; k++) {
      mixed ^= hashWords(flat, k * words, words);
      if (mode === 'fingerprint') mixed ^= hashWordsAgain(flat, k * words, words);
    }
  }
  const used = process.cpuUsage(start);
  // `mixed` keeps the loop alive; it is never this value for both signs of zero.
  return Object.is(mixed, -0) ? 0 : (used.user + used.system) / 1e6 / (sample * hashedRounds);
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
