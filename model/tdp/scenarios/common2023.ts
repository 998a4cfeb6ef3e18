/** Variants of 2023 that several scenarios share. */
import type { ScenarioVariant } from '../../scenario.ts';

const folder = 'model/tdp/variants';
export const base2023: Omit<ScenarioVariant, 'violated'> = {
  name: 'base',
  title: '6.5: with the write lock throughout',
  forms: ['base'],
  replacing: [],
};
export const posted2023: Omit<ScenarioVariant, 'violated'> = {
  name: 'posted',
  title: 'mail of July 2023, v4 12/12',
  forms: ['posted'],
  replacing: [`${folder}/rangeShared.ts`, `${folder}/sharedZap.ts`],
};
export const counter2023: Omit<ScenarioVariant, 'violated'> = {
  name: 'counter',
  title: "the review's counter-proposal, September 2023",
  forms: ['counter'],
  replacing: [`${folder}/counterProposal.ts`],
};
export const bothShared2023: Omit<ScenarioVariant, 'violated'> = {
  name: 'both-shared',
  title: 'notifiers take the read lock, too',
  replacing: [...posted2023.replacing, `${folder}/notifierShared.ts`, `${folder}/sharedNotifier.ts`],
};
export const bothFlush2023: Omit<ScenarioVariant, 'violated'> = {
  name: 'both-flush',
  title: 'so do notifiers, and always flush',
  replacing: [...posted2023.replacing, `${folder}/notifierShared.ts`, `${folder}/flushingNotifier.ts`],
};
export const bothWait2023: Omit<ScenarioVariant, 'violated'> = {
  name: 'both-wait',
  title: 'so do notifiers, and wait at frozen SPTEs',
  replacing: [...bothShared2023.replacing.filter((file) => file !== `${folder}/rangeShared.ts`), `${folder}/waitingZap.ts`],
};
export const noRetry513: Omit<ScenarioVariant, 'violated'> = {
  name: 'v5.13',
  title: '5.13 and 5.14: with the read lock, without begin and end',
  replacing: [`${folder}/rangeShared.ts`, `${folder}/v513.ts`],
};
