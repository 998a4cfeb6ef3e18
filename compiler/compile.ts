/**
 * From a system description to something that can be searched.
 *
 * In: SystemDescription, options. Out: CompiledSystem. Never: a silent change of back end where one was asked for; it
 * runs, or an error says why not.
 */

import type { SystemDescription } from './description.ts';
import { emitJavaScript, type GeneratedCode, JavaScriptSystem } from './emit/index.ts';
import { interpretProgram } from './interpret/interpret.ts';
import { buildProgram } from './program/build.ts';
import type { CompiledSystem, CompileOptions } from './system.ts';
import { type Ahead, emitWasm, NotInLanguage, type Translation, translateBeside, wasmOf } from './wasm/index.ts';

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
 * shares nothing with the other that changes: counters begin at 0, and faults are numbered anew. `ahead`: what a thread has done of it.
 */
export function forLargeSearch(system: CompiledSystem, ahead: Ahead | null = null): CompiledSystem | null {
  const known = swift.get(system);
  if (known !== undefined) return known;
  const code = codeForLarge(system);
  const made = code === null ? null : inModule(code, ahead);
  swift.set(system, made);
  return made;
}

/**
 * Begins in a thread most of what `forLargeSearch` has to do, which can be given the outcome. Null where that would give null, or
 * has nothing to do any more, or threads cannot help.
 */
export function prepareLargeSearch(system: CompiledSystem): Translation | null {
  const code = swift.has(system) ? null : codeForLarge(system);
  return code === null ? null : translateBeside(code);
}

function codeForLarge(system: CompiledSystem): GeneratedCode | null {
  const recipe = recipes.get(system);
  return recipe === undefined || recipe.options.backEnd !== undefined || !(system instanceof JavaScriptSystem) ? null : system.code;
}

/** Another one is made when it is asked for again: what is in the memory of the one that there was can go. */
export function forgetLargeSearch(system: CompiledSystem): void {
  swift.delete(system);
}

function inModule(code: GeneratedCode, ahead: Ahead | null): CompiledSystem | null {
  try {
    return wasmOf(code, {}, ahead);
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
