/**
 * Kernel trees: files, functions, and what of them the model can take.
 */

export { isWithin, type KernelVersion, type VersionSpan, versionOfDirectory, versionOfMakefile } from '../bindings/version.ts';
export { fileContents, type MacroDefinition, type TreeContents, type TreeFunction, treeContents } from './functions.ts';
export { changedTree, type KernelTree, readTree, treeOf } from './kernelTree.ts';
export { type ImportStatus, lowerContents, lowerTree, neverReached, type TreeImportFunction, type TreeSurroundings } from './lowerTree.ts';
