/**
 * What a hunk is judged by.
 */
import type { Procedure } from '../../compiler/ir/types.ts';
import type { Bindings } from '../bindings/schema.ts';
import type { CParser } from '../c/parse.ts';
import type { Names } from '../lower/context.ts';
import type { LowerEnvironment } from '../lower/environment.ts';
import type { LoweredFunction } from '../lower/function.ts';

export interface ReportInput {
  readonly file: string;
  readonly names: Names;
  readonly bindings: Bindings;
  readonly parser: CParser;
  readonly environment: LowerEnvironment;
  /** Procedures of the surroundings, whole: what partial hunks may be left to. */
  readonly procedures: ReadonlyMap<string, Procedure>;
  /** Procedures of the base of the day, for what the patch removes; null if it is not known. */
  readonly base: ReadonlyMap<string, Procedure> | null;
  readonly functions: readonly LoweredFunction[];
}
