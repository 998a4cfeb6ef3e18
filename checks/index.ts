/**
 * What a run is: scenario × variant × property, base against patched, and the verdicts that come out.
 *
 * In: names, presets, limits; the bytes of a patch or a trace. Out: reports (`results.ts`), each with a
 * published schema. Never: printing, exit codes, arguments: those are `scripts/`.
 */

export { packageRoot } from '../compiler/packageRoot.ts';
export type { Trace } from '../counterexamples/index.ts';
export { escapeText, traceJsonSchema } from '../counterexamples/index.ts';
export { mostWorkers } from '../explorer/index.ts';
export { type BenchReport, type BenchRequest, runBench } from './bench.ts';
export { compareWorkers, type WorkersComparison, workersSubjects } from './benchWorkers.ts';
export { type Asked, type CheckpointRequest, readAsked } from './checkFolder.ts';
export { type CompareRequest, compareVariants } from './compareVariants.ts';
export { type ConformProgress, conformTree } from './conform/conformTree.ts';
export { usualLimits } from './conform/limits.ts';
export { type ConformReport, conformReportSchema } from './conform/report.ts';
export { corpusReadme, replayCorpus, writeCorpus } from './corpus.ts';
export { UnreadableInput, unknownName, WrongUse } from './errors.ts';
export { FuzzFailure, type FuzzReport, type FuzzRequest, runFuzz } from './fuzz/runFuzz.ts';
export { fuzzCorpus } from './fuzz/texts.ts';
export { type HuntAnswer, type HuntRequest, runHunt } from './hunt.ts';
export { explain, listModel } from './listModel.ts';
export {
  type JudgedMutant,
  type MutantsRequest,
  type MutantVerdict,
  type MutationRecord,
  mutantsPage,
  nameOf,
  readMutationRecord,
  recordAgain,
  recordOf,
  recordWith,
  runMutants,
  writeMutationRecord,
} from './mutation/index.ts';
export type { EarlyViolation } from './patch/judgement.ts';
export { judgePatch, type PatchAnswer, type PatchRequest } from './patch/judgePatch.ts';
export { judgeTree, type TreePatchRequest } from './patch/judgeTree.ts';
export { holdsPatch, type PatchAsked, PatchFolder, readPatchAsked } from './patch/patchFolder.ts';
export type { SourceLines } from './patch/sourceLines.ts';
export { procedurePage } from './procedurePage.ts';
export { propertyPages } from './propertyPages.ts';
export { recordStates } from './recordedStates.ts';
export { disagreementsOf, reductionsPage } from './reductions/page.ts';
export { type Tried, wayName } from './reductions/tryWay.ts';
export { tryWays } from './reductions/tryWays.ts';
export type { JudgedEdit } from './regression/judgeEdit.ts';
export { type RegressRequest, runEdits } from './regression/runEdits.ts';
export { patchOf, type ReplayOptions, replay } from './replayTrace.ts';
export * from './results.ts';
export { type CheckAnswer, type CheckProgress, type CheckRequest, runCheck } from './runCheck.ts';
export { runScale, type ScaleReport, type ScaleRequest, scalePlot, scaleReportSchema } from './scale/report.ts';
export { type Measured, rateOf } from './secondOpinion/aims.ts';
export { type ExportReport, exportPromela, exportReportSchema, spinCommands } from './secondOpinion/exportModel.ts';
export type { Figures } from './secondOpinion/figures.ts';
export { compareWithSpin, type SpinComparison, spinWaysOfComparison } from './secondOpinion/measure.ts';
export { measureAll } from './secondOpinion/measureAll.ts';
export { measuredText, withMeasured } from './secondOpinion/performancePage.ts';
export { spinInstalled } from './secondOpinion/spin.ts';
export { usualSubjects } from './secondOpinion/subjects.ts';
export { presetNames, scenarioIds, selectRuns } from './select.ts';
export { type ModelRequest, showModel } from './showModel.ts';
export { readTraceFile, renderTrace, type TraceFormat, traceFormats } from './traces.ts';
export { coverageTables, spans } from './tree/coverageTables.ts';
export { type DescribedRow, describedCounts, describedFunctions, describedRows, describedTable } from './tree/described.ts';
export { checkTree, type TreeCheckRequest } from './tree/treeCheck.ts';
export { type TreeCheckReport, type TreeVerdict, treeCheckReportSchema } from './tree/treeCheckReport.ts';
export { type TreeReport, type TreeRequest, treeReport, treeReportSchema } from './tree/treeReport.ts';
export { verdictPage } from './verdictPage.ts';
export { version } from './version.ts';
export { worstText } from './worstText.ts';
