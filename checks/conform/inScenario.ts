/**
 * One scenario: each call that it makes of a function that the tree has, too, is made alone, with the one and with the other.
 *
 * In: the scenario, the tree's functions as lowered for it. Out: what was found, told to the records. Never: another process's step.
 */
import { LoneCalls, type MachineState, procedureNamed, type SystemDescription } from '../../compiler/index.ts';
import type { PresetName, Scenario, ScenarioVariant } from '../../model/index.ts';
import type { KernelTree, TreeImportFunction } from '../../patches/index.ts';
import { measureOf, propertyOf } from '../../properties/index.ts';
import { reachableProcedures } from '../callGraph.ts';
import { namingOf } from '../namingOf.ts';
import { scenarioId } from '../select.ts';
import type { Abstraction } from './abstractions.ts';
import type { WatchedCalls } from './actions.ts';
import { differenceOf } from './differenceOf.ts';
import { type EntryState, findEntryStates } from './entryStates.ts';
import { type Judge, type Parting, type Sameness, tooManyWays } from './judge.ts';
import type { ConformLimits } from './limits.ts';
import type { Records } from './records.ts';
import type { Difference } from './report.ts';
import { compareGraphs, fitsGraphs } from './sameGraphs.ts';
import { compareRuns } from './sameRuns.ts';
import { touchedBy, touchedKey } from './touched.ts';
import { isAdapter, ownNameOf, type TreeSide, treeSide } from './treeSide.ts';
import { tooManyChoices, wayGraph } from './wayGraph.ts';

export interface InScenario {
  readonly scenario: Scenario;
  readonly variant: ScenarioVariant;
  readonly preset: PresetName;
  readonly description: SystemDescription;
  /** Those that are asked for, and all. */
  readonly imported: readonly TreeImportFunction[];
  readonly all: readonly TreeImportFunction[];
  readonly records: Records;
  readonly tree: KernelTree;
  readonly limits: ConformLimits;
  readonly signal: AbortSignal;
  /** Share of the scenario's states that was looked at. */
  tell(part: number): void;
}

/** Procedures of variants that stand for another configuration than the one that trees are read with, or for other levels than the machine has. */
const standsForOther: ReadonlySet<string> = new Set([
  'model/tdp/variants/zapRootFromTop.ts tdp_mmu_zap_root',
  'model/tdp/variants/v68Load.ts tdp_mmu_zap_root',
]);

export async function inScenario(run: InScenario): Promise<void> {
  const { description, imported, records, limits, signal } = run;
  const id = scenarioId(run.scenario);
  const reachable = reachableProcedures(description);
  const side = treeSide(
    run.all.flatMap(({ procedure }) => procedure ?? []),
    description.procedures,
  );
  for (const one of imported) {
    const model = description.procedures.get(one.procedure?.name ?? '');
    if (model === undefined || one.procedure === null) continue;
    records.has(one, model.pos);
    const misfit = side.comparable.has(model.name) ? undefined : side.others.get(model.name);
    if (misfit !== undefined && reachable.has(model.name)) records.misfit(model.name, misfit);
  }
  const asked = new Set(imported.flatMap(({ procedure }) => procedure?.name ?? []));
  const names = [...side.comparable.keys()].filter(
    (name) => asked.has(name) && reachable.has(name) && !standsForOther.has(`${description.procedures.get(name)?.pos.file} ${name}`),
  );
  if (names.length === 0) return;
  const pair = new Pair(side, run);
  const all = await findEntryStates({
    description,
    procedures: new Map(names.map((name) => [name, keyOf(name, side)])),
    states: limits.states,
    signal,
    onEntry: (name, entry) => {
      const many = records.entry(name, id) > limits.entries;
      if (many) records.open(name, `more than ${limits.entries} states call it in ${id}`);
      return !many && pair.compare(name, entry);
    },
    onProgress: (looked, of) => run.tell(looked / of),
  });
  for (const name of names) {
    if (!all) records.open(name, `not all states of ${id} were looked at`);
    if (records.entered(name, id)) records.within(name, side.ownCallees(name));
  }
}

function keyOf(name: string, { procedures, comparable }: TreeSide): (machine: MachineState) => string {
  const touched = touchedBy([name, comparable.get(name) ?? ''], procedures);
  return (machine) => touchedKey(machine, touched);
}

/** Calls that some property of the scenario looks at. Their arguments count where both sides have the same ones. */
function watchedCalls({ scenario }: InScenario, { others }: TreeSide): WatchedCalls {
  const all = [...scenario.properties.map((id) => propertyOf(id, scenario.engine)), ...(scenario.measures ?? []).map(measureOf)];
  const names = all.flatMap((one) =>
    [...('hooks' in one ? one.hooks : []), ...one.recorders].flatMap(({ event }) =>
      event.on === 'call' || event.on === 'return' ? [event.procedure] : [],
    ),
  );
  return new Map(names.map((name) => [name, !others.has(name)]));
}

/** States of a scenario in which a call comes to a limit, until it is left at that: each costs as much as hundreds of others, and the verdict stands. */
const openMax = 8;
/** Of a function with more ways than are tried, ways with so many answers that are not the first are tried from all states. */
const othersMax = 1;
const someDiffer = `of those with at most ${othersMax} answer that is not the first some differ`;

