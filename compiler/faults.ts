/**
 * In which ways a path can end in a fault.
 */
import type { Position } from './ir/types.ts';

/** Why a path ended, or what ended the whole run's claim to completeness. */
export type FaultKind =
  /** Violations: what the kernel itself would see. */
  | 'nullDereference'
  | 'useAfterFree'
  | 'badIndex'
  | 'doubleFree'
  | 'listCorruption'
  | 'notHeld'
  | 'selfDeadlock'
  | 'underflow'
  | 'divisionByZero'
  | 'bug'
  /** A bound of the model: the run is incomplete. */
  | 'bound';
export interface Fault {
  readonly kind: FaultKind;
  /** What happened; of a bound, which one: it is read as `bound … exceeded`. */
  readonly message: string;
  readonly position: Position;
  readonly statement: string;
}
