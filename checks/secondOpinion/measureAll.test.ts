import { describe, expect, it } from 'vitest';
import { aimRows, type Measured, ratiosOf } from './aims.ts';
import type { Figures } from './figures.ts';
import { disagreements } from './measureAll.ts';
import { measuredText, withMeasured } from './performancePage.ts';
import { runCommand } from './runCommand.ts';
import { searchOnce } from './searchOnce.ts';
import { spinInstalled } from './spin.ts';
import { readVerifier, searchWithSpin } from './spinSearch.ts';
import { subjectOf } from './subjects.ts';
import { isWhole, ourWays, spinWays } from './ways.ts';

const figures = (more: Partial<Figures>): Figures => ({
  way: 'some',
  states: 2_000_000,
  searchSeconds: 2,
  cpuSeconds: 2,
  verdictSeconds: 3,
  megabytes: 100,
  bytesPerState: 30,
  violated: [],
  cores: 1,
  whole: true,
  merged: true,
  complete: true,
  notes: [],
  ...more,
});
const limits = { seconds: 20, megabytes: 1024 };

describe('aims', () => {
  const measured: Measured = {
    subject: { name: 'x:y:small', title: 'x', exported: true },
    ours: [figures({ searchSeconds: 1 }), figures({ whole: false, states: 10, searchSeconds: 0.001, verdictSeconds: 0.5 })],
    spin: [
      figures({ searchSeconds: 8, verdictSeconds: 12 }),
      figures({ cores: 2, searchSeconds: 5, verdictSeconds: 11 }),
      figures({ searchSeconds: 25, verdictSeconds: 30, states: 8_000_000, merged: false }),
    ],
    differences: [],
  };

  it('take rates from searches of every state, verdicts from all', () => {
    const rates = { rate: 8, rateCores: 5, rateSingle: null };
    expect(ratiosOf(measured)).toEqual({ ...rates, verdict: 60, verdictOfSearch: 50, verdictMerged: 22 });
    expect(aimRows([measured]).map(({ met }) => met)).toEqual(['not measured', 'not measured', 'met (× 1.25)', 'met (× 3.00)']);
  });

  it('compare rates of single steps with each other, and count the least of all rates', () => {
    const single = figures({ merged: false, states: 8_000_000, searchSeconds: 12.5 });
    const both = { ...measured, ours: [...measured.ours, single] };
    expect(ratiosOf(both)).toMatchObject({ rateCores: 5, rateSingle: 2 });
    expect(aimRows([both])[2]).toMatchObject({ measured: '× 2.0', met: 'missed: 50 % of it' });
  });

  it('take verdicts of what is written in Promela as they are', () => {
    expect(ratiosOf({ ...measured, subject: { ...measured.subject, exported: false } }).verdict).toBe(22);
  });

  it('are missed by what is missing', () => {
    const nine = { ...measured, subject: { name: '2pc-9', title: 'nine', exported: false }, ours: [figures({ searchSeconds: 2 })] };
    expect(aimRows([nine])[0]).toMatchObject({ measured: '1.00 M states/s', met: 'missed: 67 % of it' });
  });

  it('take no verdict from a search that was cut', () => {
    const cut = { ...measured, spin: [figures({ complete: false, verdictSeconds: 1, merged: false })] };
    expect(ratiosOf(cut).verdict).toBeNull();
  });

  it('stand between the markers, and nothing else of the page changes', () => {
    const markers = ['<!-- measured: begin (npm run compare:spin -- --measure) -->', '<!-- measured: end -->'];
    const page = withMeasured(`before\n${markers.join('old')}\nafter\n`, measuredText([measured], 'Here.'));
    expect(page).toMatch(/^before\n<!-- measured: begin/);
    expect(page).toMatch(/<!-- measured: end -->\nafter\n$/);
    expect(page).not.toContain('old');
    expect(page).toContain('| Spin: some | 2,000,000 | 400 | 5.00 |');
    expect(() => withMeasured('no markers', '')).toThrow(/lacks/);
  });
});

