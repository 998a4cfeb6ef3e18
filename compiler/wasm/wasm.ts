/**
 * The WebAssembly back end: the generated code of a system as one module over one memory.
 *
 * In: description, program, layout. Out: a `CompiledSystem` whose steps, checks and queries run in the module.
 * Never: meaning of its own; what a statement does is written once, in `compiler/emit`, for both back ends.
 */
import {
  type EmitOptions,
  type GeneratedCode,
  type GeneratedModule,
  generate,
  type Home,
  intervalOf,
  JavaScriptSystem,
} from '../emit/index.ts';
import type { Layout } from '../machine/layout.ts';
import type { Program } from '../program/types.ts';
import type { CompiledSystem, NativeCode, SystemDescription } from '../system.ts';
import type { Exports } from './host.ts';
import { exportOf, instantiate, link } from './link.ts';
import { ModuleMemory, type Part } from './memory.ts';
import { type LocalRange, readModule } from './read.ts';
import type { ModuleTree, Range, Words } from './tree.ts';

/** Choices of one step, at most, that the module keeps. */
const choicesMax = 64;

/** What the generated text finds in its environment. */
type Environment = Readonly<Record<'M' | 'L' | 'T' | 'V' | 'B', Int32Array>> &
  Readonly<Record<'C' | 'E' | 'P' | 'Y', Uint32Array>> & { U(fault: number): number; O(): never };

export interface WasmOptions extends EmitOptions {
  /** How far the memory may grow, in pages of 64 KiB. Default: to the end of what addresses reach, 4 GiB. */
  readonly pagesMost?: number;
  /** Arrays of the system and what is linked to it lie in this part of a memory: threads, each with a system of its own, can so see the same states. */
  readonly part?: Part;
}

/** Compiles a program. Throws `NotInLanguage` on what the module cannot do. */
export function emitWasm(description: SystemDescription, program: Program, layout: Layout, options: WasmOptions = {}): CompiledSystem {
  return wasmOf(generate(description, program, layout, options), options);
}

/** The same of code that was generated already, be it for a system of its own. */
export function wasmOf(code: GeneratedCode, { pagesMost, part }: Pick<WasmOptions, 'pagesMost' | 'part'> = {}): CompiledSystem {
  return new WasmSystem(code, new ModuleHome(code, new ModuleMemory(pagesMost, part)));
}

class WasmSystem extends JavaScriptSystem {
  private readonly home: ModuleHome;

  constructor(code: GeneratedCode, home: ModuleHome) {
    super(code, (environment) => home.make(environment as Environment), home);
    this.home = home;
  }

  get native(): NativeCode {
    return this.home;
  }
}

/** The memory of one system and the module in it. */
class ModuleHome implements Home, NativeCode {
  readonly backEnd = 'wasm';
  private exports: Exports = {};
  /** Arrays by their names in generated text. */
  private readonly arrays = new Map<string, Words>();

  constructor(
    private readonly code: GeneratedCode,
    private readonly own: ModuleMemory,
  ) {}

  allocate(lengths: readonly number[]): Int32Array[] {
    const places = lengths.map((length) => ({ at: this.own.take(4 * length), length }));
    const { buffer } = this.own.memory;
    return places.map(({ at, length }) => new Int32Array(buffer, at, length));
  }

  make(environment: Environment): GeneratedModule {
    const { arrays, own } = this;
    for (const name of ['M', 'L', 'T', 'V', 'B'] as const) arrays.set(name, { start: environment[name].byteOffset, unsigned: false });
    for (const name of ['C', 'E', 'P', 'Y'] as const) arrays.set(name, { start: environment[name].byteOffset, unsigned: true });
    for (const name of ['CV', 'CN']) arrays.set(name, { start: own.take(4 * choicesMax), unsigned: false });
    const module = readModule(this.code.text, arrays, localRanges(this.code));
    this.exports = instantiate(module, own, { U: environment.U, O: environment.O });
    return faceOf(this.exports, module);
  }

  get free(): number {
    return this.own.free;
  }

  memory(): Int32Array {
    return this.own.words();
  }

  get shared(): object {
    return this.own.memory;
  }

  grow(bytes: number): boolean {
    return this.own.grow(bytes);
  }

  link(text: string, given: ReadonlyMap<string, number>): ReturnType<NativeCode['link']> {
    const known = new Map([...given].map(([name, start]): [string, Words] => [name, { start, unsigned: false }]));
    for (const name of ['M', 'L', 'T', 'V']) known.set(name, this.arrays.get(name) as Words);
    return link(text, known, this.own, this.exports);
  }
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

/** The module's functions as the runtime calls them. */
function faceOf(exports: Exports, { tests, blockers }: ModuleTree): GeneratedModule {
  const named = (name: string) => exportOf(exports, name);
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
