/**
 * A patch on a tree, lowered into the surroundings of the model: the changed functions as they were, and as they are.
 *
 * In: functions of both sides; what the model has. Out: procedures of both sides, and what became of each hunk. Never: a changed line
 * that no part of the report is about.
 */
import type { Procedure } from '../../compiler/ir/types.ts';
import { bindingParts } from '../bindings/index.ts';
import { type BindingPart, type Bindings, makeBindings } from '../bindings/schema.ts';
import { contentsOf } from '../c/extract.ts';
import { loadCParser } from '../c/parse.ts';
import { contractProblem } from '../judge/contracts.ts';
import { fixedMacro } from '../judge/defines.ts';
import type { HunkPart, HunkReport } from '../judge/hunkReport.ts';
import type { MacroText } from '../lower/environment.ts';
import { type LoweredFunction, type LowerOptions, lowerFunctions, type Memory } from '../lower/function.ts';
import { LoweringMemory } from '../lower/memory.ts';
import type { LeftOut } from '../lower/problems.ts';
import { type LoweredPatch, lowerPatch, type Surroundings } from '../lowerPatch.ts';
import { printable } from '../mail/unreadable.ts';
import type { TreeContents } from '../tree/functions.ts';
import { structTexts } from '../tree/structs.ts';
import { suggestion } from '../tree/suggestion.ts';
import { holdersOf, withNeighbours } from './callers.ts';
import { effectsOf } from './effects.ts';
import { type NewDeclaration, newDeclarations } from './newDeclarations.ts';
import type { ReadTreePatch, ReadUnit } from './readUnits.ts';

export interface LoweredTreePatch {
  /** Of the functions before the patch, as far as they are modelled. */
  readonly before: { readonly procedures: readonly Procedure[]; readonly leftOut: readonly LeftOut[] };
  /** What the functions before the patch use and the model has not: a name with the reason, and the function that lacks it. */
  readonly lackingBefore: readonly { readonly name: string; readonly why: string; readonly owner: string }[];
  /** After the patch. `hunks`: of the patch, in its order; lines of their parts are the tree's. */
  readonly after: LoweredPatch;
}

/** How many things that a function lacks are named. */
const namedMax = 5;

export async function lowerUnits(
  read: ReadTreePatch,
  surroundings: Omit<Surroundings, 'base'>,
  spellings: readonly BindingPart[] = read.spellings ?? bindingParts,
): Promise<LoweredTreePatch> {
  const { machine, constants, procedures } = surroundings;
  const parser = await loadCParser();
  // What a name means depends on the machine, and on the kernel's version: `tdp_mmu_enabled` is false where there is no TDP MMU.
  const { version } = read.applied.before;
  const bindings = makeBindings(spellings, { machine, version });
  const loud = read.units.filter((unit) => unit.quiet === null);
  const { patch } = read.applied;
  const options = { bindings, environment: { machine, constants, procedures }, parser };
  const textsOf = ({ macros, structs }: TreeContents) => ({
    macros: new Map<string, MacroText>([...macros, ...bindings.macros]),
    structs: structTexts(structs, parser),
  });
  const changed = new Set([...read.before, ...read.after].map(({ source }) => source.name));
  const [oldTexts, newTexts] = [textsOf(read.contents.before), textsOf(read.contents.after)];
  // What a patch does not change is lowered once for both sides, but where it means something else on one of them.
  const memory: Memory = new LoweringMemory();
  const newMemory: Memory = areSameTexts(oldTexts, newTexts) ? memory : new LoweringMemory();
  const oldOptions = { ...options, ...oldTexts, ...effectsOf(read.contents.before, bindings, parser, changed), memory };
  const newOptions = { ...options, ...newTexts, ...effectsOf(read.contents.after, bindings, parser, changed), memory: newMemory };
  const after = withNeighbours(read.after, read.contents.after, newOptions, procedures, surroundings);
  const alone = await lowerPatch(
    {
      text: { ...patch, hunks: loud.map((unit) => unit.hunk) },
      functions: after.functions,
      defines: read.defines.filter(({ name }) => isBound(name, surroundings, bindings) || !read.macros.has(name)),
    },
    {
      ...surroundings,
      base: null,
      macros: newOptions.macros,
      structs: newOptions.structs,
      pure: newOptions.pure,
      ...after.options,
      memory: newMemory,
    },
    newOptions.bindings,
  );
  const lowered = { ...alone, functions: insideOthers(alone.functions) };
  const declared = new Map(
    loud.flatMap((unit) => declaredIn(unit).flatMap(({ names, owner }) => names.map((name) => [name, owner] as const))),
  );
  const parts = new Map(
    loud.map((unit, index) => [unit, partsOf(unit, lowered.hunks[index]?.parts ?? [], lowered, surroundings, bindings, read, declared)]),
  );
  const hunks = hunkReports(read, parts);
  const unmodelled = [...parts].flatMap(([unit, all]) =>
    all.flatMap((part) => {
      if (part.kind !== 'notModelled') return [];
      const { name, why, line, owner } = part;
      return [{ name, why, line, path: unit.hunk.path, ...(owner === undefined ? {} : { owner }) }];
    }),
  );
  const misfits = lowered.misfits
    .filter((one) => !unmodelled.some(({ name, why }) => name === one.name && why === one.why))
    .map((one) => ({ ...one, path: lowered.functions.find(({ name }) => name === one.owner)?.source.path ?? '' }));
  const was = withNeighbours(read.before, read.contents.before, oldOptions, procedures, surroundings);
  const old = insideOthers(lowerFunctions(was.functions, { ...oldOptions, ...was.options }));
  const replaced = new Map(old.map((one) => [one.procedure?.name ?? one.name, one.procedure]));
  const lackingBefore = old.flatMap((one) => {
    const misfit = one.procedure === null ? null : contractProblem(one.procedure, procedures, replaced, surroundings);
    const lacking = one.unmodelled.map(({ name, why }) => ({ name, why: `${why} (in ${one.name}())`, owner: one.name }));
    return misfit === null ? lacking : [{ name: `${one.name}()`, why: misfit, owner: one.name }];
  });
  return {
    before: { procedures: old.flatMap((one) => one.procedure ?? []), leftOut: old.flatMap((one) => one.leftOut) },
    lackingBefore,
    after: { ...lowered, hunks, unmodelled: [...unmodelled, ...misfits] },
  };
}

