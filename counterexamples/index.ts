/**
 * Counterexamples: what a violation is to a reader, a file, a mail.
 *
 * In: paths that a search or a hunt found, kept traces, a model's naming. Out: traces, their text, mail and JSON
 * forms, replays. Never: a search of its own, a word of KVM, a rendering that needs more than the trace.
 */
export { type Comparison, comparePaths, type Deed, type Pair, type Parting, whyTheyPart } from './compare/index.ts';
export { type KeptTrace, readCorpus, replayCorpus, type SystemFactory } from './corpus.ts';
export { compact } from './fileForm.ts';
export { minimise } from './minimise.ts';
export { createNames } from './names.ts';
export type { Names, Naming, PictureLine, StateView, ValueSpelling } from './naming.ts';
export { parseTrace, readTrace, UnreadableTrace } from './read.ts';
export { type About, type RebuildInput, RebuildMismatch, rebuildTrace } from './rebuild.ts';
export { escapeText } from './render/ascii.ts';
export { renderJson } from './render/json.ts';
export { renderMail } from './render/mail.ts';
export { renderReplay } from './render/replayText.ts';
export type { RenderOptions } from './render/sections.ts';
export { defaultWidth, renderText } from './render/text.ts';
export { type Difference, type ReplayResult, replayTrace } from './replay.ts';
export { type Trace, traceJsonSchema, traceLimits, traceSchema, traceVersion } from './schema.ts';
export { traceCells } from './view.ts';
