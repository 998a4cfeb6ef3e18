/**
 * From a system description to something that can be searched.
 *
 * In: SystemDescription, options. Out: CompiledSystem. Never: a silent change of back end; what was asked for
 * runs, or an error says why not.
 */
import { emitJavaScript } from './emit/index.ts';
import { interpretProgram } from './interpret/interpret.ts';
import { buildProgram } from './program/build.ts';
import type { CompiledSystem, CompileOptions, SystemDescription } from './system.ts';
import { emitWasm } from './wasm/index.ts';

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