type Texts = Pick<Required<LowerOptions>, 'macros' | 'structs'>;

/** Structures of one text are one object. */
function areSameTexts(one: Texts, other: Texts): boolean {
  const isSame = <V>(a: ReadonlyMap<string, V>, b: ReadonlyMap<string, V>, same: (a: V, b: V | undefined) => boolean): boolean =>
    a.size === b.size && [...a].every(([name, value]) => same(value, b.get(name)));
  return (
    isSame(one.structs, other.structs, (a, b) => a === b) &&
    isSame(one.macros, other.macros, (a, b) => a.body === b?.body && JSON.stringify(a.params) === JSON.stringify(b.params))
  );
}

/** Each of the patch's hunks with the parts of the units that it changes. */
function hunkReports({ applied, units }: ReadTreePatch, parts: ReadonlyMap<ReadUnit, readonly HunkPart[]>): HunkReport[] {
  const elsewhere = new Map(applied.elsewhere.map(({ hunk, what }) => [hunk, what]));
  return applied.patch.hunks.map((hunk) => {
    const what = elsewhere.get(hunk);
    const own = units
      .filter((unit) => unit.hunk.path === hunk.path && unit.by.has(hunk.number))
      .flatMap((unit): readonly HunkPart[] =>
        unit.quiet === null ? (parts.get(unit) ?? []) : [{ kind: 'ignorable', what: unit.quiet, line: unit.hunk.line }],
      );
    const nothing: HunkPart = { kind: 'ignorable', what: what ?? 'context only', line: hunk.line };
    return { hunk: hunk.number, path: hunk.path, line: hunk.line, parts: own.length > 0 ? own : [nothing] };
  });
}

function partsOf(
  unit: ReadUnit,
  reported: readonly HunkPart[],
  lowered: LoweredPatch,
  surroundings: Omit<Surroundings, 'base'>,
  bindings: Bindings,
  read: ReadTreePatch,
  declared: ReadonlyMap<string, string | null>,
): HunkPart[] {
  const { contents } = read;
  const problems = unit.problems.map((one): HunkPart => ({ kind: 'notModelled', ...one }));
  if (unit.isGap) return [...problems, ...gapParts(unit, reported, surroundings, bindings, read, lowered)];
  const names = new Set(contentsOf(unit.hunk, 'new').functions.map((one) => one.name));
  const lacking = lowered.functions.filter(
    (one) => names.has(one.name) && one.source.hunk === unit.hunk.number && one.unmodelled.length > 0,
  );
  const within = lowered.functions.filter((one) => names.has(one.name) && isInside(one));
  const told = [...lacking, ...within];
  const gone = reported.filter((part) => part.kind !== 'notModelled' || !told.some((one) => part.why.endsWith(`(in ${one.name}())`)));
  const inCallers = within.flatMap((one) => insideParts(one, lowered, surroundings, contents.after));
  const idle = [...names].filter((name) => read.unused.has(name));
  const unused = idle.map(
    (name): HunkPart => ({ kind: 'ignorable', what: `${printable(name, 60)}(), new, and nobody calls it`, line: unit.hunk.line }),
  );
  const all = [
    ...problems,
    ...gone,
    ...inCallers,
    ...unused,
    ...lacking.flatMap((one) => lackingParts(one, surroundings, contents.after, declared)),
  ];
  // A function whose signature goes on in a macro, or the like.
  return all.length > 0
    ? all
    : [{ kind: 'notModelled', name: 'a change', why: 'is in no function that can be made out', line: unit.hunk.line }];
}

