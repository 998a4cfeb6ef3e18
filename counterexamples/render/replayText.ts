/**
 * What a replay found, in a few lines.
 */
import type { ReplayResult } from '../replay.ts';
import type { Trace } from '../schema.ts';
import { escapeText, wrap } from './ascii.ts';
import { propertyTitle } from './sections.ts';
import { defaultWidth } from './text.ts';

/** Ends with a newline. */
export function renderReplay(trace: Trace, result: ReplayResult, width = defaultWidth): string {
  const { stillViolates, violatingStep, sameModel, stepsTaken, firstDifference } = result;
  const title = escapeText(propertyTitle(trace), 120);
  const verdict = stillViolates ? `still violates ${title}, at step ${violatingStep}` : `does not violate ${title} any more`;
  const lines = [
    verdict,
    `steps taken: ${stepsTaken} of ${trace.steps.length}`,
    sameModel === null
      ? 'model: one side has no fingerprint, so nothing is known'
      : sameModel
        ? 'model: the one that the trace was made with'
        : 'model: changed since the trace was made',
  ];
  if (firstDifference !== null) {
    lines.push(
      `first difference: ${firstDifference.step === 0 ? 'before the first step' : `step ${firstDifference.step}`}: ${escapeText(firstDifference.message, 400)}`,
    );
  }
  return `${lines.flatMap((line) => wrap(line, width, 2)).join('\n')}\n`;
}
