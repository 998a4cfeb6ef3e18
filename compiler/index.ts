/**
 * The compiler: from a described system to one that can be searched.
 *
 * In: subset text, IR, machine schemas. Out: compiled systems, traces of steps, printed IR.
 * Never: a word of KVM; a search.
 */
export { compileSystem } from './compile.ts';
export * from './ir/types.ts';
export * from './system.ts';
