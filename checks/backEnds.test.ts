import { describe, expect, it } from 'vitest';
import { runSystem, traceOf } from './runSystem.ts';
import { findScenario, findVariant } from './select.ts';

describe('a run with the WebAssembly back end', () => {
  it('has the numbers, findings and traces of one with generated JavaScript', async () => {
    const scenario = findScenario('3.3-B');
    const choice = { scenario, variant: findVariant(scenario, 'posted'), preset: 'small' as const };
    const runs = [await runSystem(choice), await runSystem(choice, { backEnd: 'wasm' })] as const;
    expect(runs.map(({ system }) => system.backEnd)).toEqual(['javascript', 'wasm']);
    const [plain, module] = runs.map((run) => {
      const { counts, outcomes, verdict } = run.found;
      const { states, transitions, depth, terminal } = counts;
      const violated = outcomes.filter((outcome) => outcome.status === 'violated').map(({ id }) => id);
      return { states, transitions, depth, terminal, outcomes, verdict, traces: violated.map((id) => traceOf(run, id)) };
    });
    expect(plain?.traces.length).toBeGreaterThan(0);
    expect(module).toEqual(plain);
  });
});
