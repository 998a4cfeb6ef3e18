/**
 * Trace files: read and rendered.
 *
 * In: a path, or a trace. Out: a trace, or text. Never: a search; a file beyond the published bounds.
 */
import { readTrace, renderMail, renderText, type Trace, UnreadableTrace } from '../counterexamples/index.ts';
import { UnreadableInput } from './errors.ts';

export const traceFormats = ['text', 'mail'] as const;
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

/** `replay`: the command to print that shows it again. */
export function renderTrace(trace: Trace, format: TraceFormat, replay: string): string {
  const options = { replayCommand: replay };
  return format === 'mail' ? renderMail(trace, options) : renderText(trace, options);
}
