import { describe, expect, it } from 'vitest';
import { scaleScripts } from './index.ts';
import { asGiven } from './run.ts';

describe.each(scaleScripts)('$name, scaled down', (script) => {
  it('counts what is given', () => {
    const { counts, plot } = script.run('reduced', () => undefined);
    expect(counts.filter((count) => !asGiven(count))).toEqual([]);
    expect(counts.length).toBeGreaterThan(2);
    for (const { points } of plot.series) expect(points.length).toBeGreaterThan(1);
  });
});
