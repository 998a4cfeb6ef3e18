/**
 * The functions of a kernel tree as procedures of a model: which of them can be, and why the others cannot.
 *
 * In: a tree, the model's machine, constants and procedures. Out: for each function its status, and the procedure if it is imported. An
 * imported function calls imported ones, procedures of the model, and what is ignorable; nothing else.
 */
import { visitStmts } from '../../compiler/index.ts';
import type { MachineDescription, Procedure, ProcedureTable } from '../../compiler/ir/types.ts';
import { bindingParts } from '../bindings/index.ts';
import { type BindingPart, type Bindings, makeBindings } from '../bindings/schema.ts';
import { loadCParser } from '../c/parse.ts';
import { contractProblem, type Users } from '../judge/contracts.ts';
import type { MacroText, ProcedureFace } from '../lower/environment.ts';
import { type LoweredFunction, type LowerOptions, lowererOf, namesFor, type ParsedFunction, parseFunction } from '../lower/function.ts';
import { type Ignored, leftOutMark, type Unmodelled } from '../lower/problems.ts';
import { UnreadableInput } from '../mail/unreadable.ts';
import { type TreeContents, type TreeFunction, treeContents } from './functions.ts';
import { ignorableFunctions, pureFunctions } from './ignorable.ts';
import type { KernelTree } from './kernelTree.ts';
import { structTexts } from './structs.ts';
import { suggestion } from './suggestion.ts';

/** `ignorable`: has no effect that the model has. `unparsed`: is not read as C at all. */
export type ImportStatus = 'imported' | 'ignorable' | 'unmodelled' | 'unparsed';
export interface TreeImportFunction {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly status: ImportStatus;
  /** The first thing that the model has not, with its line and how to bind it; null if there is none. */
  readonly reason: string | null;
  /** How many things the model has not. */
  readonly lacking: number;
  /** All of them, as far as lowering got. */
  readonly unmodelled: readonly Unmodelled[];
  readonly source: TreeFunction;
  /** Null, too, for what is imported inside its callers only. */
  readonly procedure: Procedure | null;
  readonly ignored: readonly Ignored[];
  /** Imported functions that have its text inside them, since it takes what no procedure can be passed. */
  readonly within: readonly string[];
}
/** How many statements of an imported function the machine never reaches, and were left out since the model has not all that they use. */
export function neverReached({ ignored }: Pick<TreeImportFunction, 'ignored'>): number {
  return ignored.filter(({ name }) => name.endsWith(leftOutMark)).length;
}

/** The model as far as lowering needs it. */
export interface TreeSurroundings extends Users {
  readonly machine: MachineDescription;
  readonly constants: LowerConstants;
  readonly procedures: ReadonlyMap<string, ProcedureFace>;
}
type LowerConstants = Parameters<typeof lowererOf>[1]['environment']['constants'];

/** Rounds in which what imports may still change both ways. */
const roundLimit = 8;

/** All functions of the tree that the model is about, in the order of its files. Throws `UnreadableInput` for what the tree refuses. */
export async function lowerTree(
  tree: KernelTree,
  surroundings: TreeSurroundings,
  parts: readonly BindingPart[] = bindingParts,
): Promise<readonly TreeImportFunction[]> {
  return lowerContents(treeContents(tree, makeBindings(parts)), surroundings, parts);
}

/**
 * As `lowerTree`, of contents that were read before. With `beside` only functions are imported that can take their place among these procedures:
 * who of them calls an imported function must call it as it wants to be called.
 */
