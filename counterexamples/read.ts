/**
 * Reading a trace that somebody else wrote: bounded, validated, and refused in one clear line.
 */
import { open } from 'node:fs/promises';
import { fromFile } from './fileForm.ts';
import { escapeText } from './render/ascii.ts';
import { type Trace, traceFileSchema, traceLimits, traceSchema, traceVersion } from './schema.ts';

/** A text is no trace. The message is one line that names the source, safe to print. */
export class UnreadableTrace extends Error {
  override readonly name = 'UnreadableTrace';
}

/** `source` names the text in messages. Throws `UnreadableTrace`. */
export function parseTrace(text: string, source: string): Trace {
  if (text.length > traceLimits.fileBytes) throw unreadable(source, `larger than ${traceLimits.fileBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(source, 'not JSON');
  }
  const version = versionOf(value);
  if (version === undefined || typeof value !== 'object' || value === null)
    throw unreadable(source, 'JSON, but no trace: it has no "version"');
  if (version !== traceVersion) throw unreadable(source, `trace format ${version}, and this is mmucheck for format ${traceVersion}`);
  const trace = shapeOf(value, source);
  const complaint = inconsistency(trace);
  if (complaint !== null) throw unreadable(source, complaint);
  return trace;
}

/** The form of files, or, out of the report of a verb, the one with a position in every row. */
function shapeOf(value: object, source: string): Trace {
  const parsed = 'positions' in value ? traceFileSchema.safeParse(value) : traceSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
    throw unreadable(source, `not a trace${where}: ${issue?.message ?? 'invalid'}`);
  }
  if (!('positions' in parsed.data)) return parsed.data;
  const trace = fromFile(parsed.data);
  if (trace === null) throw unreadable(source, 'not a trace: it names a position that it does not have');
  return trace;
}

/** Reads at most the allowed size, whatever the file claims to be. Throws `UnreadableTrace`. */
export async function readTrace(file: string): Promise<Trace> {
  let bytes: Buffer;
  try {
    const handle = await open(file, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw unreadable(file, 'not a file');
      if (stat.size > traceLimits.fileBytes) throw unreadable(file, `larger than ${traceLimits.fileBytes} bytes`);
      bytes = await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UnreadableTrace) throw error;
    throw unreadable(file, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  return parseTrace(bytes.toString('utf8'), file);
}

function unreadable(source: string, reason: string): UnreadableTrace {
  return new UnreadableTrace(escapeText(`${source}: ${reason}`, 300));
}

function versionOf(value: unknown): string | number | undefined {
  if (typeof value !== 'object' || value === null || !('version' in value)) return undefined;
  return typeof value.version === 'number' ? value.version : String(value.version).slice(0, 20);
}

/** What the shape alone does not say. */
function inconsistency(trace: Trace): string | null {
  for (const [index, step] of trace.steps.entries()) {
    if (step.number !== index + 1) return `not a trace: step ${index + 1} has number ${step.number}`;
    if (trace.processes[step.process] === undefined)
      return `not a trace: step ${step.number} is of process ${step.process}, which does not exist`;
  }
  const { step, row } = trace.violation;
  if (step > trace.steps.length) return `not a trace: step ${step} is to violate, but there are ${trace.steps.length}`;
  if (row !== null && trace.steps[step - 1]?.rows[row] === undefined) return `not a trace: row ${row} of step ${step} does not exist`;
  if (trace.loopStart !== null && trace.loopStart > trace.steps.length) return `not a trace: its loop starts at step ${trace.loopStart}`;
  return null;
}
