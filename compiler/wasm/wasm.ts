/**
 * The WebAssembly back end: the generated code of a system as one module over one memory.
 *
 * In: description, program, layout. Out: a `CompiledSystem` whose steps, checks and queries run in the module.
 * Never: meaning of its own; what a statement does is written once, in `compiler/emit`, for both back ends.
 */
import { type EmitOptions, type GeneratedCode, type GeneratedModule, generate, intervalOf, JavaScriptSystem } from '../emit/index.ts';
import type { Layout } from '../machine/layout.ts';
import type { Program } from '../program/types.ts';
import type { CompiledSystem, SystemDescription } from '../system.ts';
import { encodeModule } from './encode.ts';
import { generateFunction, signatureOf, typeOf } from './generate.ts';
import { type Exports, type Memory, webAssembly } from './host.ts';
import { findRanges } from './ranges.ts';
import { type LocalRange, readModule } from './read.ts';
import { type Entry, type FunctionTree, isWord, NotInLanguage, type Range, type Words } from './tree.ts';

/** Choices of one step, at most, that the module keeps. */
const choicesMax = 64;
const pageBytes = 0x1_0000;
/** 32-bit addresses. */
const pagesMax = 0x1_0000;

/** What the generated text finds in its environment. */
type Environment = Readonly<Record<'M' | 'L' | 'T' | 'V', Int32Array>> &
  Readonly<Record<'C' | 'E' | 'P' | 'Y', Uint32Array>> & { U(fault: number): number; O(): never };

/** Compiles a program. Throws `NotInLanguage` on what the module cannot do. */
export function emitWasm(description: SystemDescription, program: Program, layout: Layout, options: EmitOptions = {}): CompiledSystem {
  const code = generate(description, program, layout, options);
  const held: { memory: Memory | null } = { memory: null };
  let own = 0;
  const allocate = (lengths: readonly number[]): Int32Array[] => {
    own = 4 * lengths.reduce((sum, length) => sum + length, 0);
    const pages = Math.ceil((own + 2 * 4 * choicesMax) / pageBytes);
    if (pages > pagesMax) throw new NotInLanguage('more than 4 GiB of memory');
    const made = new webAssembly.Memory({ initial: pages });
    held.memory = made;
    let at = 0;
    return lengths.map((length) => {
      const words = new Int32Array(made.buffer, at, length);
      at += 4 * length;
      return words;
    });
  };
  const make = (environment: unknown): GeneratedModule => {
    const { memory } = held;
    if (memory === null) throw new Error('code before its memory');
    return instantiate(code, environment as Environment, memory, own);
  };
  return new JavaScriptSystem(code, make, { backEnd: 'wasm', allocate });
}

/** Ranges of the locals of specs, under the names that the generated text gives them: `v3`, or `x12_3` where spec 12 was put in place. */
function localRanges({ context, owners }: GeneratedCode): LocalRange {
  const known = new Map<number, ReadonlyMap<string, Range>>();
  const rangesOf = (index: number): ReadonlyMap<string, Range> => {
    const old = known.get(index);
    if (old !== undefined) return old;
    const spec = context.spec(index);
    const names = context.namesOf(spec);
    const ranges = new Map([...spec.locals].map(([local, type]) => [names.get(local) ?? '', intervalOf(context.tables, type)]));
    known.set(index, ranges);
    return ranges;
  };
  return (owner, name) => {
    const [, inner, local] = /^x(\d+)_(\d+)$/.exec(name) ?? [];
    const index = inner === undefined ? owners.get(owner) : Number(inner);
    return index === undefined ? null : (rangesOf(index).get(local === undefined ? name : `v${local}`) ?? null);
  };
}

function instantiate(code: GeneratedCode, environment: Environment, memory: Memory, own: number): GeneratedModule {
  const arrays = new Map<string, Words>();
  for (const name of ['M', 'L', 'T', 'V'] as const) arrays.set(name, { start: environment[name].byteOffset, unsigned: false });
  for (const name of ['C', 'E', 'P', 'Y'] as const) arrays.set(name, { start: environment[name].byteOffset, unsigned: true });
  arrays.set('CV', { start: own, unsigned: false });
  arrays.set('CN', { start: own + 4 * choicesMax, unsigned: false });
  const module = readModule(code.text, arrays, localRanges(code));
  findRanges(module);
  const imported = module.functions.filter((tree) => tree.imported);
  const written = module.functions.filter((tree) => !tree.imported);
  [...imported, ...written].forEach((tree, k) => {
    tree.index = k;
  });
  module.globals.forEach((variable, k) => {
    variable.index = k;
  });
  const bytes = encodeModule({
    imported: imported.map((tree) => ({ name: tree.name, signature: signatureOf(tree) })),
    functions: written.map(generateFunction),
    globals: module.globals.map(({ range, initial }) => ({ type: typeOf(range), initial })),
    table: module.table.slice(1).map((tree) => (tree === null ? 0 : tree.index)),
    pages: memory.buffer.byteLength / pageBytes,
  });
  const instance = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory, U: environment.U, O: environment.O } });
  return faceOf(instance.exports, written, module.tests, module.blockers);
}

/** The module's functions as the runtime calls them. */
function faceOf(
  exports: Exports,
  functions: readonly FunctionTree[],
  tests: readonly Entry[],
  blockers: readonly Entry[],
): GeneratedModule {
  for (const tree of functions)
    if (tree.exported && !isWord(tree.result.range)) throw new NotInLanguage(`results of 64 bits, of ${tree.name}`);
  const named = (name: string): ((...args: readonly number[]) => number) => {
    const found = exports[name];
    if (typeof found !== 'function') throw new Error(`the module has no function ${name}`);
    return found as (...args: readonly number[]) => number;
  };
  const [advance, quiescent] = [named('advance'), named('quiescent')];
  return {
    expand: named('expand'),
    replay: named('replay'),
    prologue: named('prologue'),
    start: named('start'),
    advance: () => advance() !== 0,
    code: named('code'),
    fault: named('fault'),
    violated: named('violated'),
    tests: tests.map(([process, resume, tree]) => {
      const test = named(tree.name);
      return [process, resume, (base: number) => test(base) !== 0];
    }),
    blockers: blockers.map(([process, resume, tree]) => [process, resume, named(tree.name)]),
    check: named('check'),
    reached: named('reached'),
    quiescent: (base) => quiescent(base) !== 0,
  };
}
