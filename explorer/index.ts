/**
 * The explorer: searches compiled systems.
 *
 * In: a CompiledSystem and limits. Out: a verdict for every property, counts, and a path to every state.
 * Never: a word of KVM, printing, or `holds` where something was cut.
 */
export * from './bench/index.ts';
export { replaceFile } from './checkpoint/file.ts';
export type { Keeping } from './checkpoint/keeper.ts';
export { CheckpointRefused } from './checkpoint/refused.ts';
export { explore, exploreAsync } from './explore.ts';
export { type Path, pathTo, replay, shortestTrace } from './graph.ts';
export { mostWorkers } from './parallel/helpers.ts';
export { wrongWithLoop } from './progress/verify.ts';
export { followUntil, meetsInState, type Step, stepsFrom } from './random/follow.ts';
export { type Goal, goalKey, goalOfId, goalsOfStep } from './random/goal.ts';
export { type HuntFinding, type HuntOptions, type HuntRequest, type HuntResult, hunt } from './random/hunt.ts';
export { decisionText, Renaming, type TableDecision, tablesToRename } from './reductions/renaming.ts';
export type * from './result.ts';
export { compileToy, counters, twoPhaseCommit } from './toys/index.ts';
