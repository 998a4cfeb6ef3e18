/**
 * 3.2 C: a page of EPT02 is a root in use and a child at once; zapping its last parent must leave it alone.
 */
import type { Bounds } from '../machine/index.ts';
import type { Preset, Scenario } from '../scenario.ts';
import { everyVcpu, rootProperties, scenarioFiles, smallBounds, vcpuProcesses } from './common.ts';

const folder = 'model/variants/2020-nested-zap';
const small: Bounds = { ...smallBounds, levels: 3, pages: 8, quota: 4, budget: 2 };
function preset(bounds: Bounds): Preset {
  return {
    bounds,
    options: { tdp_enabled: true, directL1: true, shortPgds: 0b10, sharedPgd: true, guestFaults: everyVcpu(bounds) },
    processes: vcpuProcesses(bounds),
  };
}

export const rootAsChild: Scenario = {
  name: '3.2 C',
  title: 'recycling zaps the parent of a root in use',
  era: '2020',
  about:
    'L2 runs on an EPT whose top table is also the second level of another, higher one, which no vCPU uses any more; the quota is ' +
    'reached, so a fault recycles. L1 does nothing, and no other thread runs.',
  files: scenarioFiles,
  prologue: { procedure: 'prologue_root_as_child', args: [] },
  presets: {
    small: preset(small),
    medium: preset({ ...small, budget: 4, pages: 10 }),
    large: preset({ ...small, fanout: 2, gfns: 9, budget: 6, pages: 12, quota: 5, parents: 2 }),
  },
  variants: [
    {
      name: 'v5.10',
      title: "5.10 to 5.19: the role of a child is the MMU's",
      forms: ['merged'],
      replacing: [],
      violated: ['I-07', 'I-38'],
    },
    {
      name: 'v6.0',
      title: "6.0 to 2026: the role of a child is its parent's",
      forms: ['merged'],
      replacing: [`${folder}/roleFromParent.ts`],
      violated: ['I-07', 'I-13', 'I-14', 'I-38', 'fault:useAfterFree'],
    },
    {
      name: 'lateStaleCheck',
      title: '6.0 with the stale check after recycling',
      replacing: [`${folder}/roleFromParent.ts`, `${folder}/staleAfterRecycling.ts`],
      violated: ['I-38'],
    },
    {
      name: 'rootCountTest',
      title: '6.0 with the test of root_count',
      replacing: [`${folder}/roleFromParent.ts`, `${folder}/rootCountTest.ts`],
      violated: [],
    },
    {
      name: 'both',
      title: 'late 6.1.y and 6.12.y: both',
      forms: ['fixed'],
      replacing: [`${folder}/roleFromParent.ts`, `${folder}/rootCountTest.ts`, `${folder}/staleAfterRecycling.ts`],
      violated: [],
    },
  ],
  properties: [...rootProperties, 'I-07', 'I-38'],
  interesting: [{ name: 'the root in use has lost its parent', predicate: 'interesting_root_lost_its_parent' }],
};
