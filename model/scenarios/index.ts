/** All scenarios, in the order of the documentation. */
import type { Scenario } from '../scenario.ts';
import { obsoleteRoot } from './obsoleteRoot.ts';
import { retainedRoot } from './retainedRoot.ts';

export const scenarios: readonly Scenario[] = [obsoleteRoot, retainedRoot];

/** A scenario by its name. Undefined if there is none. */
export function scenarioNamed(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name);
}
