/**
 * The text form: what broke, in which model, by which interleaving, why, what the tables looked like,
 * which lines of the patch, what was left out. Printable ASCII, at most `width` columns, same trace same bytes.
 */
import type { Trace } from '../schema.ts';
import { lanes } from './lanes.ts';
import { header, notModelled, parting, patchLines, picture, type RenderOptions, statement, why } from './sections.ts';

export const defaultWidth = 72;
const narrowest = 60;

/** Ends with a newline. Throws RangeError below 60 columns. */
export function renderText(trace: Trace, options: RenderOptions = {}): string {
  return `${reportLines(trace, options).join('\n')}\n`;
}

export function reportLines(trace: Trace, options: RenderOptions): string[] {
  const width = options.width ?? defaultWidth;
  if (!(width >= narrowest)) throw new RangeError(`a trace needs ${narrowest} columns or more, not ${width}`);
  const blocks = [
    header(trace, width, options.replayCommand),
    statement(trace, width),
    lanes(trace, width),
    why(trace, width),
    parting(trace, width),
    picture(trace, width),
    patchLines(trace, width, options.sourceLines),
    notModelled(trace, width),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, k) => (k === 0 ? block : ['', ...block]));
}
