/** All verbs, in the order of `--help`. */
import type { Verb } from '../verb.ts';
import { traceVerb } from './trace.ts';

export const verbs: readonly Verb[] = [traceVerb];
