import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrace, readTrace, UnreadableTrace } from './read.ts';
import { traceJsonSchema, traceLimits, traceSchema } from './schema.ts';
import { exampleTrace } from './testing/exampleTrace.ts';
import { randomTrace } from './testing/randomTrace.ts';

describe('the schema of a trace', () => {
  it('is published in docs/schemas/trace.json', async () => {
    // After a change: npx vitest run counterexamples/schema -u
    await expect(`${JSON.stringify(traceJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../docs/schemas/trace.json');
  });

  it('accepts random traces of its shape', () => {
    fc.assert(
      fc.property(randomTrace(), (trace) => {
        expect(traceSchema.safeParse(trace).error).toBeUndefined();
      }),
      { seed: 7, numRuns: 50 },
    );
  });
});

describe('reading a trace', () => {
  const refusal = (text: string): string => {
    try {
      parseTrace(text, 'file.json');
    } catch (error) {
      if (error instanceof UnreadableTrace) return error.message;
      throw error;
    }
    throw new Error('was accepted');
  };
  const changed = (change: (trace: ReturnType<typeof exampleTrace>) => void): string => {
    const trace = exampleTrace();
    change(trace);
    return JSON.stringify(trace);
  };

  it('gives the trace', () => {
    expect(parseTrace(JSON.stringify(exampleTrace()), 'x')).toEqual(exampleTrace());
  });

  it('says in one line what is wrong', () => {
    expect([
      refusal('\0\u0001'),
      refusal('{}'),
      refusal('[]'),
      refusal('{"version": 99}'),
      refusal('{"version": 1}'),
      refusal(changed((trace) => Object.assign(trace, { extra: 1 }))),
      refusal(changed((trace) => Object.assign(trace.steps[2] ?? {}, { number: 9 }))),
      refusal(changed((trace) => Object.assign(trace.steps[2] ?? {}, { process: 3 }))),
      refusal(changed((trace) => Object.assign(trace.violation, { row: 77 }))),
      refusal(changed((trace) => Object.assign(trace.violation, { step: 77 }))),
      refusal(changed((trace) => Object.assign(trace, { scenario: 'x'.repeat(traceLimits.name + 1) }))),
    ]).toMatchInlineSnapshot(`
      [
        "file.json: not JSON",
        "file.json: JSON, but no trace: it has no "version"",
        "file.json: JSON, but no trace: it has no "version"",
        "file.json: trace format 99, and this is mmucheck for format 1",
        "file.json: not a trace at fingerprint: Invalid input: expected string, received undefined",
        "file.json: not a trace: Unrecognized key: "extra"",
        "file.json: not a trace: step 3 has number 9",
        "file.json: not a trace: step 3 is of process 3, which does not exist",
        "file.json: not a trace: row 77 of step 7 does not exist",
        "file.json: not a trace: step 77 is to violate, but there are 7",
        "file.json: not a trace at scenario: Too big: expected string to have <=200 characters",
      ]
    `);
  });

  it('neutralises what the file put into the message', () => {
    const text = JSON.stringify({ version: '\u001b[2J\nevil' });
    expect(refusal(text)).toMatch(/^[\x20-\x7e]{1,300}$/);
  });

  it('refuses what is too large, missing, or no file', async () => {
    expect(refusal(' '.repeat(traceLimits.fileBytes + 1))).toMatch(/larger than/);
    const folder = await mkdtemp(join(tmpdir(), 'trace-'));
    await expect(readTrace(join(folder, 'none.json'))).rejects.toThrow(/none\.json: cannot be read \(ENOENT\)$/);
    await expect(readTrace(folder)).rejects.toThrow(UnreadableTrace);
    await writeFile(join(folder, 'good.json'), JSON.stringify(exampleTrace()));
    await expect(readTrace(join(folder, 'good.json'))).resolves.toEqual(exampleTrace());
  });
});