describe('figures that do not agree', () => {
  const subject = { exported: true };
  it('are told', () => {
    expect(disagreements(subject, [figures({ way: 'a' })], [figures({ way: 'b', states: 1 })])).toEqual(['a: 2000000 states; b: 1']);
    expect(disagreements(subject, [figures({ way: 'a' })], [figures({ way: 'b', violated: ['X'] })])).toHaveLength(1);
  });
  it('may differ in states between single steps and merged ones, not among either', () => {
    const all = [2_000_000, 2_000_000, 9, 9].map((states, k) => figures({ way: String(k), states, merged: k < 2 }));
    expect(disagreements(subject, all, [])).toEqual([]);
    expect(disagreements(subject, all, [figures({ way: 'b', states: 8, merged: false })])).toEqual(['2: 9 states; b: 8']);
  });
  it('are those of a search of ours that fails, too, but for a limit', () => {
    const failed = (note: string) => figures({ way: 'a', states: null, complete: false, notes: [note] });
    expect(disagreements(subject, [failed('RuntimeError: x')], [failed('the verifier failed')])).toEqual(['a: RuntimeError: x']);
    expect(disagreements(subject, [failed('limit of 20 s reached')], [])).toEqual([]);
  });
  it('may differ in states if a search was reduced or cut', () => {
    expect(disagreements(subject, [figures({})], [figures({ states: 1, whole: false }), figures({ states: 2, complete: false })])).toEqual(
      [],
    );
  });
});

describe('our ways', () => {
  it.each(ourWays)('$name: the published number of states of two-phase commit', async ({ name, ...way }) => {
    const found = await searchOnce({ subject: '2pc-3', way: name, timeMs: 20_000, memoryBytes: 2 ** 30 });
    expect(found).toMatchObject({ complete: true, violated: [] });
    if (isWhole({ name, ...way }) && way.merge) expect(found.states).toBe(288);
    if (!way.merge) expect(found.states).toBeGreaterThan(288);
  });
  it('are refused by names that nobody knows', async () => {
    await expect(searchOnce({ subject: '2pc-3', way: 'none', timeMs: 1, memoryBytes: 1 })).rejects.toThrow(/no way/);
    expect(() => subjectOf('2pc-10')).toThrow(/unknown scenario/);
    expect(() => subjectOf('3.3-A:fixed:tiny')).toThrow(/unknown bounds/);
  });
});

describe.skipIf(!spinInstalled())("Spin's ways", { timeout: 120_000 }, () => {
  it.each(spinWays)('$name', async (way) => {
    const found = await searchWithSpin(subjectOf('2pc-3'), way, limits);
    expect(found).toMatchObject({ complete: true, notes: [] });
    if (way.counts) expect(found.states).toBe(288);
    if (way.cores === 1) expect(found.cpuSeconds).toBeGreaterThanOrEqual(0);
  });
});

describe('commands', () => {
  it('are ended at their limit, with what they started, and what they printed is kept', async () => {
    // The sleeper in the background holds the pipe open and does not hear SIGINT: as long as it lived this would not return.
    const ran = await runCommand('sh', ['-c', 'echo told; sleep 60 & sleep 60'], { limit: 0.2 });
    expect(ran).toMatchObject({ late: true, status: null, stdout: 'told\n' });
  });
  it('that do not exist are refused', async () => {
    await expect(runCommand('mmucheck-no-such-command', [])).rejects.toThrow(/ENOENT/);
  });
});

describe('what a verifier prints', () => {
  it('is a failure if it does not count', () => {
    expect(readVerifier({ stdout: 'mmucheck: status 134\n', late: false }, 1, 1)).toMatchObject({
      complete: false,
      states: null,
      notes: ['the verifier failed (status 134)'],
    });
  });
  it('counts large numbers, processor time of both kinds, and memory that ran out', () => {
    const stdout = `pan: reached -DMEMLIM bound\nmmucheck: violated I-04\nmmucheck: fault bound 3\n  1.25e+06 states, stored\nmmucheck: status 0\n0m0.0s 0m0.0s\n1m2.5s 0m1.0s\n`;
    expect(readVerifier({ stdout, late: false }, 1, 1)).toMatchObject({
      states: 1_249_999,
      cpuSeconds: 63.5,
      violated: ['I-04'],
      complete: false,
      notes: ['limit of memory reached'],
    });
  });
});
