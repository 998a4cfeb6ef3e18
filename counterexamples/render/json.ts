/**
 * The JSON form: the trace itself, as published in `docs/schemas/trace.json`, a row a line.
 */
import { toFile } from '../fileForm.ts';
import { type Trace, traceFileSchema } from '../schema.ts';

/** Ends with a newline. Throws ZodError if the trace exceeds its own schema: a bug of whoever made it. */
export function renderJson(trace: Trace): string {
  return `${layOut(traceFileSchema.parse(toFile(trace)), '')}\n`;
}

/** What fits on such a line stays on it, so that a kept trace can be read and compared line by line. */
const lineMax = 320;

function layOut(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || line.length <= lineMax) return line;
  const inner = `${indent} `;
  const parts = Array.isArray(value)
    ? value.map((element) => layOut(element, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => `${JSON.stringify(key)}: ${layOut(member, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}
