/**
 * The back ends: from a specialised program to a system that runs fast.
 *
 * In: system description, program graph, layout. Out: `emitJavaScript`. Never: a name of the model in generated text,
 * a word of KVM, a word of search.
 */

export type { Frame } from './frame.ts';
export { type EmitOptions, emitJavaScript, frameOf, type GeneratedCode, generate, JavaScriptSystem } from './javascript.ts';
export { arrayLengths, arrayNames, type GeneratedModule, GeneratedSystem, type Home } from './runtime.ts';
export { intervalOf } from './values.ts';
