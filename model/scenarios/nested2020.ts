/**
 * What the scenarios of 2020 share: the recursion rule in its four forms, over the procedures of 5.11 and later.
 */
import type { ScenarioVariant } from '../scenario.ts';
import { invalidOnActiveList, rootProperties, scenarioFiles } from './common.ts';

export const folder2020 = 'model/variants/2020-nested-zap';
export const nestedFiles: readonly string[] = [...scenarioFiles, 'model/prologues/nested.ts', 'model/scenarios/interestingNested.ts'];
export const nestedProperties: readonly string[] = [...rootProperties, 'I-07', 'I-28', 'I-37', 'I-38'];

export const v58Rule: Omit<ScenarioVariant, 'violated'> = {
  name: 'v5.8',
  title: 'the rule of 5.8: no child goes with its parent',
  forms: ['base'],
  replacing: [`${folder2020}/v58Rule.ts`, `${folder2020}/v58Children.ts`],
};
/** The rule of 5.8 on the code of its day, as far as the scenarios of 2020 run it. */
export const v58Whole: Omit<ScenarioVariant, 'violated'> = {
  name: 'v5.8Whole',
  title: '5.8 with its own zap of roots in use, recycling, reload and faults',
  replacing: [
    `${folder2020}/v58Rule.ts`,
    `${folder2020}/v58Zap.ts`,
    `${folder2020}/recycling58.ts`,
    'model/variants/2021-obsolete-roots/baseService.ts',
    'model/variants/2021-obsolete-roots/baseRootCache.ts',
    'model/variants/2013-fast-zap/staleUnchecked.ts',
  ],
  exempt: invalidOnActiveList,
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