export async function lowerContents(
  contents: TreeContents,
  surroundings: TreeSurroundings,
  parts: readonly BindingPart[] = bindingParts,
  beside: ProcedureTable | null = null,
): Promise<readonly TreeImportFunction[]> {
  const bindings = makeBindings(parts, { machine: surroundings.machine, version: contents.version });
  const structs = structTexts(contents.structs, await loadCParser());
  const parser = await loadCParser();
  const parsed = new Map<TreeFunction, ParsedFunction>();
  const unparsed = new Map<TreeFunction, string>();
  const names = new Set<string>();
  for (const one of contents.functions) {
    try {
      if (!names.has(one.name)) parsed.set(one, parseTreeFunction(one, bindings, parser));
      else unparsed.set(one, `${one.name}() is defined twice`);
      names.add(one.name);
    } catch (error) {
      if (!(error instanceof UnreadableInput)) throw error;
      unparsed.set(one, error.message);
    }
  }
  const ignorable = ignorableFunctions([...parsed.values()], bindings);
  const options = {
    bindings: withIgnorable(bindings, ignorable),
    environment: surroundings,
    parser,
    macros: new Map<string, MacroText>([...contents.macros, ...bindings.macros]),
    structs,
    bodies: [...parsed.values()],
    pure: pureFunctions([...parsed.values()], bindings),
  };
  const lowered = new Map<string, LoweredFunction>();
  const lower = lowererOf([...parsed.values()], options);
  const standing = new Set(standingFor([...parsed.values()], options));
  const spokenOf = spokenOfBy(bindings);
  for (let again = true; again; ) {
    const all = [...parsed.values()].filter((one) => !ignorable.has(one.source.name) && !standing.has(one.source.name));
    let candidates = all;
    // What imports depends on what others do: a few rounds over all of them, until they settle.
    for (let round = 0; round < roundLimit; round += 1) {
      const visible = new Set(candidates.map((one) => one.source.name));
      const results = all.map((one) => lower(one, visible));
      for (const one of results) lowered.set(one.name, one);
      const good = new Set(results.filter((one) => one.procedure !== null).map((one) => one.name));
      candidates = all.filter((one) => good.has(one.source.name));
      if (good.size === visible.size && [...good].every((name) => visible.has(name))) break;
    }
    // What does not import is left to the model's procedure of its name, if there is one: so others may import, or no longer do.
    for (let last = -1; candidates.length !== last; ) {
      last = candidates.length;
      const visible = new Set(candidates.map((one) => one.source.name));
      const results = candidates.map((one) => lower(one, visible));
      for (const one of results) lowered.set(one.name, one);
      const good = new Set(results.filter((one) => one.procedure !== null).map((one) => one.name));
      candidates = candidates.filter((one) => good.has(one.source.name));
    }
    // A function that calls itself by way of a binding has nothing below it any more.
    const imported = candidates.flatMap((one) => {
      const { name, procedure = null } = lowered.get(one.source.name) ?? { name: '' };
      return procedure === null ? [] : [{ name, procedure }];
    });
    const replaced = new Map(imported.map(({ procedure }) => [procedure.name, procedure]));
    const misfits =
      beside === null
        ? []
        : imported.filter(({ procedure }) => contractProblem(procedure, beside, replaced, surroundings) !== null).map(({ name }) => name);
    const rounds = callingThemselves(imported.map(({ procedure }) => procedure)).filter((name) => spokenOf.has(name));
    const parted = beside === null ? [] : partedOf(bindings, contents, replaced);
    for (const name of [...rounds, ...misfits, ...parted]) standing.add(name);
    again = rounds.length + misfits.length + parted.length > 0;
  }
  const within = new Map<string, string[]>();
  for (const { name, procedure, inside } of lowered.values()) {
    if (procedure === null || standing.has(name)) continue;
    for (const one of inside) within.set(one, [...(within.get(one) ?? []), name]);
  }
  return contents.functions.map((source): TreeImportFunction => {
    const common = {
      name: shownName(source.name),
      file: source.path,
      line: source.firstLine,
      source,
      ignored: [] as readonly Ignored[],
      unmodelled: lowered.get(source.name)?.unmodelled ?? [],
      within: within.get(source.name) ?? [],
    };
    const broken = unparsed.get(source);
    if (broken !== undefined) return { ...common, status: 'unparsed', reason: broken, lacking: 1, procedure: null };
    if (ignorable.has(source.name)) return { ...common, status: 'ignorable', reason: null, lacking: 0, procedure: null };
    if (standing.has(source.name)) {
      const reason = `${source.path}:${source.firstLine}: ${source.name}() is left to the model's procedure of that name, which takes other arguments and of which bindings speak`;
      return { ...common, status: 'unmodelled', reason, lacking: 1, procedure: null };
    }
    const result = lowered.get(source.name);
    const [first] = result?.unmodelled ?? [];
    if (result?.procedure != null && first === undefined)
      return { ...common, status: 'imported', reason: null, lacking: 0, procedure: result.procedure, ignored: result.ignored };
    if (common.within.length > 0) return { ...common, status: 'imported', reason: null, lacking: 0, procedure: null };
    const reason =
      first === undefined
        ? 'is not lowered'
        : `${first.pos.file}:${first.pos.line}: ${first.name} ${first.why}${suggestion(first, contents, surroundings.procedures)}`;
    return { ...common, status: 'unmodelled', reason, lacking: result?.unmodelled.length ?? 1, procedure: null };
  });
}