/** What is lowered inside others lacks nothing of its own: it has no procedure, and nothing that is not modelled. */
function insideOthers(functions: readonly LoweredFunction[]): readonly LoweredFunction[] {
  const within = new Set(functions.flatMap(({ procedure, inside }) => (procedure === null ? [] : [...inside])));
  return functions.map((one) => (one.procedure === null && within.has(one.name) ? { ...one, unmodelled: [] } : one));
}

/** Whether its text is in others instead of a procedure of its own. */
function isInside({ procedure, unmodelled }: LoweredFunction): boolean {
  return procedure === null && unmodelled.length === 0;
}

/** A function that only its callers have: each is as if it were changed itself. Who calls it, is the model's, and has it not, is named. */
function insideParts(
  { name, source }: LoweredFunction,
  { functions }: LoweredPatch,
  { procedures }: Omit<Surroundings, 'base'>,
  contents: TreeContents,
): HunkPart[] {
  const line = source.lines[0]?.line ?? 0;
  const users = functions.filter(({ procedure, inside }) => procedure !== null && inside.has(name)).map((one) => one.name);
  const lowered = new Set(functions.flatMap((one) => (one.procedure === null ? [] : [one.name])));
  const without = holdersOf(contents, name, procedures).filter((caller) => !lowered.has(caller));
  return [
    { kind: 'expanded', name: `${name}()`, users, line },
    ...without.map(
      (caller): HunkPart => ({
        kind: 'notModelled',
        name: `${name}()`,
        why: `is called by ${caller}(), in which it cannot be lowered, and the model's is without the change`,
        line,
        owner: caller,
      }),
    ),
  ];
}

/** What a function lacks: of one that the model has, the things; of any other, that it is not modelled, with the first of them. */
function lackingParts(
  one: LoweredFunction,
  { procedures }: Omit<Surroundings, 'base'>,
  contents: TreeContents,
  declared: ReadonlyMap<string, string | null> = new Map(),
): HunkPart[] {
  const { unmodelled } = one;
  const more = unmodelled.length - namedMax;
  if (procedures.has(one.name)) {
    const named = unmodelled.slice(0, namedMax).map((what): HunkPart => {
      const why = `${what.why} (in ${one.name}())${suggestion(what, contents, procedures, declared)}`;
      return { kind: 'notModelled', name: what.name, why, line: what.pos.line, owner: one.name };
    });
    const rest: HunkPart = {
      kind: 'notModelled',
      owner: one.name,
      name: `${one.name}()`,
      why: `has ${more} more things that the model has not`,
      line: one.source.lines[0]?.line ?? 0,
    };
    return more > 0 ? [...named, rest] : named;
  }
  const names = [...new Set(unmodelled.map(({ name }) => printable(name, 40)))];
  const shown = names.slice(0, namedMax).join(', ');
  const [first] = unmodelled;
  const how = first === undefined ? '' : suggestion(first, contents, procedures, declared);
  const rest = names.length > namedMax ? `, and ${names.length - namedMax} more` : '';
  // A suggestion is about one name.
  const advice = how === '' ? '' : names.length === 1 ? how : ` (the first${how})`;
  const why = `is no function of the model, and uses what the model has not: ${shown}${rest}${advice}`;
  return [{ kind: 'notModelled', name: `${printable(one.name, 60)}()`, why, line: unmodelled[0]?.pos.line ?? 0, owner: one.name }];
}

function isBound(name: string, { procedures, constants }: Omit<Surroundings, 'base'>, bindings: Bindings): boolean {
  return (
    bindings.meanings.has(name) || bindings.calls.has(name) || bindings.iterations.has(name) || constants.has(name) || procedures.has(name)
  );
}

/** A macro that is another now, by the functions that it is expanded into: each is as if it were changed itself. */
function expandedParts(
  name: string,
  line: number,
  users: readonly string[],
  lowered: LoweredPatch,
  surroundings: Omit<Surroundings, 'base'>,
  contents: ReadTreePatch['contents'],
): HunkPart[] {
  if (users.length === 0) return [{ kind: 'ignorable', what: `macro ${printable(name, 60)}, which no function uses`, line }];
  const own = lowered.functions.filter((one) => users.includes(one.name));
  const lacking = own.filter((one) => one.unmodelled.length > 0);
  const fine = users.filter((user) => !lacking.some((one) => one.name === user));
  const unread = fine.filter((user) => !own.some((one) => one.name === user));
  return [
    ...(fine.length === 0 ? [] : [{ kind: 'expanded' as const, name, users: fine, line }]),
    ...unread.map(
      (user): HunkPart => ({ kind: 'notModelled', name: `${user}()`, why: `uses ${name}, and is not read as C`, line, owner: user }),
    ),
    ...lacking.flatMap((one) => lackingParts(one, surroundings, contents.after)),
  ];
}

