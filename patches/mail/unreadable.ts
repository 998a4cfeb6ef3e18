/**
 * What a patch file can be wrong about. One line for a person, no stack trace: the command line turns
 * it into exit code 65.
 */

/** Why a file was refused, for tests and for `--json`. */
export type UnreadableReason =
  | 'missing'
  | 'too-large'
  | 'binary'
  | 'encoded'
  | 'no-diff'
  | 'truncated'
  | 'damaged'
  | 'ambiguous'
  | 'does-not-apply'
  | 'c-syntax';

/** The input is not something that a patch can be read from. `message` names file, line and what to do. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';
  readonly reason: UnreadableReason;
  readonly file: string;
  /** Counted from 1; null if the file as a whole is meant. */
  readonly line: number | null;

  constructor(reason: UnreadableReason, file: string, line: number | null, what: string) {
    super(`${printable(file)}${line === null ? '' : `:${line}`}: ${what}`);
    this.reason = reason;
    this.file = file;
    this.line = line;
  }
}

/** A stranger's text in one line of a message: control characters shown as `?`, long ones cut. */
export function printable(text: string, limit = 120): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}...` : text;
  return cut.replace(/[^\x20-\x7e]/g, '?');
}