function parseTreeFunction(one: TreeFunction, bindings: Bindings, parser: Awaited<ReturnType<typeof loadCParser>>): ParsedFunction {
  return parseFunction({ name: one.name, lines: one.lines, hunk: 0, path: one.path, changed: false }, one.path, bindings, parser);
}

/** Names that bindings use: procedures of the model, mostly. */
function spokenOfBy(bindings: Bindings): ReadonlySet<string> {
  const spokenOf = new Set(
    [...bindings.meanings.values()].flatMap(({ means, ofNumber }) => `${means} ${ofNumber ?? ''}`.match(/\w+/g) ?? []),
  );
  for (const call of bindings.calls.values()) {
    if ('rowTo' in call) spokenOf.add(call.rowTo);
    if ('procedure' in call) spokenOf.add(call.procedure);
  }
  return spokenOf;
}

/** Functions of whose names bindings speak, and whose place the model's procedure keeps, since it takes other arguments. */
function standingFor(functions: readonly ParsedFunction[], options: LowerOptions): readonly string[] {
  const { bindings, environment } = options;
  const spokenOf = spokenOfBy(bindings);
  const { signatures } = namesFor(functions, options);
  return [...signatures].flatMap(([name, { params }]) => {
    const procedure = environment.procedures.get(name);
    if (procedure === undefined || !spokenOf.has(name)) return [];
    const same = params.filter(({ type }) => type.kind !== 'unit').length === procedure.params.length;
    return same && params.every(({ type }) => type.kind !== 'record') ? [] : [name];
  });
}

/** Names of what is imported of functions that belong together and are not imported all. */
function partedOf({ together }: Bindings, { functions }: TreeContents, imported: ReadonlyMap<string, Procedure>): string[] {
  const has = new Set(functions.map(({ name }) => name));
  return together.flatMap((names) => {
    const own = names.filter((name) => has.has(name));
    return own.every((name) => imported.has(name)) ? [] : own.filter((name) => imported.has(name));
  });
}

/** Names of procedures that are reached from themselves. */
function callingThemselves(procedures: readonly Procedure[]): string[] {
  const callees = new Map<string, Set<string>>();
  for (const { name, body } of procedures) {
    const own = new Set<string>();
    visitStmts(body, (stmt) => {
      if (stmt.kind === 'call') own.add(stmt.callee);
    });
    callees.set(name, own);
  }
  return [...callees.keys()].filter((name) => {
    const reached = new Set<string>();
    const open = [...(callees.get(name) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(...(callees.get(next) ?? []));
    }
    return reached.has(name);
  });
}

/** `FNAME_fetch` is the one word that `FNAME(fetch)` was rewritten to. */
function shownName(name: string): string {
  return name.replace(/^FNAME_(\w+)$/, 'FNAME($1)');
}

function withIgnorable(bindings: Bindings, names: ReadonlySet<string>): Bindings {
  return { ...bindings, isIgnorableCall: (name) => names.has(name) || bindings.isIgnorableCall(name) };
}
