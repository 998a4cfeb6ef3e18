/**
 * Trace files: read and rendered.
 *
 * In: a path, or a trace. Out: a trace, or text. Never: a search; a file beyond the published bounds.
 */
import { readTrace, renderJson, renderMail, renderText, type Trace, UnreadableTrace } from '../counterexamples/index.ts';
import { UnreadableInput } from './errors.ts';

export const traceFormats = ['text', 'mail', 'json'] as const;
export type TraceFormat = (typeof traceFormats)[number];

/** Throws `UnreadableInput` in one line, whatever the file is. */
export async function readTraceFile(file: string): Promise<Trace> {
  try {
    return await readTrace(file);
  } catch (error) {
    if (error instanceof UnreadableTrace) throw new UnreadableInput(error.message);
    throw error;
  }
}

/** `replay`: the command to print that shows it again. `sourceLines`: of the patch or tree that it is of, to quote from. */
export function renderTrace(
  trace: Trace,
  format: TraceFormat,
  replay: string,
  sourceLines: (file: string) => readonly string[] | undefined = () => undefined,
): string {
  if (format === 'json') return renderJson(trace);
  const options = { replayCommand: replay, sourceLines };
  return format === 'mail' ? renderMail(trace, options) : renderText(trace, options);
}
