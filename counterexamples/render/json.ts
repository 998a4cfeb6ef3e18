/**
 * The JSON form: the trace itself, as published in `docs/schemas/trace.json`.
 */
import { type Trace, traceSchema } from '../schema.ts';

/** Ends with a newline. Throws ZodError if the trace exceeds its own schema: a bug of whoever made it. */
export function renderJson(trace: Trace): string {
  return `${JSON.stringify(traceSchema.parse(trace), null, 1)}\n`;
}
