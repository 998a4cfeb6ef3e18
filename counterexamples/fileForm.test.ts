import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compact } from './fileForm.ts';
import { parseTrace } from './read.ts';
import { renderJson } from './render/json.ts';
import { renderMail } from './render/mail.ts';
import { renderText } from './render/text.ts';
import { exampleTrace } from './testing/exampleTrace.ts';
import { randomTrace } from './testing/randomTrace.ts';

it('a file holds the whole trace', () => {
  fc.assert(
    fc.property(randomTrace(), (trace) => {
      expect(parseTrace(renderJson(trace), 'x')).toEqual(trace);
    }),
    { seed: 11, numRuns: 50 },
  );
});

it('compact leaves out nothing that a reader is shown', () => {
  let shorter = 0;
  fc.assert(
    fc.property(randomTrace(), (trace) => {
      const small = compact(trace);
      shorter += renderJson(small).length < renderJson(trace).length ? 1 : 0;
      expect(renderText(small)).toBe(renderText(trace));
      expect(renderMail(small)).toBe(renderMail(trace));
      expect(compact(small)).toEqual(small);
    }),
    { seed: 12, numRuns: 100 },
  );
  expect(shorter).toBeGreaterThan(20);
});

it('a file that names a position it does not have is refused', () => {
  const text = renderJson(exampleTrace())
    .replace('"statements": [', '"statements": [9999,')
    .replace('"statements":[', '"statements":[9999,');
  expect(() => parseTrace(text, 'x')).toThrow('x: not a trace: it names a position that it does not have');
});
