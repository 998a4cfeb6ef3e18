/**
 * One scenario and variant searched in one way: with steps merged or not, rows renamed or not, ample sets or not.
 *
 * In: a choice, a way, a limit of states. Out: what the search says, small enough to be kept in a journal and compared with other ways.
 * Never: a comparison; and of a search that was cut only that it was.
 */
import { createHash } from 'node:crypto';
import { type CompiledSystem, compileSystem, decodeMachine } from '../../compiler/index.ts';
import { type ExploreResult, explore, Renaming } from '../../explorer/index.ts';
import { type Choice, describeSystem } from '../describeSystem.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { scenarioId } from '../select.ts';

export interface Way {
  readonly merge: boolean;
  readonly renaming: boolean;
  readonly ample: boolean;
}

/** Some states: how many, and a hash over all of them. */
export interface StatesSaid {
  readonly count: number;
  readonly hash: string;
}

export interface Said {
  readonly verdict: string;
  /** `id status reached worst` of each property, deadlocks included, in the order of ids. */
  readonly outcomes: readonly string[];
  /** Kind and statement of each place where a path ends in a fault or a bound, ascending. */
  readonly faults: readonly string[];
  /** States in which nothing can go on: fields, how each process stands, whether it is a deadlock. */
  readonly terminal: StatesSaid;
  /** The same up to renaming of rows. Null: nothing may be renamed. */
  readonly terminalForms: StatesSaid | null;
}

export interface Tried extends Way {
  readonly scenario: string;
  readonly variant: string;
  /** Of the model, bounds and properties. */
  readonly fingerprint: string;
  /** States at which it would have been cut. */
  readonly limit: number;
  /** By reduction that the search went without: why. */
  readonly refused: Readonly<Record<string, string>>;
  readonly states: number;
  readonly cpuSeconds: number;
  /** Null: cut by the limit, or refused, and nothing is said. */
  readonly said: Said | null;
}

/** All combinations; those without reductions first. */
export const ways: readonly Way[] = [false, true].flatMap((ample) =>
  [false, true].flatMap((renaming) => [true, false].map((merge) => ({ merge, renaming, ample }))),
);

export function wayName({ merge, renaming, ample }: Way): string {
  return [merge ? 'merged' : 'unmerged', ...(renaming ? ['renaming'] : []), ...(ample ? ['ample'] : [])].join(' ');
}

/** `memoryBytes`: of visited states. Throws what compiling throws. */
export function tryWay(choice: Choice, way: Way, limit: number, memoryBytes: number): Tried {
  const started = process.cpuUsage();
  const description = describeSystem(choice);
  const system = compileSystem(description, { merge: way.merge });
  const { renaming, ample } = way;
  const reductions = renaming || ample ? { reductions: { renaming, ample } } : {};
  const search = (states: number) => explore(system, { limits: { states, memoryBytes }, ...reductions });
  // What is refused beforehand need not be searched.
  const beginning = renaming || ample ? search(1) : null;
  const found = beginning !== null && refusedBy(beginning).length > 0 ? beginning : search(limit);
  const refused = refusedBy(found);
  const cut = found.cuts.some(({ kind }) => kind !== 'bound');
  const said = cut || refused.length > 0 ? null : saidBy(system, found, renaming);
  const { user, system: inSystem } = process.cpuUsage(started);
  return {
    scenario: scenarioId(choice.scenario),
    variant: choice.variant.name,
    ...way,
    fingerprint: fingerprintOf(description),
    limit,
    refused: Object.fromEntries(refused),
    states: found.counts.states,
    cpuSeconds: Math.round((user + inSystem) / 1e4) / 100,
    said,
  };
}

function refusedBy({ saved }: ExploreResult): [string, string][] {
  return Object.entries(saved ?? {}).flatMap(([name, { refused }]) => (refused === null ? [] : [[name, refused]]));
}

function saidBy(system: CompiledSystem, found: ExploreResult, renamed: boolean): Said {
  const { verdict, outcomes, cuts } = found;
  const faults = [
    ...outcomes.flatMap(({ faults: those }) => those ?? []),
    ...cuts.flatMap((cut) => (cut.kind === 'bound' ? [cut.occurrence] : [])),
  ];
  const renaming = new Renaming(system);
  return {
    verdict,
    outcomes: outcomes
      .filter(({ kind }) => kind !== 'fault')
      .map(({ id, status, reached, worst }) => `${id} ${status} ${reached ? 'reached' : 'never'} ${worst?.value ?? '-'}`)
      .toSorted(),
    faults: faults.map(({ fault }) => `${fault.kind} at ${fault.statement}`).toSorted(),
    // Of renamed states one stands for many.
    terminal: terminalStates(system, found, renamed ? renaming : null),
    terminalForms: renaming.any ? terminalStates(system, found, renaming) : null,
  };
}

function terminalStates(system: CompiledSystem, found: ExploreResult, renaming: Renaming | null): StatesSaid {
  const dead = new Set(found.deadlockedStates);
  const forms = new Set<string>();
  for (const id of found.terminalStates) {
    const words = found.graph.wordsOf(id);
    renaming?.rename(words, 0);
    system.buffer.set(words, 0);
    const stands = system.program.processes.map((_, process) => system.processStatus(0, process));
    // A false `assume` stops a process where its step begins, which is elsewhere when steps are merged: such a run counts nowhere.
    if (stands.includes('runnable')) continue;
    forms.add(JSON.stringify([decodeMachine(system.layout, words, 0), stands, dead.has(id)]));
  }
  const hash = createHash('sha256');
  for (const form of [...forms].sort()) hash.update(`${form}\n`);
  return { count: forms.size, hash: hash.digest('hex').slice(0, 16) };
}
