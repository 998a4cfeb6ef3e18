/**
 * A counterexample of one system, taken again on another that differs in some procedures: the step at which the two part.
 *
 * In: two systems over one machine, a path of the first that violates. Out: where they part and what was done there.
 * Never: a search; what the second system does elsewhere is not known here.
 *
 * The two may cut their steps in other places, so steps are not compared but what they do: for each process what it
 * reads and writes, in order. Where the second lags, it takes more steps of that process; where it is ahead, it waits. They
 * part by what others can see; reads of other places are only why.
 */
import { type CompiledSystem, decodeMachine, type MachineDescription, type MachineState } from '../../compiler/index.ts';
import { goalOfId, type Path } from '../../explorer/index.ts';
import { canonicalPlace, canonicalRow, createNames, fieldKey } from '../names.ts';
import type { Names, Naming } from '../naming.ts';
import { cellsOf } from '../view.ts';
import type { Deed } from './deeds.ts';
import { type Candidate, type Choices, Side } from './side.ts';

/** The first and the second system, in this order. Null: it does nothing there. */
export interface Pair<T> {
  readonly a: T | null;
  readonly b: T | null;
}

export interface Parting {
  /** Number of the step of the first system's path; 0: the states at the start. */
  readonly step: number;
  readonly process: number;
  /** Head of the process's lane. */
  readonly title: string;
  /** The first thing that the process did otherwise, reads included, and the step in which it did: maybe before others could see it. */
  readonly first: Pair<Deed>;
  readonly firstStep: number;
  /** Where that was in an earlier step: the first thing done otherwise in this one. */
  readonly later: Pair<Deed>;
  /** What the tests did that lie behind it, or right before it, if they went two ways. */
  readonly tests: Pair<Deed>;
  /** The first thing that others can see. */
  readonly effect: Pair<Deed>;
  /** What only the checker sees, caches of the hardware among it, may have come to differ before: since which step, and which places. */
  readonly unseen: { readonly step: number; readonly title: string; readonly places: Parting['state'] } | null;
  /** Why the second has no such step; empty if it has one. */
  readonly stuck: string;
  /** Places that differ afterwards. */
  readonly state: readonly { readonly name: string; readonly a: string; readonly b: string }[];
}

export interface Comparison {
  /** Null: step for step the same. */
  readonly parting: Parting | null;
  /** Whether the second violates the property on this schedule, too, as far as it can be followed. Null: a loop that it does not follow says nothing. */
  readonly bViolates: boolean | null;
  /** Places that differ where the schedule ends. */
  readonly ending: Parting['state'];
}

/** Steps without an effect that the second may take until it does what the first did. */
const lagMax = 200;

/** Throws RangeError if the path is none of the first system. */
export function comparePaths(a: CompiledSystem, b: CompiledSystem, path: Path, property: string, naming: Naming): Comparison {
  return new Comparing(a, b, path, property, naming).run();
}

interface Log {
  /** Effects that the other side has not done yet. */
  owed: Deed[];
  /** Everything since both sides were last level. */
  since: Deed[];
}
type FirstDifference = Pick<Parting, 'first' | 'firstStep' | 'tests'>;

class Comparing {
  readonly #a: Side;
  readonly #b: Side;
  readonly #path: Path;
  /** No step violates by itself, and no state. */
  readonly #isProgress: boolean;
  readonly #naming: Naming;
  readonly #logs = new Map<number, { a: Log; b: Log }>();
  /** What each process chooses in the steps of the first that the second has not taken yet. */
  readonly #choices = new Map<number, { label: string; value: number }[]>();
  /** Since when they differ in what only the checker sees, while all is level. */
  #checker: Parting['unseen'] = null;
  /** For each process, the last difference that others did not see. */
  readonly #unseen = new Map<number, { readonly difference: FirstDifference; readonly isLast: boolean }>();
  #parting: Omit<Parting, 'state'> | null = null;
  #state: Parting['state'] = [];

