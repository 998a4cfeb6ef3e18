/**
 * Searches with ample sets: whether they may be used, what is learned beforehand, and searching again where that was not enough.
 *
 * In: a compiled system, options. Out: a result that says what was saved. Never: a result that rests on something that was not so.
 */
import type { CompiledSystem } from '../../../compiler/index.ts';
import type { AmpleReport, ExploreOptions, ExploreResult } from '../../result.ts';
import { Ample } from './ample.ts';
import type { AmpleError } from './clashes.ts';
import type { Ignored } from './locals.ts';

/** Runs of chance that are taken to learn from, and the most steps of one. */
export interface Chance {
  readonly walks: number;
  readonly steps: number;
}
const usualChance: Chance = { walks: 64, steps: 2000 };
/** Searches, after which it is tried without. What is learned is finite and never forgotten, so few are enough. */
const searchesMax = 6;

/** Why ample sets are not used here, or null. */
function whyNoAmple({ description, program }: CompiledSystem, permutes: boolean, keeps: boolean, workers: number): string | null {
  if (program.processes.length === 0 || program.processes.length !== description.processes.length)
    return 'the system does not say what its steps touch';
  if (description.properties.some(({ kind }) => kind === 'progress'))
    return 'whether something comes at last depends on the order in which others go on';
  if (permutes) return 'processes change places by renaming, and it is of each process that something is learned';
  if (workers > 1) return 'workers do not share what was learned';
  if (keeps) return 'checkpoints do not keep what was learned';
  if (program.processes.some(({ entry }) => (program.specs[entry.spec]?.callSites.length ?? 0) > 0))
    return 'a process begins with a procedure that is called, too';
  return null;
}

export interface AmplePlan {
  readonly ample: Ample | null;
  readonly report: AmpleReport | null;
}

/** `renaming`: what made the system's states renamed ones, if they are. `keeps`: with checkpoints. */
export function planAmple(
  system: CompiledSystem,
  renaming: { readonly permutes: boolean } | null,
  options: ExploreOptions,
  keeps: boolean,
  inject: AmpleError | null = null,
): AmplePlan {
  if (options.reductions?.ample !== true) return { ample: null, report: null };
  const refused = whyNoAmple(system, renaming?.permutes === true, keeps, options.workers ?? 1);
  if (refused !== null) return { ample: null, report: refusal(refused) };
  return { ample: new Ample(system, renaming === null ? () => false : changedByRenaming(system), inject), report: null };
}

/** Locals that may hold a row, or its number: in renamed states they change whatever the process does. */
function changedByRenaming({ program }: CompiledSystem): Ignored {
  return (spec, local) => {
    const type = program.specs[spec]?.locals.get(local);
    return type === undefined || type.kind !== 'bool';
  };
}

/** A search with `ample`, and what is to be made of its result. */
export type Searching<R> = (ample: Ample | null) => R;

/** Null: it must be searched again. */
export function settled(ample: Ample, result: ExploreResult, searches: number): ExploreResult | null {
  // What was found is real, and a search that was cut claims no more.
  if (ample.wrong && result.cuts.every(({ kind }) => kind === 'bound')) return null;
  return withAmpleReport(result, {
    refused: null,
    reduced: ample.reduced,
    dropped: ample.dropped,
    provisoFailed: ample.provisoFailed,
    again: ample.again,
    searches,
  });
}

/** `chance`: for tests. */
export function withAmple(plan: AmplePlan, search: Searching<ExploreResult>, chance = usualChance): ExploreResult {
  if (plan.ample === null) return withAmpleReport(search(null), plan.report);
  if (!learnByChance(plan.ample, chance)) return withAmpleReport(search(null), refusal(uncounted));
  for (let searches = 1; searches <= searchesMax; searches++) {
    plan.ample.restart();
    const result = settled(plan.ample, search(plan.ample), searches);
    if (result !== null) return result;
  }
  return withAmpleReport(search(null), refusal(unsettled));
}

export async function withAmpleAsync(plan: AmplePlan, search: Searching<Promise<ExploreResult>>): Promise<ExploreResult> {
  if (plan.ample === null) return withAmpleReport(await search(null), plan.report);
  if (!learnByChance(plan.ample, usualChance)) return withAmpleReport(await search(null), refusal(uncounted));
  for (let searches = 1; searches <= searchesMax; searches++) {
    plan.ample.restart();
    const result = settled(plan.ample, await search(plan.ample), searches);
    if (result !== null) return result;
  }
  return withAmpleReport(await search(null), refusal(unsettled));
}

const uncounted = 'the system does not count which code is run';
const unsettled = `what the processes may do was not known after ${searchesMax} searches`;

function refusal(refused: string): AmpleReport {
  return { refused, reduced: 0, dropped: 0, provisoFailed: 0, again: 0, searches: 0 };
}

function withAmpleReport(result: ExploreResult, ample: AmpleReport | null): ExploreResult {
  return ample === null ? result : { ...result, saved: { ...result.saved, ample } };
}

/** Takes some runs, each step by chance, always the same ones. Uses the system's buffer and counters. False: no code was seen to run. */
function learnByChance(ample: Ample, { walks, steps }: Chance): boolean {
  const { system } = ample;
  const { buffer, words, status } = system;
  system.resetCounters();
  const initial = system.initialStates();
  let chance = 1;
  const below = (count: number): number => {
    chance = (Math.imul(chance, 1664525) + 1013904223) >>> 0;
    return Math.floor((chance / 2 ** 32) * count);
  };
  for (let walk = 0; walk < walks && initial.length > 0; walk++) {
    buffer.set(initial[walk % initial.length] as Int32Array, 0);
    for (let step = 0; step < steps; step++) {
      const made = system.expand(0, words);
      ample.learn(0, words, made);
      const open: number[] = [];
      for (let k = 0; k < made; k++) if (status[k] === 0) open.push(k);
      const chosen = open[below(open.length)];
      if (chosen === undefined) break;
      buffer.copyWithin(0, (chosen + 1) * words, (chosen + 2) * words);
    }
  }
  return ample.lookAtCoverage();
}
