/**
 * What ends a run at true scale.
 *
 * In: nothing. Out: `ScaleFault`. Never: a verdict.
 */

/** The kernel would have crashed, warned or waited for ever, or the machine is too small. The stack names the procedures. */
export class ScaleFault extends Error {
  override readonly name = 'ScaleFault';
}

/** As an expression. */
export function fault(message: string): never {
  throw new ScaleFault(message);
}
