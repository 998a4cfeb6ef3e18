import { describe, expect, it } from 'vitest';
import { compileAtScale } from '../../compiler/index.ts';
import { modelAtScale } from './describe.ts';
import { trueBounds } from './numbers.ts';
import { plotSvg } from './plot.ts';
import { runScale, scalePlot } from './report.ts';

const silent = { onProgress: () => undefined, signal: new AbortController().signal };

describe.each(['2013', '2020', '2021', '2022', '2023'])('%s, scaled down', (name) => {
  it('counts what is expected, and plots it', async () => {
    const { runs } = await runScale({ names: [name], size: 'reduced', ...silent });
    const [run] = runs;
    if (run === undefined) throw new Error('no run');
    expect(run.counts.filter(({ asExpected }) => !asExpected)).toEqual([]);
    expect(run.counts.length).toBeGreaterThan(2);
    for (const { name: line, points } of run.plot.series) {
      expect(points.length).toBeGreaterThan(1);
      expect(scalePlot(run)).toContain(`>${line}: `);
    }
  });
});

it('a run that is stopped gives no figures', async () => {
  const abort = new AbortController();
  const lines: string[] = [];
  const onProgress = (line: string) => {
    lines.push(line);
    abort.abort();
  };
  expect(await runScale({ names: ['2013'], size: 'reduced', onProgress, signal: abort.signal })).toEqual({ runs: [] });
  expect(lines).toHaveLength(1);
});

it('a name that there is not is wrong use', async () => {
  await expect(runScale({ names: ['1999'], size: 'reduced', ...silent })).rejects.toThrow('2013');
});

it('texts in a plot are escaped', () => {
  expect(plotSvg({ title: '<a & "b">', x: '', y: '', series: [] })).toContain('&lt;a &amp; &quot;b&quot;&gt;');
});

it.each([{}, { rmap: 2 }])('the lookup of a shadow page goes by an index of gfns: %o', (rmaps) => {
  const bounds = trueBounds({ vcpus: 1, pages: 4, pgds: 2, gfns: 8, guestFrames: 2, ...rmaps });
  const { machine, procedures } = modelAtScale('3.2 A', 'v5.8', bounds, { tdp_enabled: true, directL1: true });
  expect(compileAtScale(machine, procedures, { entries: ['kvm_mmu_get_page'] }).indexed).toEqual(['pages.gfn']);
});

it('names of lines that end at the same height stand apart', () => {
  const points = [
    [1, 5],
    [100, 5],
  ] as const;
  const series = ['a', 'b', 'c'].map((name) => ({ name, points }));
  const heights = ['a', 'b', 'c'].map((name) => {
    const found = new RegExp(`y="([0-9.]+)"[^>]*>${name}: 5<`).exec(plotSvg({ title: '', x: '', y: '', series }));
    return Number(found?.[1]);
  });
  const gaps = heights.slice(1).map((height, k) => (heights[k] ?? 0) - height);
  expect(Math.min(...gaps)).toBeGreaterThan(12);
});

it('logarithmic axes are labelled at the powers of ten', () => {
  const points = [
    [1, 1],
    [200, 2000],
  ] as const;
  const svg = plotSvg({ title: '', x: '', y: '', series: [{ name: 'a', points }], logarithmic: true });
  const labels = [...svg.matchAll(/>([0-9,]+)</g)].map(([, label]) => label);
  expect(labels).toEqual(['1', '10', '100', '1,000', '1', '10', '100']);
});