/** Between functions everything that is no comment, prototype or include matters, unless it is new and unknown. */
function gapParts(
  unit: ReadUnit,
  reported: readonly HunkPart[],
  surroundings: Omit<Surroundings, 'base'>,
  bindings: Bindings,
  { macros, contents }: ReadTreePatch,
  lowered: LoweredPatch,
): HunkPart[] {
  const [old, fresh] = [contentsOf(unit.hunk, 'old'), contentsOf(unit.hunk, 'new')];
  const had = new Set(old.defines.map((one) => one.name));
  const known = (name: string): boolean => isBound(name, surroundings, bindings);
  const expanded = fresh.defines.filter(({ name }) => macros.has(name) && !known(name));
  const declared = declaredIn(unit, known);
  const parts = reported.flatMap((part): HunkPart[] => {
    if (part.kind === 'stoodIn') return [];
    if (part.kind === 'notModelled' && part.name.startsWith('`') && declared.length > 0)
      return declared.map((one): HunkPart => ({ kind: 'ignorable', what: declaredText(one), line: one.line }));
    // A fragment between functions is a declaration of something; what it is, the model has not.
    if (part.kind === 'notModelled' && part.name.startsWith('`'))
      return [{ ...part, why: 'declares something outside of functions, which the model has no place for' }];
    if (part.kind === 'ignorable' && part.what.startsWith('macro ')) {
      const name = part.what.slice('macro '.length).split(',')[0] ?? '';
      if (expanded.some((one) => one.name === name)) return [];
      if (had.has(name))
        return [
          {
            kind: 'notModelled',
            name,
            why: 'is a macro with another meaning now, and what uses it is not looked at again',
            line: part.line,
          },
        ];
      return [{ kind: 'ignorable', what: `new macro ${name}`, line: part.line }];
    }
    return part.kind === 'ignorable' && part.what === 'removed lines without code' ? [] : [part];
  });
  for (const { name, line } of expanded) parts.push(...expandedParts(name, line, macros.get(name) ?? [], lowered, surroundings, contents));
  for (const { name, line, body } of fresh.defines) {
    // Only its later lines are changed: nothing was reported of it.
    if (!macros.has(name) || !known(name) || parts.some((part) => 'name' in part && part.name === name)) continue;
    const was = old.defines.findLast((one) => one.name === name)?.body;
    parts.push({ kind: 'notModelled', name, why: fixedMacro({ name, body }, was, bindings, surroundings.constants), line });
  }
  const left = new Set(fresh.defines.map((one) => one.name));
  for (const one of old.defines.filter((each) => each.change === 'removed' && !left.has(each.name))) {
    const name = printable(one.name, 60);
    parts.push(
      known(one.name)
        ? { kind: 'notModelled', name, why: 'is removed, and the model has it', line: one.line }
        : { kind: 'ignorable', what: `macro ${name}, which is gone`, line: one.line },
    );
  }
  const at = old.lines.findIndex(
    (line, index) => line.change === 'removed' && line.text.trim() !== '' && isCode(old.roles[index], line.text),
  );
  const line = old.lines[at];
  if (line !== undefined && !parts.some((part) => part.kind === 'notModelled'))
    parts.push({
      kind: 'notModelled',
      name: `\`${printable(line.text.trim(), 60)}\``,
      why: 'is removed, a declaration outside of functions',
      line: line.line,
    });
  if (parts.length === 0) parts.push({ kind: 'ignorable', what: 'declarations and comments', line: unit.hunk.line });
  return parts;
}

/** What is new in the gap, if nothing else is: a name that the model knows may be something else to it. */
function declaredIn({ hunk, isGap }: ReadUnit, known: (name: string) => boolean = () => false): readonly NewDeclaration[] {
  if (!isGap) return [];
  const found = newDeclarations(contentsOf(hunk, 'old'), contentsOf(hunk, 'new')) ?? [];
  return found.some(({ names, owner }) => owner === null && names.some(known)) ? [] : found;
}

function declaredText({ names, owner }: NewDeclaration): string {
  return `${printable(names.join(', '), 80)}, new${owner === null ? '' : ` in ${printable(owner, 60)}`}: judged by what uses it`;
}

function isCode(role: string | undefined, text: string): boolean {
  return role === 'partial' || role === 'function' || (role === 'directive' && !/^\s*#\s*include\b/.test(text));
}
