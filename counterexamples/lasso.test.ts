import { describe, expect, it } from 'vitest';
import { explore, goalOfId, type Path, shortestTrace } from '../explorer/index.ts';
import { compileToy, turns } from '../explorer/toys/index.ts';
import { RebuildMismatch, rebuildTrace } from './rebuild.ts';
import { renderMail } from './render/mail.ts';
import { renderText } from './render/text.ts';
import { replayTrace } from './replay.ts';
import type { Trace } from './schema.ts';

function systemOf(first: Parameters<typeof turns>[0]) {
  return compileToy(turns(first));
}

function lassoOf(first: Parameters<typeof turns>[0]): Path {
  const path = shortestTrace(explore(systemOf(first)), 'served');
  if (path === null) throw new Error('no lasso');
  return path;
}

function traceOf(first: Parameters<typeof turns>[0], path = lassoOf(first)): Trace {
  const system = systemOf(first);
  const finding = goalOfId(system, 'served');
  if (finding === null) throw new Error('no such property');
  return rebuildTrace({
    system,
    path,
    finding,
    about: {
      fingerprint: '',
      scenario: 'turns',
      era: '',
      variant: first,
      model: 'a toy',
      subsystem: '',
      bounds: { summary: '', values: {} },
      shortest: false,
      notModelled: [],
    },
  });
}

describe('the trace of a progress property', () => {
  it('marks where its loop begins and ends, in text and in a mail', () => {
    const trace = traceOf('hesitates');
    expect(trace.loopStart).not.toBeNull();
    for (const text of [renderText(trace), renderMail(trace)]) {
      expect(text).toContain('(the loop starts here)');
      expect(text).toContain(`[ again as from ${trace.loopStart} on, for ever ]`);
    }
  });

  it('has no loop where nobody goes on', () => {
    const trace = traceOf('givesUp');
    expect(trace.loopStart === null || trace.steps.length >= trace.loopStart).toBe(true);
    expect(replayTrace(trace, systemOf('givesUp')).stillViolates).toBe(true);
  });

  it('is replayed: the loop closes and is fair, on this system and not on one whose choice is fair', () => {
    const trace = traceOf('hesitates');
    expect(replayTrace(trace, systemOf('hesitates'))).toMatchObject({ stillViolates: true, firstDifference: null });
    const fair = replayTrace(trace, systemOf('hesitatesFairly'));
    expect(fair.stillViolates).toBe(false);
    expect(fair.firstDifference?.message).toMatch(/no fair loop any more: a choice that may not repeat/);
  });

  it('is refused if the loop is not one', () => {
    const path = lassoOf('hesitates');
    expect(() => traceOf('hesitates', { ...path, labels: path.labels.slice(0, -1) })).toThrow(RebuildMismatch);
    const { initial, labels } = path;
    expect(() => traceOf('hesitates', { initial, labels })).toThrow(RebuildMismatch);
  });
});