  constructor(a: CompiledSystem, b: CompiledSystem, path: Path, property: string, naming: Naming) {
    this.#path = path;
    this.#naming = naming;
    const goalOf = (system: CompiledSystem) => (this.#isProgress ? null : goalOfId(system, property));
    this.#isProgress = a.description.properties.some(({ id, kind }) => id === property && kind === 'progress');
    this.#a = new Side(a, path.initial, naming, goalOf(a), property);
    this.#b = new Side(b, closestInitial(a, b, path.initial), naming, goalOf(b), property);
  }

  run(): Comparison {
    const atStart = this.#differences();
    if (atStart.length > 0) {
      const nothing = { a: null, b: null };
      this.#parting = {
        step: 0,
        process: 0,
        title: '',
        first: nothing,
        firstStep: 0,
        later: nothing,
        tests: nothing,
        effect: nothing,
        unseen: null,
        stuck: '',
      };
      this.#state = atStart;
    }
    const steps = this.#walkFirst();
    for (const [k, { process, deeds, difference }] of steps.entries()) {
      const log = this.#logOf(process);
      log.a.owed.push(...deeds.filter(({ kind }) => kind === 'effect'));
      log.a.since.push(...deeds);
      this.#follow(k + 1, process);
      if (this.#parting === null) this.#noteChecker(k + 1, process, difference(true));
      // Compared with the first as it was then: its path has been walked to the end.
      if (this.#parting?.step === k + 1 && this.#state.length === 0)
        this.#state = difference(this.#parting.effect.a?.key.startsWith('fail ') === true);
    }
    this.#settle();
    return {
      parting: this.#parting === null ? null : { ...this.#parting, state: this.#state },
      bViolates: this.#isProgress ? (this.#parting === null ? true : null) : this.#b.violates,
      ending: this.#differences(),
    };
  }

  /** The first system's path to its end. `difference`: of its state after that step against the second's by then. */
  #walkFirst(): { process: number; deeds: Deed[]; difference: (withChecker: boolean) => Parting['state'] }[] {
    return this.#path.labels.map((label, k) => {
      const process = label & 0xff;
      const candidate = this.#a.candidates(process).find(({ step }) => step.label === label);
      if (candidate === undefined) throw new RangeError(`step ${k + 1} is not one of this system`);
      this.#choices.set(process, [...(this.#choices.get(process) ?? []), ...candidate.choices]);
      const deeds = this.#a.take(candidate);
      const cells = this.#cellsOf(this.#a);
      return { process, deeds, difference: (withChecker) => differing(cells, this.#cellsOf(this.#b), withChecker) };
    });
  }

  /** Takes steps of the second until it has done what the first did, or does something else. */
  #follow(step: number, process: number): void {
    const log = this.#logOf(process);
    for (let lag = 0; lag < lagMax; lag++) {
      if (this.#parting !== null) {
        // They are two by now: the schedule is followed as well as it can be.
        const candidate = this.#next(process, true);
        if (candidate !== null) this.#take(process, candidate);
        return;
      }
      const k = matched(log.a.owed, log.b.owed);
      log.a.owed.splice(0, k);
      log.b.owed.splice(0, k);
      if (log.a.owed.length > 0 && log.b.owed.length > 0) {
        this.#part(step, process, '');
        return;
      }
      const order = orderOf(log.a.since, log.b.since);
      const isLevel = log.a.owed.length === 0 && log.b.owed.length === 0;
      if (order === 'same' && isLevel) this.#level(step, process);
      if (order === 'same' || order === 'ahead') return;
      // They looked at other things: what others see decides, and each step of the first is worth one of the second.
      if (order === 'apart' && log.a.owed.length === 0 && (lag > 0 || log.b.owed.length > 0)) {
        if (isLevel) this.#level(step, process);
        return;
      }
      const candidate = this.#next(process, false);
      if (candidate === null) {
        if (log.a.owed.length > 0) this.#part(step, process, this.#whyStuck(process));
        return;
      }
      this.#take(process, candidate);
    }
    this.#part(step, process, `has taken ${lagMax} steps without an effect`);
  }

