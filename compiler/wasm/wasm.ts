/**
 * The WebAssembly back end: the generated code of a system as one module over one memory.
 *
 * In: description, program, layout. Out: a `CompiledSystem` whose steps, checks and queries run in the module.
 * Never: meaning of its own; what a statement does is written once, in `compiler/emit`, for both back ends.
 */

import type { SystemDescription } from '../description.ts';
import {
  arrayLengths,
  arrayNames,
  type EmitOptions,
  type Frame,
  frameOf,
  type GeneratedCode,
  type GeneratedModule,
  GeneratedSystem,
  generate,
  type Home,
} from '../emit/index.ts';
import type { Layout } from '../machine/layout.ts';
import type { Program } from '../program/types.ts';
import type { CompiledSystem, NativeCode } from '../system.ts';
import { type Exports, pageBytes, pagesMax } from './host.ts';
import { exportOf, instantiate, link, type Translated, translate } from './link.ts';
import { type Locals, localsOf, rangesIn } from './locals.ts';
import { behind, ModuleMemory } from './memory.ts';
import { readModule } from './read.ts';
import type { Words } from './tree.ts';
import type { Twin } from './twin.ts';

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

/** Where arrays lie, from the first byte of a part of a memory on. Generated code is given states by their place in all memory, so `M` is all of it. */
class Places {
  readonly arrays = new Map<string, Words>([['M', { start: 0, unsigned: false }]]);

  put(name: string, start: number): void {
    if (name !== 'M') this.arrays.set(name, { start, unsigned: unsigned.has(name), own: true });
  }
}

/** The text of generated code, and where its arrays will lie in a memory of its own. */
export function textOf(code: GeneratedCode): Text {
  const places = new Places();
  let at = 0;
  const take = (name: string, length: number): void => {
    places.put(name, at);
    at = behind(at, 4 * length);
  };
  arrayLengths(frameOf(code)).forEach((length, k) => {
    take(arrayNames[k] ?? '', length);
  });
  for (const name of choiceArrays) take(name, choicesMax);
  return { text: code.text, arrays: places.arrays, locals: localsOf(code), pagesMost: pagesMax };
}

/** Throws `NotInLanguage` on what the module cannot do. */
export function translateText({ text, arrays, locals, pagesMost }: Text): Translated {
  return translate(readModule(text, arrays, rangesIn(locals)), pagesMost);
}

type Known = Pick<Twin, 'arrays' | 'translated' | 'pagesMost'>;

/** Whether this is where everything lies after all. */
function fits(known: Known, arrays: ReadonlyMap<string, Words>, { pagesMost }: ModuleMemory): boolean {
  return known.pagesMost === pagesMost && [...arrays].every(([name, { start }]) => known.arrays.get(name)?.start === start);
}

/** The same as `emitWasm` of code that was generated already, be it for a system of its own, and translated, where it was. */
export function wasmOf(
  code: GeneratedCode,
  { pagesMost }: Pick<WasmOptions, 'pagesMost'> = {},
  ahead: Ahead | null = null,
): CompiledSystem {
  const memory = new ModuleMemory(pagesMost);
  const home = new ModuleHome(frameOf(code), memory, (arrays) => {
    const known = ahead === null ? null : { ...ahead.given, translated: ahead.translated };
    if (known !== null && fits(known, arrays, memory)) return known.translated;
    return translateText({ text: code.text, arrays, locals: localsOf(code), pagesMost: memory.pagesMost });
  });
  return new WasmSystem(home);
}

/**
 * The same system once more, over the same memory: from byte `from` on, a multiple of 64, it takes as many bytes as the other takes from 0 on. They are zero, and
 * there is room for them.
 */
export function twinOf(twin: Twin, from: number): CompiledSystem {
  const memory = new ModuleMemory(twin.pagesMost, { memory: twin.memory, from });
  const home = new ModuleHome(twin.frame, memory, (arrays) => {
    if (!fits(twin, arrays, memory)) throw new Error('arrays of a twin lie in other places');
    return twin.translated;
  });
  return new WasmSystem(home);
}

class WasmSystem extends GeneratedSystem {
  constructor(private readonly home: ModuleHome) {
    super(home.frame, (environment) => home.make(environment as Environment), home);
  }

  get native(): NativeCode {
    return this.home;
  }
}

/** The memory of one system and the module in it. */
class ModuleHome implements Home, NativeCode {
  readonly backEnd = 'wasm';
  private exports: Exports = {};
  private readonly places = new Places();
  private translated: Translated | null = null;

  constructor(
    readonly frame: Frame,
    private readonly own: ModuleMemory,
    /** Throws `NotInLanguage` on what the module cannot do. */
    private readonly translate: (arrays: ReadonlyMap<string, Words>) => Translated,
  ) {}

  allocate(lengths: readonly number[]): Int32Array[] {
    const places = lengths.map((length) => ({ at: this.own.take(4 * length), length }));
    const { buffer } = this.own.memory;
    return places.map(({ at, length }) => new Int32Array(buffer, at, length));
  }

  make(environment: Environment): GeneratedModule {
    const { places, own } = this;
    for (const name of arrayNames) places.put(name, environment[name].byteOffset - own.from);
    for (const name of choiceArrays) places.put(name, own.take(4 * choicesMax) - own.from);
    const translated = this.translate(places.arrays);
    this.translated = translated;
    this.exports = instantiate(translated, own, { U: environment.U, O: environment.O });
    return faceOf(this.exports, translated, environment.M.byteOffset / 4);
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

  get twin(): Twin {
    const { frame, translated, places, own } = this;
    if (translated === null) throw new Error('a system that is not made yet');
    return { frame, arrays: places.arrays, translated, memory: own.memory, pagesMost: own.pagesMost };
  }

  grow(bytes: number): boolean {
    return this.own.grow(bytes);
  }

  link(text: string, given: ReadonlyMap<string, number>): ReturnType<NativeCode['link']> {
    const { places, own } = this;
    const known = new Map([...given].map(([name, start]): [string, Words] => [name, { start, unsigned: false }]));
    known.set('M', { start: own.from, unsigned: false });
    for (const name of ['L', 'T', 'V']) known.set(name, { start: own.from + (places.arrays.get(name) as Words).start, unsigned: false });
    return link(text, known, own, this.exports);
  }
}

/** The module's functions as the runtime calls them, which counts words from the beginning of its buffer, word `at` of the memory. */
function faceOf(exports: Exports, { tests, blockers }: Translated, at: number): GeneratedModule {
  const named = (name: string) => exportOf(exports, name);
  const [expand, replay, advance] = [named('expand'), named('replay'), named('advance')];
  const asked = (name: string) => {
    const ask = named(name);
    return (base: number) => ask(base + at);
  };
  const quiescent = asked('quiescent');
  return {
    expand: (base, out) => expand(base + at, out + at),
    replay: (process, region, code, base) => replay(process, region, code, base + at),
    prologue: asked('prologue'),
    start: named('start'),
    advance: () => advance() !== 0,
    code: named('code'),
    fault: named('fault'),
    violated: named('violated'),
    tests: tests.map(([process, resume, name]) => {
      const test = asked(name);
      return [process, resume, (base: number) => test(base) !== 0];
    }),
    blockers: blockers.map(([process, resume, name]) => [process, resume, asked(name)]),
    check: asked('check'),
    reached: named('reached'),
    quiescent: (base) => quiescent(base) !== 0,
  };
}