/** Both sides of each function, compiled when they are first called. */
class Pair {
  readonly #description: SystemDescription;
  readonly #watched: WatchedCalls;
  readonly #side: TreeSide;
  readonly #run: InScenario;
  readonly #callers = new Map<string, LoneCalls>();
  /** States in which a limit came first, by function. */
  readonly #open = new Map<string, number>();
  /** Functions that had more ways than are tried. */
  readonly #branching = new Set<string>();

  constructor(side: TreeSide, run: InScenario) {
    this.#description = { ...run.description, procedures: side.procedures };
    this.#watched = watchedCalls(run, side);
    this.#side = side;
    this.#run = run;
  }

  /** False: it was told that they differ, or that it stays open, and nothing more is wanted. */
  compare(name: string, entry: EntryState): boolean {
    const { records } = this.#run;
    if (!this.#branching.has(name)) {
      const result = this.#listed(name, entry, null);
      if (result.kind !== 'open' || result.reason !== tooManyWays) return this.#told(name, entry, result);
      this.#branching.add(name);
    }
    const result = this.#followed(name, entry);
    if (result !== null) return this.#told(name, entry, result);
    records.open(name, tooManyWays);
    // What one side answers first the other may answer second, so a way without its like is no difference yet.
    const some = this.#listed(name, entry, othersMax);
    if (some.kind === 'differs') records.open(name, someDiffer);
    if (some.kind === 'open') records.open(name, some.reason);
    return true;
  }

  #told(name: string, entry: EntryState, result: Sameness): boolean {
    if (result.kind === 'same') return true;
    if (result.kind === 'differs') {
      this.#run.records.differs(name, this.#differenceOf(result.parting, name, entry));
      return false;
    }
    this.#run.records.open(name, result.reason);
    const open = (this.#open.get(name) ?? 0) + 1;
    this.#open.set(name, open);
    return open < openMax;
  }

  /** All ways of both, one after another. `others`: null for all, else how many choices of a way are answered otherwise than first. */
  #listed(name: string, entry: EntryState, others: number | null): Sameness {
    const { limits } = this.#run;
    const bounds = { runs: limits.ways, statements: limits.statements, ...(others === null ? {} : { others }) };
    const model = this.#caller(name, entry.process).run(entry.machine, entry.args, bounds);
    // What one side did not come to the end of stays open whatever the other does.
    const tree =
      model.all || others !== null
        ? this.#caller(this.#side.comparable.get(name) ?? '', entry.process).run(entry.machine, entry.args, bounds)
        : { runs: [], all: false };
    return this.#judged(name, entry, (judge) => compareRuns(model, tree, { ...judge, some: others !== null }));
  }

  /** Both followed together through the graphs of their ways. Null: a declared difference applies that looks at more than one action. */
  #followed(name: string, entry: EntryState): Sameness | null {
    if (!this.#applying(name, entry).every(fitsGraphs)) return null;
    const { statements } = this.#run.limits;
    const reading = { calls: this.#watched, ownName: ownNameOf, isAdapter };
    const [model, tree] = [name, this.#side.comparable.get(name) ?? ''].map((procedure) => {
      const call = { calls: this.#caller(procedure, entry.process), entry, statements };
      return { call, reading, graph: wayGraph(call, reading) };
    });
    if (model === undefined || tree === undefined || model.graph === null || tree.graph === null)
      return { kind: 'open', reason: tooManyChoices };
    const sides = [
      { ...model, graph: model.graph },
      { ...tree, graph: tree.graph },
    ] as const;
    return this.#judged(name, entry, (judge) => compareGraphs(...sides, judge));
  }

  #applying(name: string, entry: EntryState): readonly Abstraction[] {
    const { params } = procedureNamed(this.#description.procedures, name);
    return this.#run.records.abstractionsOf(name, this.#side.ownCallees(name)).filter(({ where }) => {
      if (where === undefined) return true;
      const [table = '', ...field] = where.field.split('.');
      const row = (entry.args[params.findIndex((one) => one.name === where.param)] ?? 0) - 1;
      return entry.machine.tables[table]?.[field.join('.')]?.[row] === where.value;
    });
  }

  /** Without declared differences, and with those that hold if need be; then it is noted which were needed. */
  #judged(name: string, entry: EntryState, compare: (judge: Judge) => Sameness): Sameness {
    const applying = this.#applying(name, entry);
    const params = procedureNamed(this.#description.procedures, name).params.map((one) => one.name);
    const compared = (abstractions: readonly Abstraction[]): Sameness =>
      compare({ name, process: entry.process, calls: this.#watched, params, abstractions });
    const plain = compared([]);
    const result = plain.kind === 'differs' && applying.length > 0 ? compared(applying) : plain;
    for (const one of plain.kind === 'differs' && result.kind === 'same' ? applying : []) {
      const without = applying.filter((other) => other !== one);
      if (compared(without).kind === 'differs') this.#run.records.need(one, name);
    }
    return result;
  }

  #differenceOf(parting: Parting, name: string, entry: EntryState): Difference {
    const { scenario, preset, tree } = this.#run;
    return differenceOf(parting, {
      scenario: scenarioId(scenario),
      process: this.#description.processes[entry.process]?.title ?? '',
      procedure: procedureNamed(this.#description.procedures, name),
      entry,
      machine: this.#description.machine,
      naming: namingOf(scenario, preset),
      tree,
    });
  }

  #caller(name: string, process: number): LoneCalls {
    const key = `${process} ${name}`;
    const known = this.#callers.get(key) ?? new LoneCalls(this.#description, name, process);
    this.#callers.set(key, known);
    return known;
  }
}
