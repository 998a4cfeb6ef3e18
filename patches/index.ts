/**
 * From a stranger's text to procedures of the model: mails, diffs, C.
 *
 * In: the text of a mail, mbox or diff; bindings; what the model at hand has. Out: procedures in IR, constants, and
 * what became of each hunk. Never: code of the model; a name from the text anywhere but in data; a guess: what is not
 * understood is named with its line.
 */
export { type MailPiece, type Piece, patchWithout, piecesOfMail, piecesOfTree } from './ablation/index.ts';
export { bindingParts, bindingPartsWith, kvmBindings } from './bindings/index.ts';
export { type BindingPart, type Bindings, makeBindings } from './bindings/schema.ts';
export { erasOf, fits, sameInterface } from './judge/contracts.ts';
export type { HunkPart, HunkReport } from './judge/hunkReport.ts';
export { type Agreement, type Correspondence, sameBehaviour } from './judge/lockstep.ts';
export type { LoweredFunction } from './lower/function.ts';
export { type Ignored, type LeftOut, leftOutMark, type Unmodelled } from './lower/problems.ts';
export { otherNames } from './lower/procedureName.ts';
export { type LoweredPatch, lowerPatch, type Obstacle, type ReadPatch, readFunctions, readPatch, type Surroundings } from './lowerPatch.ts';
export type { Hunk, PatchText } from './mail/patchText.ts';
export { inputLimit, readInput, textOf } from './mail/readBytes.ts';
export { readSeries, type SeriesPatch } from './mail/series.ts';
export { UnreadableInput, type UnreadableReason } from './mail/unreadable.ts';
export { callingNames } from './source/callers.ts';
export { type CommitRange, gitRange, gitTree } from './source/gitTree.ts';
export { type LoweredTreePatch, lowerUnits } from './source/lowerUnits.ts';
export { type ReadTreePatch, readUnits } from './source/readUnits.ts';
export { patchTree, type TreePatch } from './source/treePatch.ts';
export * from './tree/index.ts';