  #take(process: number, candidate: Candidate): void {
    this.#choices.get(process)?.splice(0, candidate.choices.length);
    const deeds = this.#b.take(candidate);
    const { b } = this.#logOf(process);
    b.owed.push(...deeds.filter(({ kind }) => kind === 'effect'));
    b.since.push(...deeds);
  }

  /** A step of the second whose choices are those that the first makes from here on. `loose`: any, if there is none. */
  #next(process: number, loose: boolean): Candidate | null {
    const wanted = this.#choices.get(process) ?? [];
    const candidates = this.#b.candidates(process);
    return candidates.find(({ choices }) => agree(choices, wanted)) ?? (loose ? (candidates[0] ?? null) : null);
  }

  #whyStuck(process: number): string {
    const offered = this.#b.candidates(process);
    if (offered.length === 0) return this.#b.stands(process);
    const texts = offered
      .slice(0, 4)
      .map(({ choices }) => choices.map(({ label, value }) => `${label} = ${value}`).join(', ') || 'nothing');
    return `has other choices: ${texts.join('; ')}`;
  }

  /** Both have done the same for others. What they looked at otherwise may still be what they part by later. */
  #level(step: number, process: number): void {
    const { a, b } = this.#logOf(process);
    const difference = firstDifference(a.since, b.since, step);
    const known = this.#unseen.get(process);
    const differs = difference.first.a !== null && difference.first.b !== null;
    // Of differences without a break the first one: the others follow from it.
    if (differs && known?.isLast !== true) this.#unseen.set(process, { difference, isLast: true });
    if (!differs && known !== undefined && a.since.length > 0) this.#unseen.set(process, { ...known, isLast: false });
    a.since.length = 0;
    b.since.length = 0;
  }

  #part(step: number, process: number, stuck: string): void {
    const { a, b } = this.#logOf(process);
    const own = firstDifference(a.since, b.since, step);
    // Both in one and the same text: what makes them differ are locals, so it was something that they did before. So it may be where they
    // did something else right before.
    const sameText = own.first.a?.position.file === own.first.b?.position.file && own.first.a?.procedure === own.first.b?.procedure;
    const unseen = this.#unseen.get(process);
    const earlier = unseen !== undefined && (sameText || unseen.isLast) ? unseen.difference : undefined;
    const title = this.#titleOf(process);
    const isFailure = a.owed[0]?.key.startsWith('fail ') === true;
    this.#parting = {
      step,
      process,
      title,
      ...(earlier ?? own),
      later: earlier === undefined || sameText ? { a: null, b: null } : own.first,
      effect: { a: a.owed[0] ?? null, b: b.owed[0] ?? null },
      unseen: isFailure ? this.#checker : null,
      // Where only the checker sees a difference the second need not do anything.
      stuck: isFailure ? '' : stuck,
    };
  }

  /** What differs in the middle of a lag is no difference: only states in which both have done the same count. */
  #noteChecker(step: number, process: number, differences: Parting['state']): void {
    const isLevel = [...this.#logs.values()].every(
      ({ a, b }) => a.owed.length === 0 && b.owed.length === 0 && a.since.length === b.since.length,
    );
    if (!isLevel) return;
    if (differences.length === 0) this.#checker = null;
    else this.#checker ??= { step, title: this.#titleOf(process), places: differences };
  }

  #titleOf(process: number): string {
    return this.#a.system.description.processes[process]?.title ?? '';
  }

  /** Steps without an effect that the first has taken and the second has not: they may be what lets all come to rest. */
  #settle(): void {
    for (const process of this.#a.system.description.processes.keys()) {
      for (let k = 0; k < lagMax && this.#parting === null && !this.#b.violates; k++) {
        const candidate = this.#next(process, false);
        if (candidate === null || !(this.#logs.has(process) && this.#isSilent(candidate))) break;
        this.#take(process, candidate);
      }
    }
  }
  #isSilent({ events }: Candidate): boolean {
    return events.every(
      ({ writes, lock, list, row, fault }) => writes.length === 0 && lock === null && list === null && row === null && fault === null,
    );
  }

  #logOf(process: number): { a: Log; b: Log } {
    const known = this.#logs.get(process);
    if (known !== undefined) return known;
    const made = { a: { owed: [], since: [] }, b: { owed: [], since: [] } };
    this.#logs.set(process, made);
    return made;
  }

  #differences(): Parting['state'] {
    return differing(this.#cellsOf(this.#a), this.#cellsOf(this.#b), false);
  }

  #cellsOf(side: Side): Shown {
    return shownCells(side.system.description.machine, side.state(), side.names, new Set(this.#naming.hidden ?? []));
  }
}

/** The initial state of the second that is the machine state of the first; its first one if none is. */
function closestInitial(a: CompiledSystem, b: CompiledSystem, initial: Int32Array): Int32Array {
  const text = (system: CompiledSystem, words: Int32Array) => {
    const { machine } = system.description;
    return JSON.stringify([...shownCells(machine, decodeMachine(system.layout, words, 0), createNames(machine, {}), new Set())]);
  };
  const wanted = text(a, initial);
  const all = b.initialStates();
  return all.find((words) => text(b, words) === wanted) ?? all[0] ?? new Int32Array(b.words);
}

/** How far the second is: what was looked at counts as what was written does, since others may write in between. */
function orderOf(a: readonly Deed[], b: readonly Deed[]): 'same' | 'behind' | 'ahead' | 'apart' {
  const [ofA, ofB] = [accessesOf(a), accessesOf(b)];
  if (matched(ofA, ofB) < Math.min(ofA.length, ofB.length)) return 'apart';
  if (ofA.length === ofB.length) return 'same';
  return ofB.length < ofA.length ? 'behind' : 'ahead';
}
function accessesOf(deeds: readonly Deed[]): Deed[] {
  return deeds.filter(({ kind }) => kind !== 'test');
}

