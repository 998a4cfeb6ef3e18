/** All verbs, in the order of `--help`. */
import type { Verb } from '../verb.ts';
import { checkVerb } from './check.ts';
import { traceVerb } from './trace.ts';

export const verbs: readonly Verb[] = [checkVerb, traceVerb];
