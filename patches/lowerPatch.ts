/**
 * A patch as it was read, and put into the procedures of a model.
 *
 * In: the text of a mail or diff; bindings; what the model at hand has. Out: procedures in IR, constants, and what became of each
 * hunk. Never: a guess: what is not understood is named with its line.
 */
import type { MachineDescription, Procedure, ProcedureTable, ScalarType } from '../compiler/ir/types.ts';
import { kvmBindings, machineBindings } from './bindings/index.ts';
import type { Bindings } from './bindings/schema.ts';
import { contentsOf, type DefineText } from './c/extract.ts';
import { type CParser, loadCParser } from './c/parse.ts';
import { contractProblem, type Users } from './judge/contracts.ts';
import { type HunkPart, type HunkReport, reportHunk } from './judge/hunkReport.ts';
import type { MacroText, RecordText } from './lower/environment.ts';
import { type LoweredFunction, lowerFunctions, type Memory, namesFor, type ParsedFunction, parseFunction } from './lower/function.ts';
import type { Ignored } from './lower/problems.ts';
import { type PatchText, readPatchText } from './mail/patchText.ts';
import { UnreadableInput } from './mail/unreadable.ts';

/** A patch as it was read, before anything is known of the model. */
export interface ReadPatch {
  readonly text: PatchText;
  /** Functions that it changes and shows whole, parsed; of several of one name, the last. */
  readonly functions: readonly ParsedFunction[];
  /** `#define`s that it adds. */
  readonly defines: readonly DefineText[];
}
/** What lowering needs to know of the surroundings. */
export interface Surroundings extends Users {
  readonly machine: MachineDescription;
  readonly constants: ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>;
  /** All procedures, with their bodies: called by what is lowered, and stand-ins for partial hunks. */
  readonly procedures: ProcedureTable;
  /** Procedures of the base of the day, against which removed lines are held; null if it is not known. */
  readonly base: ProcedureTable | null;
  /** Macros of the tree, for those that nothing is bound to. */
  readonly macros?: ReadonlyMap<string, MacroText>;
  /** Structures of the tree. */
  readonly structs?: ReadonlyMap<string, RecordText>;
  /** Functions of the tree that have no effect. */
  readonly pure?: Pick<ReadonlySet<string>, 'has'>;
  /** Functions of the tree whose texts calls may need. */
  readonly bodies?: readonly ParsedFunction[];
  /** Which of the functions others may call; left out: all. */
  readonly visible?: ReadonlySet<string> | undefined;
  /** Where the same functions were lowered with the same bindings, macros and structures. */
  readonly memory?: Memory;
}
/** What keeps a patch from being judged. `path`: of the tree in which `line` is; left out: `line` is of the patch. */
export interface Obstacle {
  readonly name: string;
  readonly why: string;
  readonly line: number;
  readonly path?: string;
  /** The function that lacks it; left out: it is not about one function. */
  readonly owner?: string;
}
export interface LoweredPatch {
  /** What replaces, or joins, the procedures of the surroundings. Empty of any function that is not modelled. */
  readonly procedures: readonly Procedure[];
  /** Constants with a new value: flags of requests. */
  readonly constants: ReadonlyMap<string, number>;
  readonly functions: readonly LoweredFunction[];
  readonly hunks: readonly HunkReport[];
  /** One entry per thing that keeps the patch from being judged: exit code 3 unless this is empty. */
  readonly unmodelled: readonly Obstacle[];
  /** Those of them that are about no hunk: functions that are called otherwise than they want to be. */
  readonly misfits: readonly Obstacle[];
  readonly ignored: readonly Ignored[];
}

/** More functions than a series changes; parsing more would take minutes. */
export const functionsMax = 2000;

/** What is thrown beyond that. */
export function tooMany(file: string, line: number | null): UnreadableInput {
  return new UnreadableInput('too-large', file, line, `changes more than ${functionsMax} functions: give one patch at a time`);
}

/** Reads the diffs of `text` and parses the functions that they change and show whole. Throws `UnreadableInput`. */
export async function readPatch(file: string, text: string, bindings: Bindings = kvmBindings): Promise<ReadPatch> {
  return readFunctions(readPatchText(file, text), bindings);
}

