import { describe, expect, it } from 'vitest';
import { compileSystem } from '../compiler/index.ts';
import { explore } from '../explorer/index.ts';
import { describeSystem } from './describeSystem.ts';
import { runSystem, traceOf } from './runSystem.ts';
import { findScenario, findVariant } from './select.ts';

/** All states in their order, by how they were found; or as many of a large run as take little time. */
const statesMost = 10_000;

describe.each<[string, 'exact' | 'fingerprint']>([
  // Violations in steps and in states, deadlocks, and states so wide that they are copied in loops.
  ['3.3-A', 'exact'],
  ['3.4-A', 'exact'],
  ['3.5-E', 'exact'],
  ['3.5-E', 'fingerprint'],
  ['2.12', 'exact'],
  ['2.2', 'fingerprint'],
])('the first states of %s, %s', (id, mode) => {
  it('are the same, in the same order, in a module and outside', () => {
    const scenario = findScenario(id);
    for (const variant of scenario.variants.slice(0, 1)) {
      const description = describeSystem({ scenario, variant, preset: 'small' });
      const [plain, module] = (['javascript', 'wasm'] as const).map((backEnd) => {
        const { graph, counts, outcomes, coverage } = explore(compileSystem(description, { backEnd }), {
          mode,
          limits: { states: statesMost },
        });
        const links = Int32Array.from({ length: 2 * graph.count }, (_, k) =>
          k % 2 === 0 ? graph.parentOf(k >> 1) : graph.labelOf(k >> 1),
        );
        const { transitions, depth, terminal, quiescent, deadlocked } = counts;
        const last = mode === 'exact' ? graph.wordsOf(graph.count - 1) : null;
        return { links, transitions, depth, terminal, quiescent, deadlocked, outcomes, coverage, last };
      });
      expect(plain?.links.length).toBeGreaterThan(100);
      expect(module).toEqual(plain);
    }
  });
});

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
