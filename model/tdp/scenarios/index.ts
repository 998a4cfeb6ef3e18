/** Scenarios of the TDP MMU, in the order of the documentation. */
import type { Scenario } from '../../scenario.ts';
import { pendingFlush, twoSharedZappers } from './pendingFlush.ts';
import { unannouncedZap } from './unannouncedZap.ts';

export const tdpScenarios: readonly Scenario[] = [pendingFlush, twoSharedZappers, unannouncedZap];
