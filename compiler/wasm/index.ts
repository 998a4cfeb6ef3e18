/**
 * WebAssembly: the generated code of a system as a module.
 *
 * In: system description, program graph, layout. Out: `emitWasm`. Never: a word of KVM, a word of search.
 */
export { NotInLanguage } from './tree.ts';
export { emitWasm, wasmOf } from './wasm.ts';
