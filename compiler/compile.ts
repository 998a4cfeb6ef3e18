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

export function compileSystem(description: SystemDescription, options: CompileOptions = {}): CompiledSystem {
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
