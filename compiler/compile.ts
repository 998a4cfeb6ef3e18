/**
 * From a system description to something that can be searched.
 *
 * In: SystemDescription, options. Out: CompiledSystem. Never: a silent change of back end where one was asked for; it
 * runs, or an error says why not.
 */
import { emitJavaScript, JavaScriptSystem } from './emit/index.ts';
import { interpretProgram } from './interpret/interpret.ts';
import { buildProgram } from './program/build.ts';
import type { CompiledSystem, CompileOptions, SystemDescription } from './system.ts';
import { emitWasm, NotInLanguage, wasmOf } from './wasm/index.ts';

/** What a system was compiled from: plain data, so that a thread can compile it once more. */
export interface Recipe {
  readonly description: SystemDescription;
  readonly options: CompileOptions;
}

const recipes = new WeakMap<CompiledSystem, Recipe>();

/** Undefined for a system that `compileSystem` did not make. */
export function recipeOf(system: CompiledSystem): Recipe | undefined {
  return recipes.get(system);
}

export function compileSystem(description: SystemDescription, options: CompileOptions = {}): CompiledSystem {
  const system = compiled(description, options);
  recipes.set(system, { description, options });
  return system;
}

const swift = new WeakMap<CompiledSystem, CompiledSystem | null>();

/**
 * The same system by a back end that takes longer to make it and runs it faster; null if a back end was asked for, or that one cannot. It
 * shares nothing with the other that changes: counters begin at 0, and faults are numbered anew.
 */
export function forLargeSearch(system: CompiledSystem): CompiledSystem | null {
  const known = swift.get(system);
  if (known !== undefined) return known;
  const recipe = recipes.get(system);
  const made =
    recipe === undefined || recipe.options.backEnd !== undefined || !(system instanceof JavaScriptSystem) ? null : inModule(system);
  if (made !== null && recipe !== undefined) recipes.set(made, { ...recipe, options: { ...recipe.options, backEnd: 'wasm' } });
  swift.set(system, made);
  return made;
}

/** Another one is made when it is asked for again: what is in the memory of the one that there was can go. */
export function forgetLargeSearch(system: CompiledSystem): void {
  swift.delete(system);
}

function inModule({ code }: JavaScriptSystem): CompiledSystem | null {
  try {
    return wasmOf(code);
  } catch (error) {
    // What the module cannot do, or has no memory for, the other goes on doing.
    if (error instanceof NotInLanguage || error instanceof RangeError) return null;
    throw error;
  }
}

function compiled(description: SystemDescription, options: CompileOptions): CompiledSystem {
  const built = buildProgram(description, options);
  switch (options.backEnd ?? 'javascript') {
    case 'javascript':
      return emitJavaScript(built.description, built.program, built.layout);
    case 'wasm':
      return emitWasm(built.description, built.program, built.layout);
    case 'interpreter':
      return interpretProgram(built.description, built.program, built.layout);
  }
}
