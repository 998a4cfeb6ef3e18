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

it('the lookup of a shadow page goes by an index of gfns', () => {
  const bounds = trueBounds({ vcpus: 1, pages: 4, pgds: 2, gfns: 8, guestFrames: 2 });
  const { machine, procedures } = modelAtScale('3.2 A', 'v5.8', bounds, { tdp_enabled: true, directL1: true });
  expect(compileAtScale(machine, procedures, { entries: ['kvm_mmu_get_page'] }).indexed).toEqual(['pages.gfn']);
});
