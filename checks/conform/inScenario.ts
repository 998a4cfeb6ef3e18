/**
 * One scenario: each call that it makes of a function that the tree has, too, is made alone, with the one and with the other.
 *
 * In: the scenario, the tree's functions as lowered for it. Out: what was found, told to the records. Never: another process's step.
 */
import { LoneCalls, type MachineState, type Procedure, procedureNamed, type SystemDescription } from '../../compiler/index.ts';
import type { PresetName, Scenario, ScenarioVariant } from '../../model/index.ts';
import type { KernelTree, TreeImportFunction } from '../../patches/index.ts';
import { measureOf, propertyOf } from '../../properties/index.ts';
import { reachableProcedures } from '../callGraph.ts';
import { namingOf } from '../namingOf.ts';
import { scenarioId } from '../select.ts';
import type { WatchedCalls } from './actions.ts';
import { differenceOf } from './differenceOf.ts';
import { type EntryState, findEntryStates } from './entryStates.ts';
import type { ConformLimits } from './limits.ts';
import type { Records } from './records.ts';
import type { Difference } from './report.ts';
import { compareRuns, type Parting, type Sameness, tooManyWays } from './sameRuns.ts';
import { touchedBy, touchedKey } from './touched.ts';
import { type TreeSide, treeSide } from './treeSide.ts';

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
      const { result, procedure } = this.#compared(name, entry, null);
      if (result.kind === 'same') return true;
      if (result.kind === 'differs') {
        records.differs(name, this.#differenceOf(result.parting, procedure, entry));
        return false;
      }
      records.open(name, result.reason);
      const open = (this.#open.get(name) ?? 0) + 1;
      this.#open.set(name, open);
      if (result.reason !== tooManyWays) return open < openMax;
      this.#branching.add(name);
    }
    // What one side answers first the other may answer second, so a way without its like is no difference yet.
    const { result } = this.#compared(name, entry, othersMax);
    if (result.kind === 'differs') records.open(name, someDiffer);
    if (result.kind === 'open') records.open(name, result.reason);
    return true;
  }

  /** `others`: null for all ways, else how many choices of a way are answered otherwise than first. */
  #compared(name: string, entry: EntryState, others: number | null): { result: Sameness; procedure: Procedure } {
    const { records, limits } = this.#run;
    const procedure = procedureNamed(this.#description.procedures, name);
    const bounds = { runs: limits.ways, statements: limits.statements, ...(others === null ? {} : { others }) };
    const model = this.#caller(name, entry.process).run(entry.machine, entry.args, bounds);
    // What one side did not come to the end of stays open whatever the other does.
    const tree =
      model.all || others !== null
        ? this.#caller(this.#side.comparable.get(name) ?? '', entry.process).run(entry.machine, entry.args, bounds)
        : { runs: [], all: false };
    const applying = records.abstractionsOf(name, this.#side.ownCallees(name));
    const params = procedure.params.map((one) => one.name);
    const compared = (abstractions: typeof applying): Sameness =>
      compareRuns(model, tree, { name, process: entry.process, calls: this.#watched, params, abstractions, some: others !== null });
    const plain = compared([]);
    const result = plain.kind === 'differs' && applying.length > 0 ? compared(applying) : plain;
    for (const one of plain.kind === 'differs' && result.kind === 'same' ? applying : []) {
      const without = applying.filter((other) => other !== one);
      if (compared(without).kind === 'differs') records.need(one, name);
    }
    return { result, procedure };
  }

  #differenceOf(parting: Parting, procedure: Procedure, entry: EntryState): Difference {
    const { scenario, preset, tree } = this.#run;
    return differenceOf(parting, {
      scenario: scenarioId(scenario),
      process: this.#description.processes[entry.process]?.title ?? '',
      procedure,
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
