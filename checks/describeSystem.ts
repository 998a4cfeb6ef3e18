/**
 * From scenario, variant and bounds to a system description.
 *
 * In: the model's data, procedures that replace others (of a patch, of a mutant). Out: what the compiler takes.
 * Never: a search.
 */
import type { Hook, Procedure, ProcedureTable, PropertyDescription, Stmt, SystemDescription } from '../compiler/index.ts';
import { assertValid, mapStmts } from '../compiler/index.ts';
import { type Bounds, machineOfScenario, type PresetName, type Scenario, type ScenarioVariant } from '../model/index.ts';
import { type Measure, measureOf, type Property, propertyOf, sharedPropertyFiles, sharedTdpPropertyFiles } from '../properties/index.ts';
import { withAdapters } from './adapters.ts';
import { parsedModel } from './parsedModel.ts';
import { sourceFile } from './sources.ts';

/** What `WARN_ON` without a property of its own violates. */
export const warningId = 'WARN';

export interface Choice {
  readonly scenario: Scenario;
  readonly variant: ScenarioVariant;
  readonly preset: PresetName;
  /** Take the place of procedures of their names; a name that the scenario does not have is added. */
  readonly replacing?: ReadonlyMap<string, Procedure>;
  /** New values of constants that the scenario has: flags of requests that a patch defines. */
  readonly constants?: ReadonlyMap<string, number>;
  /** Only these properties; all of the scenario if left out. */
  readonly properties?: ReadonlySet<string>;
  /** For traces: what this run is of, if not the variant as it stands. */
  readonly title?: string;
  /** For traces: what of a patch the model leaves out, a line each. */
  readonly notModelled?: readonly string[];
}

/** Throws RefusalError if model text is outside the subset, Error if IR is not valid: faults of ours, not of a user. */
export function describeSystem(choice: Choice): SystemDescription {
  const plain = sketchSystem(choice);
  const ids = new Set(propertiesAsked(choice).map(({ id }) => id));
  const procedures = new Map([...plain.procedures].map(([name, procedure]) => [name, withWarnings(procedure, ids)]));
  // What front ends give is not believed: a mistake of theirs must not become a verdict.
  assertValid(procedures, plain.machine, plain.constants);
  return { ...plain, procedures, properties: [...plain.properties, ...(hasWarnings(procedures) ? [warning] : [])] };
}

/** The files of the model that a scenario is made of; those of a variant take the place of others. */
export function filesOf(choice: Choice): { readonly files: readonly string[]; readonly replacing: readonly string[] } {
  const { scenario, variant } = choice;
  const shared = scenario.engine === 'tdp' ? sharedTdpPropertyFiles : sharedPropertyFiles;
  const asked = [...propertiesAsked(choice), ...measuresAsked(choice)].flatMap((each) => [...(each.with ?? []), each.file]);
  return { files: [...new Set([...scenario.files, ...shared, ...asked])], replacing: variant.replacing };
}

/** The scenario's properties that must not be left out, and were not. */
function propertiesAsked({ scenario, variant, properties: wanted }: Choice): Property[] {
  return propertiesFor(scenario, variant).filter(({ id }) => wanted === undefined || wanted.has(id));
}

function measuresAsked({ scenario, properties: wanted }: Choice): Measure[] {
  return wanted === undefined ? (scenario.measures ?? []).map(measureOf) : [];
}

