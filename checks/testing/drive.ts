/**
 * For tests: takes a system along a reference interleaving, one process at a time.
 *
 * In: a compiled system, legs. Out: the path. Never: a step of a process whose leg it is not.
 */
import { type CompiledSystem, decodeMachine, type MachineState } from '../../compiler/index.ts';
import { type Path, type Step, stepsFrom } from '../../explorer/index.ts';

export interface Leg {
  /** What the reference says happens. */
  readonly what: string;
  readonly process: number;
  /** `violated`: ids that the step violated. */
  readonly until: (state: MachineState, violated: readonly string[]) => boolean;
  /** The last leg: a fault of the machine, which ends the path, is what it is after. */
  readonly ends?: boolean;
  /** The leg ends one step before that: what the process knows by then is in no table. */
  readonly before?: boolean;
}

/** A shortest way to the end of each leg, from where the one before ended. Throws with the leg that has no end. */
export function drive(system: CompiledSystem, legs: readonly Leg[]): Path {
  const [initial] = system.initialStates();
  if (initial === undefined) throw new Error('no initial state');
  const labels: number[] = [];
  let words = initial;
  for (const leg of legs) {
    const end = finish(system, words, leg);
    if (end === null) throw new Error(`process ${leg.process} never gets there alone: ${leg.what}`);
    labels.push(...end.labels);
    words = end.words;
  }
  return { initial, labels };
}

function finish(
  system: CompiledSystem,
  start: Int32Array,
  { process, until, ends, before }: Leg,
): { labels: number[]; words: Int32Array } | null {
  const seen = new Set([start.join()]);
  let level: { labels: number[]; words: Int32Array }[] = [{ labels: [], words: start }];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const at of level) {
      for (const step of stepsFrom(system, at.words)) {
        if ((step.label & 0xff) !== process) continue;
        if (step.status !== 0 && ends === true) return { labels: [...at.labels, step.label], words: step.words };
        if (step.status !== 0 || seen.has(step.words.join())) continue;
        seen.add(step.words.join());
        const to = { labels: [...at.labels, step.label], words: step.words };
        if (until(decodeMachine(system.layout, step.words, 0), violatedBy(system, step))) return before === true ? at : to;
        next.push(to);
      }
    }
    level = next;
  }
  return null;
}

function violatedBy(system: CompiledSystem, { violations }: Step): string[] {
  return system.propertyIds.filter((_, index) => ((violations >>> index) & 1) === 1);
}
