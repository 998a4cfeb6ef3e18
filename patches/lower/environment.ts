/**
 * What lowering is given: what it may know of the model, and texts of the tree.
 */
import type { MachineDescription, Position, Procedure, ScalarType } from '../../compiler/ir/types.ts';
import type { CNode } from '../c/node.ts';
import type { CType } from './values.ts';

/** A procedure as its callers see it; with a body, parameters that it does not read are known. */
export type ProcedureFace = Pick<Procedure, 'name' | 'params' | 'result'> & Partial<Pick<Procedure, 'body'>>;

/** What lowering knows of the model: plain data, no code. */
export interface LowerEnvironment {
  readonly machine: MachineDescription;
  readonly constants: ReadonlyMap<string, { readonly type: ScalarType; readonly value: number }>;
  /** Procedures of the surroundings that lowered code may call. */
  readonly procedures: ReadonlyMap<string, ProcedureFace>;
}

/** A function's interface as C has it. */
export interface Signature {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: CType; readonly spelled: string }[];
  readonly result: CType;
}

/** The text of a function, for callers that have to be given their own copy of it. */
export interface FunctionBody {
  readonly definition: CNode;
  readonly macros: ReadonlyMap<string, string>;
  position(node: CNode): Position;
}

/** A `#define`. `params` is null for one without parentheses. */
export interface MacroText {
  readonly params: readonly string[] | null;
  readonly body: string;
}

/** A structure as it is spelled: paths of its members with their types, arrays with how long they are. */
export interface RecordText {
  readonly members: readonly { readonly path: string; readonly spelled: string; readonly length: string | null }[];
}