/** The same as `describeSystem`, not validated and without warnings: to ask who calls whom, and nothing else. */
export function sketchSystem(choice: Choice): SystemDescription {
  const { scenario, variant, preset, replacing, constants: changed } = choice;
  const { processes, bounds } = scenario.presets[preset];
  const { machine, constants: scaled, rowNumbers } = machineOfScenario(scenario, preset);
  const constants = new Map(scaled);
  for (const [name, value] of changed ?? []) {
    const known = constants.get(name);
    if (known !== undefined) constants.set(name, { ...known, value });
  }
  const [properties, measures] = [propertiesAsked(choice), measuresAsked(choice)];
  const paths = filesOf(choice);
  const files = paths.files.map((path) => sourceFile(path));
  const replacingFiles = paths.replacing.map((path) => sourceFile(path, 'replacing'));
  const parsed = parsedModel([...files, ...replacingFiles], { machine, constants });
  const hooks = distinctHooks([...properties, ...measures].flatMap(({ recorders }) => recorders));
  const looking = [
    ...properties.flatMap((property) => described(property, bounds)),
    ...measures.map(counted),
    ...interestingStates(scenario),
  ];
  const roots = [
    ...[...processes, ...(scenario.prologue === null ? [] : [scenario.prologue]), ...hooks].map(({ procedure }) => procedure),
    ...looking.flatMap((one) =>
      one.kind === 'event' ? one.hooks.map(({ procedure }) => procedure) : 'predicate' in one ? [one.predicate] : [],
    ),
  ];
  const adapted = withAdapters(new Map([...parsed, ...(replacing ?? [])]), new Set(replacing?.keys()), roots);
  const begin = <P extends { readonly procedure: string }>(one: P): P => ({ ...one, procedure: adapted.first(one.procedure) });
  return {
    name: `${scenario.name}, ${variant.name}, ${preset}`,
    machine,
    constants,
    procedures: adapted.procedures,
    prologue: scenario.prologue === null ? null : begin(scenario.prologue),
    processes: processes.map(begin),
    properties: looking,
    hooks,
    quiescent: null,
    rowNumbers,
  };
}

/** The scenario's properties without those that must not be asked of this variant. */
export function propertiesFor(scenario: Scenario, variant: ScenarioVariant): Property[] {
  const exempt = new Set(variant.exempt?.map(({ id }) => id));
  return scenario.properties.filter((id) => !exempt.has(id)).map((id) => propertyOf(id, scenario.engine));
}

function described(property: Property, bounds: Bounds): PropertyDescription[] {
  const { id, name } = property;
  switch (property.kind) {
    case 'state':
      return [{ kind: 'state', id, name, predicate: property.predicate, scope: property.scope }];
    case 'event':
      return [
        {
          kind: 'event',
          id,
          name,
          hooks: property.hooks,
          ...(property.worst === undefined ? {} : { bound: property.worst.bound(bounds) }),
        },
      ];
    case 'progress':
      return [{ kind: 'progress', id, name, predicate: property.predicate }];
    case 'assertion':
      return [{ kind: 'assertion', id, name }];
    // The search looks for deadlocks by itself.
    case 'deadlock':
      return [];
  }
}

/** Above which a measure is never: it is no property. */
export const noBound = 0xffff_ffff;

function counted({ id, hooks }: Measure): PropertyDescription {
  return { kind: 'event', id, name: id, hooks, bound: noBound };
}

function interestingStates(scenario: Scenario): PropertyDescription[] {
  return scenario.interesting.map(({ name, predicate }) => ({ kind: 'reachable', id: predicate, name, predicate }));
}

const warning: PropertyDescription = { kind: 'assertion', id: warningId, name: 'no kernel warning' };

/** A `WARN_ON` that names no property of this run would be passed over; the kernel's user would see it. */
function withWarnings(procedure: Procedure, ids: ReadonlySet<string>): Procedure {
  const name = (stmt: Stmt): Stmt =>
    stmt.kind === 'assert' && (stmt.property === null || !ids.has(stmt.property)) && stmt.severity === 'warn'
      ? { ...stmt, property: warningId }
      : stmt;
  return { ...procedure, body: mapStmts(procedure.body, (stmt) => [name(stmt)]) };
}

function hasWarnings(procedures: ProcedureTable): boolean {
  let found = false;
  for (const { body } of procedures.values()) {
    mapStmts(body, (stmt) => {
      found ||= stmt.kind === 'assert' && stmt.property === warningId;
      return [stmt];
    });
  }
  return found;
}

/** Recorders are shared between properties, and each is attached once, in the order of the first property that names it. */
function distinctHooks(hooks: readonly Hook[]): Hook[] {
  return [...new Map(hooks.map((hook) => [JSON.stringify(hook), hook])).values()];
}
