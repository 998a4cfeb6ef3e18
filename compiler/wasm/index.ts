/**
 * WebAssembly: the generated code of a system as a module.
 *
 * In: system description, program graph, layout. Out: `emitWasm`. Never: a word of KVM, a word of search.
 */
export { type Translation, translateBeside, useTranslatorFile } from './ahead.ts';
export { NotInLanguage } from './tree.ts';
export type { Twin } from './twin.ts';
export { type Ahead, emitWasm, twinOf, wasmOf } from './wasm.ts';
