/**
 * What the scenarios of 2020 share: the recursion rule in its four forms, over the procedures of 5.11 and later.
 */
import type { ScenarioVariant } from '../scenario.ts';
import { rootProperties, scenarioFiles } from './common.ts';

export const folder2020 = 'model/variants/2020-nested-zap';
export const nestedFiles: readonly string[] = [...scenarioFiles, 'model/prologues/nested.ts', 'model/scenarios/interestingNested.ts'];
export const nestedProperties: readonly string[] = [...rootProperties, 'I-07', 'I-28', 'I-37', 'I-38'];

export const v58Rule: Omit<ScenarioVariant, 'violated'> = {
  name: 'v5.8',
  title: 'the rule of 5.8: no child goes with its parent',
  forms: ['base'],
  replacing: [`${folder2020}/v58Rule.ts`, `${folder2020}/v58Children.ts`],
};
export const posted2020: Omit<ScenarioVariant, 'violated'> = {
  name: 'posted',
  title: 'mail of July 2020: with TDP, every child without a parent goes',
  forms: ['posted'],
  replacing: [`${folder2020}/v58Rule.ts`, `${folder2020}/posted.ts`],
};
export const merged2020: Omit<ScenarioVariant, 'violated'> = {
  name: 'merged',
  title: '2de4085cccea: only the children of nested guests',
  forms: ['merged'],
  replacing: [],
};
export const rootCountTest2020: Omit<ScenarioVariant, 'violated'> = {
  name: 'rootCountTest',
  title: '2026: and only those that are no root in use',
  forms: ['fixed'],
  replacing: [`${folder2020}/rootCountTest.ts`],
};