/** The same of diffs that have been read. */
export async function readFunctions(patch: PatchText, bindings: Bindings = kvmBindings): Promise<ReadPatch> {
  const parser = await loadCParser();
  const { file } = patch;
  const functions = new Map<string, ParsedFunction>();
  const defines: DefineText[] = [];
  let count = 0;
  for (const hunk of patch.hunks) {
    if (!isC(hunk.path)) continue;
    const side = contentsOf(hunk, 'new');
    defines.push(...side.defines.filter((one) => one.change === 'added'));
    const changed = side.functions.filter((one) => one.changed);
    count += changed.length;
    if (count > functionsMax) throw tooMany(file, hunk.line);
    for (const one of changed) functions.set(one.name, parseFunction(one, file, bindings, parser));
  }
  return { text: patch, functions: [...functions.values()], defines };
}

/**
 * Lowers what was read into the surroundings, and says what became of each hunk. Throws nothing that is the patch's fault. `bindings`
 * are those of the machine, and, where it is known, of the kernel's version.
 */
export async function lowerPatch(
  patch: ReadPatch,
  surroundings: Surroundings,
  bindings: Bindings = machineBindings(surroundings.machine),
): Promise<LoweredPatch> {
  const parser: CParser = await loadCParser();
  const { machine, constants, procedures, base } = surroundings;
  const environment = { machine, constants, procedures };
  const redefined = new Set(patch.defines.map((one) => one.name).filter((name) => !constants.has(name)));
  const options = {
    bindings,
    environment,
    parser,
    redefined,
    ...(surroundings.macros === undefined ? {} : { macros: surroundings.macros }),
    ...(surroundings.structs === undefined ? {} : { structs: surroundings.structs }),
    ...(surroundings.pure === undefined ? {} : { pure: surroundings.pure }),
    ...(surroundings.bodies === undefined ? {} : { bodies: surroundings.bodies }),
    ...(surroundings.visible === undefined ? {} : { visible: surroundings.visible }),
    ...(surroundings.memory === undefined ? {} : { memory: surroundings.memory }),
  };
  const functions = lowerFunctions(patch.functions, options);
  const { names } = namesFor(patch.functions, options);
  const input = { file: patch.text.file, names, bindings, parser, environment, procedures, base, functions };
  const reported = patch.text.hunks.map((hunk) =>
    isC(hunk.path)
      ? reportHunk(hunk, input)
      : {
          hunk: hunk.number,
          path: hunk.path,
          line: hunk.line,
          parts: [{ kind: 'ignorable' as const, what: 'no C file', line: hunk.line }],
        },
  );
  const replaced = new Map(functions.map((one) => [one.procedure?.name ?? one.name, one.procedure]));
  const misfits = functions.flatMap((one) => {
    const why = one.procedure === null ? null : contractProblem(one.procedure, procedures, replaced, surroundings);
    return why === null ? [] : [{ name: `${one.name}()`, why, line: one.source.lines[0]?.line ?? 0, owner: one.name }];
  });
  // What cannot take its place is not checked.
  const hunks = reported.map((hunk) => ({ ...hunk, parts: hunk.parts.map((part) => misfitPart(part, misfits) ?? part) }));
  const parts = hunks.flatMap((hunk) => hunk.parts);
  const told = parts.flatMap((part) => (part.kind === 'notModelled' ? [{ name: part.name, why: part.why, line: part.line }] : []));
  const unmodelled = [...told, ...misfits.filter((one) => !told.some(({ name, why }) => name === one.name && why === one.why))];
  return {
    procedures: functions.flatMap((one) => one.procedure ?? []),
    constants: new Map(parts.flatMap((part) => (part.kind === 'define' ? [[part.name, part.value] as const] : []))),
    functions,
    hunks,
    unmodelled,
    misfits,
    ignored: functions.flatMap((one) => one.ignored),
  };
}

function misfitPart(part: HunkPart, misfits: readonly Obstacle[]): HunkPart | null {
  const found = part.kind === 'checked' ? misfits.find(({ owner }) => owner === part.name) : undefined;
  return found === undefined ? null : { ...found, kind: 'notModelled' };
}

function isC(path: string): boolean {
  return /\.[ch]$/.test(path);
}
