/**
 * The compiler: from a described system to one that can be searched.
 *
 * In: subset text, IR, machine schemas. Out: compiled systems, traces of steps, printed IR.
 * Never: a word of KVM; a search.
 */
export { compileSystem, forgetLargeSearch, forLargeSearch, prepareLargeSearch, type Recipe, recipeOf } from './compile.ts';
export * from './description.ts';
export type * from './faults.ts';
export type * from './interpret/events.ts';
export { predicateEvents, type Stand, standOf } from './interpret/explain.ts';
export { interpretProgram, type TracingSystem } from './interpret/interpret.ts';
export {
  type Answer,
  copyOf,
  isLock,
  LoneCalls,
  type LoneEnd,
  type LoneLimits,
  type LoneRun,
  type LoneRuns,
} from './interpret/loneCalls.ts';
export { CallWatcher, type WatchedCall } from './interpret/watchCalls.ts';
export { binary as foldedBinary, unary as foldedUnary, wrapExact } from './ir/fold.ts';
export { withIds } from './ir/ids.ts';
export { type PrintOptions, printProcedure, printProcedures } from './ir/print.ts';
export * from './ir/types.ts';
export { assertValid } from './ir/validate.ts';
export * from './ir/walk.ts';
export type { Column } from './machine/layout.ts';
export { type CellState, decodeMachine, type LockState, type MachineState, readElement, zeroCell } from './machine/packing.ts';
export { type Access, overlapping } from './program/accesses.ts';
export { type Atom, isLockAtom, type LockAtom, lockAtomOf, strongFieldsOf } from './program/atoms.ts';
export { type StatementCount, settledCoverage, statementCounts } from './program/coverage.ts';
export { Futures, type Held, type Stack } from './program/futures.ts';
export type { KnownStack } from './program/knownPlaces.ts';
export { type KnownStep, KnownSteps } from './program/knownSteps.ts';
export type { ResumePoint, Spec } from './program/types.ts';
export { type PromelaModel, promelaOf } from './promela/index.ts';
export { compileAtScale, type ScaleOptions, type ScaleSystem } from './scale/compile.ts';
export { ScaleFault } from './scale/fault.ts';
export type { ScaleMemory } from './scale/memory.ts';
export { parseSubset, parseSubsetOrThrow, type SubsetEnvironment, type SubsetFile, type SubsetResult } from './subset/parse.ts';
export { formatRefusal, type Refusal, RefusalError } from './subset/refusal.ts';
export * from './system.ts';
export { type Twin, twinOf } from './wasm/index.ts';
