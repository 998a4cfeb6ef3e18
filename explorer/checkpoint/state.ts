/**
 * A search as a checkpoint, and a checkpoint as a search.
 *
 * In: a search between two batches. Out: one over a freshly compiled system that goes on as the first would have.
 * Never: an index that only the system that was saved understands.
 */
import type { Finding } from '../findings.ts';
import { graphOf } from '../graph.ts';
import type { Search } from '../search.ts';
import { keepsStates } from '../visited/batch.ts';
import { ComponentSet } from '../visited/componentSet.ts';
import { readCheckpoint, writeCheckpoint } from './file.ts';
import { differenceOf, type Identity, type SavedSearch } from './header.ts';
import { CheckpointRefused } from './refused.ts';
import type { Saved, WordSource } from './words.ts';

/** What makes this run this run: `model` and `mmucheck` are the caller's to know. */
export function identityOf(search: Search, { model, mmucheck }: Pick<Identity, 'model' | 'mmucheck'>): Identity {
  const { mode = 'exact', reductions = {} } = search.options;
  const switchedOn = Object.entries(reductions).flatMap(([name, on]) => (on === true ? [name] : []));
  return { model, mmucheck, mode, reductions: switchedOn.sort().join(), words: search.system.words };
}

/** Throws what the file system throws, and Error for a search that cannot be saved (`search.torn`). */
export function saveSearch(path: string, search: Search, identity: Identity): void {
  if (search.torn) throw new Error('a batch of this search was lost half-way');
  writeCheckpoint(path, { identity, search: smallParts(search) }, (sink) => {
    for (const part of columnsOf(search)) part.save(sink);
    for (const counter of countersOf(search)) sink.write(counter);
  });
}

/** Makes a search that has just begun what was saved. Throws CheckpointRefused; then the search is of no more use. */
export function loadSearch(path: string, search: Search, identity: Identity): void {
  readCheckpoint(path, (header, source) => {
    const difference = differenceOf(header.identity, identity);
    if (difference !== null) throw new CheckpointRefused(difference);
    takeSmallParts(search, header.search);
    for (const part of columnsOf(search)) part.load(source);
    // Faults are numbered as they are met, so their steps are taken again; before the counters are set, for a step counts.
    for (const [, finding] of header.search.faults) search.findings.faults.set(faultAt(search, finding), { ...finding });
    for (const counter of countersOf(search)) source.read(counter);
  });
}

/** Makes a search over a freshly compiled system of the same description go on where `from` is. */
export function handOver(from: Search, to: Search): void {
  to.remark = from.remark;
  const { faults, ...others } = smallParts(from);
  takeSmallParts(to, { ...others, faults });
  const [sources, targets] = [columnsOf(from), columnsOf(to)];
  for (const [k, source] of sources.entries()) {
    const target = targets[k];
    if (target instanceof ComponentSet && source === from.visited && keepsStates(from.visited)) target.takeOver(from.visited);
    else target?.load(inMemory(source));
  }
  for (const [, finding] of faults) to.findings.faults.set(faultAt(to, finding), { ...finding });
  const counters = countersOf(to);
  for (const [k, counter] of countersOf(from).entries()) counters[k]?.set(counter);
  if (from.system.markCounts !== undefined) to.system.markCounts?.set(from.system.markCounts);
}

/** What a part writes, to be read. */
function inMemory(part: Saved): WordSource {
  const pieces: Int32Array[] = [];
  part.save({ write: (words) => void pieces.push(words.slice()) });
  let [piece, at] = [0, 0];
  return {
    read: (words) => {
      for (let done = 0; done < words.length; ) {
        const from = pieces[piece];
        if (from === undefined) throw new RangeError('a part reads more than it writes');
        const some = from.subarray(at, at + words.length - done);
        words.set(some, done);
        done += some.length;
        at += some.length;
        if (at < from.length) continue;
        piece++;
        at = 0;
      }
    },
  };
}

function smallParts(search: Search): SavedSearch {
  const { levels, levelEnd, next, initialCount, elapsedMs, firstCycle, findings } = search;
  const { transitions, quiescent } = search.expansion;
  return {
    levels,
    levelEnd,
    next,
    initialCount,
    transitions,
    quiescent,
    elapsedMs,
    firstCycle: firstCycle === null ? null : { kind: firstCycle.kind, processes: [...firstCycle.processes] },
    violated: [...findings.violated],
    met: [...findings.met],
    faults: [...findings.faults],
    reachedMask: findings.reachedMask,
  };
}

function takeSmallParts(search: Search, saved: SavedSearch): void {
  const { findings } = search;
  search.levels.splice(0, search.levels.length, ...saved.levels);
  search.levelEnd = saved.levelEnd;
  search.next = saved.next;
  search.initialCount = saved.initialCount;
  search.expansion.transitions = saved.transitions;
  search.expansion.quiescent = saved.quiescent;
  search.elapsedMs = saved.elapsedMs;
  search.firstCycle = saved.firstCycle;
  findings.reachedMask = saved.reachedMask;
  for (const [book, entries] of [
    [findings.violated, saved.violated],
    [findings.met, saved.met],
  ] as const) {
    book.clear();
    for (const [index, finding] of entries) book.set(index, { ...finding });
  }
  findings.faults.clear();
}

/** Number of a fault in the system of this search, which may never have met it. */
function faultAt(search: Search, { first: { state, label } }: Finding): number {
  const { system } = search;
  system.buffer.set(graphOf(search).wordsOf(state), 0);
  const status = label === null ? 0 : system.step(0, label, system.words);
  if (status <= 0) throw new CheckpointRefused('holds a fault that does not arise any more');
  return status - 1;
}

function columnsOf({ visited, terminalStates, cycles, stuckStates }: Search): Saved[] {
  return [visited, terminalStates, cycles, stuckStates];
}

function countersOf({ system: { coverage, monitorCounts, worst } }: Search): Int32Array[] {
  return [coverage, monitorCounts, ...(worst === undefined ? [] : [worst])].map(
    (counter) => new Int32Array(counter.buffer, counter.byteOffset, counter.length),
  );
}
