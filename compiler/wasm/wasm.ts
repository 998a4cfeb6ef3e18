/**
 * The WebAssembly back end: the generated code of a system as one module over one memory.
 *
 * In: description, program, layout. Out: a `CompiledSystem` whose steps, checks and queries run in the module.
 * Never: meaning of its own; what a statement does is written once, in `compiler/emit`, for both back ends.
 */
import {
  arrayLengths,
  arrayNames,
  type EmitOptions,
  type GeneratedCode,
  type GeneratedModule,
  generate,
  type Home,
  JavaScriptSystem,
} from '../emit/index.ts';
import type { Layout } from '../machine/layout.ts';
import type { Program } from '../program/types.ts';
import type { CompiledSystem, NativeCode, SystemDescription } from '../system.ts';
import { type Exports, pageBytes, pagesMax } from './host.ts';
import { exportOf, instantiate, link, type Translated, translate } from './link.ts';
import { type Locals, localsOf, rangesIn } from './locals.ts';
import { behind, ModuleMemory, type Part } from './memory.ts';
import { readModule } from './read.ts';
import type { Words } from './tree.ts';

/** Choices of one step, at most, that the module keeps. */
const choicesMax = 64;

/** Arrays that only the module uses, beside those of the runtime. */
const choiceArrays = ['CV', 'CN'];
/** Arrays of counters. */
const unsigned: ReadonlySet<string> = new Set(['C', 'E', 'P', 'Y']);

/** What the generated text finds in its environment. */
type Environment = Readonly<Record<(typeof arrayNames)[number], Int32Array | Uint32Array>> & { U(fault: number): number; O(): never };

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

/** What `translateText` needs, and no more: plain data, for a thread. */
export interface Text {
  readonly text: string;
  readonly arrays: ReadonlyMap<string, Words>;
  readonly locals: Locals;
  readonly pagesMost: number;
}

/** A text that was translated before there was a memory for it. */
export interface Ahead {
  readonly given: Text;
  readonly translated: Translated;
}

/** The text of generated code, and where its arrays will lie in a memory of its own. */
export function textOf(code: GeneratedCode): Text {
  const arrays = new Map<string, Words>();
  let at = 0;
  const take = (name: string, length: number): void => {
    arrays.set(name, { start: at, unsigned: unsigned.has(name) });
    at = behind(at, 4 * length);
  };
  arrayLengths(code).forEach((length, k) => {
    take(arrayNames[k] ?? '', length);
  });
  for (const name of choiceArrays) take(name, choicesMax);
  return { text: code.text, arrays, locals: localsOf(code), pagesMost: pagesMax };
}

/** Throws `NotInLanguage` on what the module cannot do. */
export function translateText({ text, arrays, locals, pagesMost }: Text): Translated {
  return translate(readModule(text, arrays, rangesIn(locals)), pagesMost);
}

/** Whether this is where everything lies after all. */
function fits({ given }: Ahead, arrays: ReadonlyMap<string, Words>, { pagesMost }: ModuleMemory): boolean {
  return given.pagesMost === pagesMost && [...arrays].every(([name, { start }]) => given.arrays.get(name)?.start === start);
}

/** The same as `emitWasm` of code that was generated already, be it for a system of its own, and translated, where it was. */
export function wasmOf(
  code: GeneratedCode,
  { pagesMost, part }: Pick<WasmOptions, 'pagesMost' | 'part'> = {},
  ahead: Ahead | null = null,
): CompiledSystem {
  return new WasmSystem(code, new ModuleHome(code, new ModuleMemory(pagesMost, part), ahead));
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
    private readonly ahead: Ahead | null,
  ) {}

  allocate(lengths: readonly number[]): Int32Array[] {
    const places = lengths.map((length) => ({ at: this.own.take(4 * length), length }));
    const { buffer } = this.own.memory;
    return places.map(({ at, length }) => new Int32Array(buffer, at, length));
  }

  make(environment: Environment): GeneratedModule {
    const { arrays, own } = this;
    for (const name of arrayNames) arrays.set(name, { start: environment[name].byteOffset, unsigned: unsigned.has(name) });
    for (const name of choiceArrays) arrays.set(name, { start: own.take(4 * choicesMax), unsigned: false });
    const given = this.ahead !== null && fits(this.ahead, arrays, own) ? this.ahead.translated : null;
    const translated = given ?? translateText({ text: this.code.text, arrays, locals: localsOf(this.code), pagesMost: own.pagesMost });
    this.exports = instantiate(translated, own, { U: environment.U, O: environment.O });
    return faceOf(this.exports, translated);
  }

  get free(): number {
    return this.own.free;
  }

  memory(): Int32Array {
    return this.own.words();
  }

  get most(): number {
    return this.own.pagesMost * pageBytes;
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

/** The module's functions as the runtime calls them. */
function faceOf(exports: Exports, { tests, blockers }: Translated): GeneratedModule {
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
    tests: tests.map(([process, resume, name]) => {
      const test = named(name);
      return [process, resume, (base: number) => test(base) !== 0];
    }),
    blockers: blockers.map(([process, resume, name]) => [process, resume, named(name)]),
    check: named('check'),
    reached: named('reached'),
    quiescent: (base) => quiescent(base) !== 0,
  };
}
