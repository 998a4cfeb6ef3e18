/**
 * The state graph of a system as somebody sees it who looks at the machine: for showing that two systems do the same.
 *
 * In: a searched system. Out: sets of hashed states and steps. Never: control state (program counters, frames), which
 * differs between programs that do the same; a step that changes nothing that can be seen.
 *
 * A state is all fields, ghosts included, and whether each process is runnable, blocked, idle or done. A step is a
 * process and the states before and after. Hashes have 53 bits; a wrong match of graphs of a million steps has odds of
 * about one in ten thousand.
 */
import type { CompiledSystem } from '../../compiler/index.ts';
import type { Layout } from '../../compiler/machine/layout.ts';
import type { ExploreResult } from '../../explorer/index.ts';

export interface StateGraphView {
  /** Where the fields are: views of other layouts cannot be compared. */
  readonly layout: string;
  readonly states: ReadonlySet<number>;
  readonly steps: ReadonlySet<number>;
}

/**
 * How the second graph relates to the first. `fewer`: all that it has, the first has, too; `more`: the other way round.
 */
export type Relation = 'equal' | 'fewer' | 'more' | 'different';

/** Every state of an exhausted run, with its steps. The system's buffer is used. */
export function viewGraph(system: CompiledSystem, found: ExploreResult): StateGraphView {
  const { buffer, words, labels, status } = system;
  const masks = fieldMasks(system.layout);
  const processes = system.description.processes.length;
  const seen = (base: number): number => {
    let a = 0x9e3779b9;
    let b = 0x85ebca6b;
    const mix = (value: number): void => {
      a = Math.imul(a ^ value, 0xcc9e2d51);
      a ^= a >>> 15;
      b = Math.imul(b ^ value, 0x1b873593) + a;
      b ^= b >>> 13;
    };
    for (let word = 0; word < masks.length; word++) mix((buffer[base + word] ?? 0) & (masks[word] ?? 0));
    for (let process = 0; process < processes; process++) mix(statuses.indexOf(system.processStatus(base, process)));
    return joined(a, b);
  };
  const states = new Set<number>();
  const steps = new Set<number>();
  for (let id = 0; id < found.graph.count; id++) {
    buffer.set(found.graph.wordsOf(id), 0);
    const from = seen(0);
    states.add(from);
    const made = system.expand(0, words);
    for (let k = 0; k < made; k++) {
      if (status[k] !== 0) continue;
      const to = seen(words + k * words);
      if (to !== from) steps.add(hashOfStep(from, (labels[k] ?? 0) & 0xff, to));
    }
  }
  return { layout: masks.join(), states, steps };
}

const statuses: readonly string[] = ['runnable', 'blocked', 'idle', 'done'];

export function relationOf(first: StateGraphView, second: StateGraphView): Relation {
  if (first.layout !== second.layout) return 'different';
  const fewer = isPart(second.states, first.states) && isPart(second.steps, first.steps);
  const more = isPart(first.states, second.states) && isPart(first.steps, second.steps);
  if (fewer && more) return 'equal';
  return fewer ? 'fewer' : more ? 'more' : 'different';
}

function isPart(small: ReadonlySet<number>, large: ReadonlySet<number>): boolean {
  if (small.size > large.size) return false;
  for (const each of small) if (!large.has(each)) return false;
  return true;
}

/** Bits of each word that hold fields. Fields are packed before control state, so that their places depend on the machine alone. */
function fieldMasks(layout: Layout): number[] {
  const masks: number[] = [];
  const fields = [...layout.fields.values()].flatMap(({ main, readers, waiting, elements }) => [main, readers, waiting, elements]);
  for (const column of [...fields, ...layout.allocated.values()]) {
    if (column === null || column.bits === 0) continue;
    const mask = column.bits === 32 ? -1 : (1 << column.bits) - 1;
    for (let k = 0; k < column.count; k++) {
      const whole = column.perWord >= column.count;
      const word = whole ? column.word : column.word + Math.floor(k / column.perWord);
      const shift = whole ? column.shift + k * column.bits : (k % column.perWord) * column.bits;
      masks[word] = (masks[word] ?? 0) | (mask << shift);
    }
  }
  return Array.from(masks, (mask) => mask ?? 0);
}

function hashOfStep(from: number, process: number, to: number): number {
  let a = Math.imul(from | 0, 0xcc9e2d51) ^ Math.imul((from / 2 ** 21) | 0, 0x1b873593);
  let b = Math.imul(to | 0, 0x85ebca6b) ^ Math.imul((to / 2 ** 21) | 0, 0xc2b2ae35) ^ (process + 1);
  a = Math.imul(a ^ (b >>> 11), 0x27d4eb2f);
  b = Math.imul(b ^ (a >>> 13), 0x165667b1);
  return joined(a ^ (a >>> 16), b ^ (b >>> 15));
}

/** 53 bits as one number. */
function joined(a: number, b: number): number {
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}
