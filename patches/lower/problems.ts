/**
 * What a function of a patch uses and the model has not.
 */
import type { Position } from '../../compiler/ir/types.ts';

/** Something in a function that has no meaning in the model: its verdict is exit code 3. */
export interface Unmodelled {
  /** The name, or the construct, as the patch spells it. */
  readonly name: string;
  /** One clause that says why, e.g. `is no function of the model`. */
  readonly why: string;
  readonly pos: Position;
  /** First and last line of the statement that was left out for it, if it was one. */
  readonly statement?: { readonly from: number; readonly to: number };
}
/** Something that was left out because it has no effect that the model has. */
export interface Ignored {
  readonly name: string;
  readonly pos: Position;
}
/** A statement, or a condition, of which nothing was made since this machine never reaches it; another one may. */
export interface LeftOut {
  readonly file: string;
  /** Lines. */
  readonly first: number;
  readonly last: number;
  /** A patch adds a line of it. */
  readonly added: boolean;
}

/** How the name of something ends that was left out since the machine never reaches it. */
export const leftOutMark = '(never reached)';

/** Thrown inside the lowering of one statement, caught there. */
export class NotModelled extends Error {
  override readonly name = 'NotModelled';
  readonly what: Unmodelled;
  constructor(name: string, why: string, pos: Position) {
    // Thrown by the thousand and never shown: where it was thrown is no matter, and costs more than all else.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(`${name} ${why}`);
    Error.stackTraceLimit = limit;
    this.what = { name, why, pos };
  }
}
