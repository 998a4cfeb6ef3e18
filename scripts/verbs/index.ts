/** All verbs, in the order of `--help`. */
import type { Verb } from '../verb.ts';
import { checkVerb } from './check.ts';
import { checkTreeVerb } from './checkTree.ts';
import { compareVerb } from './compare.ts';
import { conformVerb } from './conform.ts';
import { explainVerb } from './explain.ts';
import { exportVerb } from './export.ts';
import { huntVerb } from './hunt.ts';
import { listVerb } from './list.ts';
import { modelVerb } from './model.ts';
import { patchVerb } from './patch.ts';
import { replayVerb } from './replay.ts';
import { resumeVerb } from './resume.ts';
import { scaleVerb } from './scale.ts';
import { traceVerb } from './trace.ts';
import { treeVerb } from './tree.ts';

export const verbs: readonly Verb[] = [
  checkVerb,
  resumeVerb,
  patchVerb,
  treeVerb,
  conformVerb,
  checkTreeVerb,
  traceVerb,
  replayVerb,
  compareVerb,
  huntVerb,
  listVerb,
  explainVerb,
  modelVerb,
  exportVerb,
  scaleVerb,
];
