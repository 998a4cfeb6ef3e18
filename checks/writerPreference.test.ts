/** That a waiting writer keeps new readers out is what makes one deadlock of 2.21 possible: without the writer there is none. */
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../model/index.ts';
import { runSystem } from './runSystem.ts';
import { findScenario, findVariant } from './select.ts';

async function deadlocks(scenario: Scenario): Promise<number> {
  const { found } = await runSystem({ scenario, variant: findVariant(scenario, 'underLock'), preset: 'small' });
  expect(found.exhausted).toBe(true);
  return found.counts.deadlocked;
}

describe('a reader of mmu_lock that waits for others that want to read', () => {
  const scenario = findScenario('2.21-writer');

  it('is in a ring with the writer that keeps them out', async () => {
    expect(await deadlocks(scenario)).toBeGreaterThan(0);
  });

  it('is in none without that writer', async () => {
    const { small } = scenario.presets;
    const processes = small.processes.filter(({ name }) => name !== 'zapper');
    expect(await deadlocks({ ...scenario, presets: { ...scenario.presets, small: { ...small, processes } } })).toBe(0);
  });
});
