/**
 * 2.7 huge and 2.7 huge 1G: a fault puts a huge page in the place of a table, in which another one is at work. Scenarios of ours.
 */
import type { Bounds } from '../../machine/index.ts';
import type { Preset, Scenario, ScenarioProcess } from '../../scenario.ts';
import { changeProperties, rcuProcess, smallBounds, tdpFiles } from './common.ts';
import { latest } from './common2022.ts';

/** Its guest writes to the page that is not mapped. */
function writer(vcpu: number): ScenarioProcess {
  return { name: `vcpu${vcpu}`, title: `vCPU ${vcpu}`, procedure: 'vcpu_writes_once', args: [vcpu + 1, 1], kind: 'essential' };
}
const unlog: ScenarioProcess = { name: 'unlog', title: 'end of dirty logging', procedure: 'logging_ends', args: [], kind: 'essential' };

function preset(bounds: Bounds, hugeLevel: number): Preset {
  return {
    bounds,
    options: { tdp_enabled: true, tdp: { hugePages: true, hugeLevel } },
    processes: [writer(0), writer(1), unlog, rcuProcess],
  };
}
const small: Bounds = { ...smallBounds, vcpus: 2, fanout: 2, gfns: 2, pages: 3 };

export const hugeAgain: Scenario = {
  name: '2.7 huge',
  title: 'a huge page takes the place of a table',
  engine: 'tdp',
  era: '2022',
  about:
    'Dirty logging ends, and a fault maps a huge page where a table of small ones is, with the read lock. Another fault, which found the slot ' +
    'while it was logged, maps a small page in that table meanwhile.',
  files: [...tdpFiles, 'model/tdp/procedures/unlog.ts'],
  prologue: { procedure: 'prologue_logged_small_page', args: [] },
  presets: {
    small: preset(small, 2),
    medium: preset({ ...small, levels: 3, pages: 4 }, 2),
    large: preset({ ...small, gfns: 4, pages: 6 }, 2),
  },
  variants: [
    { ...latest, violated: [] },
    {
      ...latest,
      name: 'exclusive',
      title: 'mutant: the table is emptied as if no other fault could be in it',
      replacing: ['model/tdp/variants/emptiedExclusively.ts'],
      violated: ['I-18'],
    },
  ],
  properties: [...changeProperties, 'I-03', 'I-05', 'I-22', 'I-24', 'I-26', 'I-27', 'I-51'],
  interesting: [{ name: 'somebody may be walking the table that is gone', predicate: 'interesting_removed_under_reader' }],
};

const tall: Bounds = { ...small, levels: 3, gfns: 4, pages: 5 };
export const hugeAgain1G: Scenario = {
  ...hugeAgain,
  name: '2.7 huge 1G',
  title: 'a huge page takes the place of a table with another one below it',
  about: 'The same with a huge page of 1 GiB: the table that goes links the one that the other fault is at work in.',
  presets: {
    small: preset(tall, 3),
    medium: preset({ ...tall, pages: 6 }, 3),
    large: preset({ ...tall, levels: 4, gfns: 8, pages: 7 }, 3),
  },
};