/** How many of the first ones are the same. */
function matched(a: readonly Deed[], b: readonly Deed[]): number {
  let k = 0;
  while (k < a.length && k < b.length && a[k]?.key === b[k]?.key) k++;
  return k;
}

/** One is the beginning of the other: what the second chooses beyond the end of the schedule is its own affair. */
function agree(choices: Choices, wanted: Choices): boolean {
  return choices.every(({ label, value }, k) => wanted[k] === undefined || (wanted[k].label === label && wanted[k].value === value));
}

/** The first access that differs; tests beside it that went two ways. */
function firstDifference(a: readonly Deed[], b: readonly Deed[], step: number): FirstDifference {
  const accesses = [a, b].map((deeds) => deeds.flatMap((deed, at) => (deed.kind === 'test' ? [] : [{ deed, at }])));
  const [ofA = [], ofB = []] = accesses;
  let k = 0;
  while (k < ofA.length && k < ofB.length && ofA[k]?.deed.key === ofB[k]?.deed.key) k++;
  const first = { a: ofA[k]?.deed ?? null, b: ofB[k]?.deed ?? null };
  const tests =
    first.a?.kind === 'look' && first.b?.kind === 'look' ? testsBehind(a, first.a, b, first.b) : testsBefore(a, ofA[k]?.at, b, ofB[k]?.at);
  return { first, firstStep: step, tests: tests ?? { a: null, b: null } };
}

/** Two reads of other places: the first test of the same procedure behind them that goes two ways. */
function testsBehind(a: readonly Deed[], firstA: Deed, b: readonly Deed[], firstB: Deed): Pair<Deed> | null {
  if (firstA.procedure !== firstB.procedure) return null;
  const [ofA = [], ofB = []] = [
    { deeds: a, first: firstA },
    { deeds: b, first: firstB },
  ].map(({ deeds, first }) =>
    deeds.slice(deeds.indexOf(first) + 1).filter(({ kind, procedure }) => kind === 'test' && procedure === first.procedure),
  );
  const k = ofA.findIndex((test, at) => ofB[at] !== undefined && ofB[at].key !== test.key);
  return k < 0 ? null : { a: ofA[k] ?? null, b: ofB[k] ?? null };
}

/** The same reads, and then something else: the tests right before it, if they went two ways. */
function testsBefore(a: readonly Deed[], endA: number | undefined, b: readonly Deed[], endB: number | undefined): Pair<Deed> | null {
  const [ofA, ofB] = [a.slice(0, endA), b.slice(0, endB)].map((deeds) => {
    const last = deeds.at(-1);
    return last?.kind === 'test' ? last : null;
  });
  return ofA == null || ofB == null || ofA.key === ofB.key ? null : { a: ofA, b: ofB };
}

/** Places as a reader sees them, by their canonical names. */
type Shown = ReadonlyMap<string, { readonly name: string; readonly display: string; readonly checker: boolean }>;

/** Fields of rows that exist, and the rows. `checker`: ghost or hidden. */
function shownCells(machine: MachineDescription, state: MachineState, names: Names, hidden: ReadonlySet<string>): Shown {
  const cells = cellsOf(machine, state).filter(({ id }) => state.allocated[id.table]?.[id.row ?? 0] ?? true);
  const rows = Object.entries(state.allocated).flatMap(([table, all]) =>
    all.map((there, row) => {
      const display = there ? 'allocated' : 'not allocated';
      return [canonicalRow(table, row), { name: names.row(table, row), display, checker: false }] as const;
    }),
  );
  return new Map([
    ...rows,
    ...cells.map(({ id, field, cell }) => {
      const { display } = names.value(field.type, cell, fieldKey(id));
      return [canonicalPlace(id), { name: names.place(id), display, checker: field.ghost || hidden.has(fieldKey(id)) }] as const;
    }),
  ]);
}

/** Fields of a row that only one of the two has are not told: the row is. */
function differing(a: Shown, b: Shown, withChecker: boolean): Parting['state'] {
  return [...a].flatMap(([place, left]) => {
    const right = b.get(place);
    if (right === undefined || right.display === left.display || (left.checker && !withChecker)) return [];
    return [{ name: left.name, a: left.display, b: right.display }];
  });
}
