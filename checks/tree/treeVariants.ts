/**
 * Which variant of a scenario goes with a tree: the code that the tree's functions are put among.
 *
 * In: a scenario, a version, what functions the tree has. Out: a variant, or the versions that the scenario is about. Never: a variant that is
 * wrong on purpose.
 *
 * It decides only what the tree's own functions do not: those that take a place are the tree's, in whatever variant. So where a defect was mended
 * in some release of a series, the mended form is taken: that the tree's own text has the fix, a search shows if the text takes its place.
 */
import type { Scenario, ScenarioVariant } from '../../model/index.ts';
import { isWithin, type KernelTree, type VersionSpan } from '../../patches/index.ts';
import { scenarioId } from '../select.ts';

interface Form extends VersionSpan {
  readonly variant: string;
  /** Only of trees that have this function. */
  readonly has?: string;
  /** Files of variants on top of it. */
  readonly also?: readonly string[];
}
/** Every variant is for 5.18 and later. The first form that goes with the tree is taken. */
const tdp = (...names: readonly string[]): readonly string[] => names.map((name) => `model/tdp/variants/${name}.ts`);
/** Roots are loaded and dropped with the write lock; a worker zaps them, or, from 6.4 and in later 6.1.y, who made them invalid. */
const writeLocked = tdp('v68Load');
const worker = { until: '6.3', has: 'tdp_mmu_schedule_zap_root' } as const;
const roots = (variant: string): readonly Form[] => [
  { from: '6.9', variant },
  { ...worker, variant, also: tdp('v68Load', 'v63Roots') },
  { variant, also: writeLocked },
];
const split: readonly Form[] = [{ from: '6.10', variant: 'v6.12' }, { variant: 'v5.18' }];
const splitFiles = tdp('faultZapsHuge', 'allocNowait', 'splitNowait', 'allocYielding');
/** A table for a split is tried for with the lock held first. */
const nowait = tdp('allocNowait', 'splitNowait', 'allocYielding');
const inclusive: readonly Form[] = [
  { from: '6.10', variant: 'v6.8' },
  { from: '6.8', variant: 'v6.8', also: nowait },
  { variant: 'merged', also: nowait },
];
/** The last gfn of a mask was left out of the range that is split. */
const splitInit: readonly Form[] = [
  { from: '6.10', variant: 'v6.12' },
  { from: '6.8', variant: 'v5.18' },
  { variant: 'v5.18', also: tdp('inclusiveEnd') },
];
const recycled: readonly Form[] = [{ variant: 'rootCountTest' }];
const slot: readonly Form[] = [{ from: '6.12', variant: 'slot' }];
const preFault: readonly Form[] = [{ from: '6.11', variant: 'v6.12' }];

/** Where the model as it stands is not what is meant, or not for all versions; empty: the model has no code of any of them. */
const forms: Readonly<Record<string, readonly Form[]>> = {
  '3.1-B': [{ variant: 'v5.19' }],
  '3.1-C-live': [{ variant: 'fixed' }],
  '3.3-A-live': [{ variant: 'fixed' }],
  '3.3-E-live': [{ variant: 'fixed' }],
  '2.21-shadow': [{ variant: 'fixed' }],
  '3.2-A': recycled,
  '3.2-A-running': recycled,
  '3.2-B': recycled,
  '3.2-B-shadow': recycled,
  '3.2-C': [{ from: '6.0', variant: 'both' }, { variant: 'v5.10' }],
  '3.2-D': recycled,
  // Until 6.1 a fault zaps a huge leaf where later ones split it.
  '2.7-huge': [{ until: '6.1', variant: 'v6.12', also: tdp('faultZapsHuge') }, { variant: 'v6.12' }],
  '2.7-huge-1G': [{ until: '6.1', variant: 'v6.12', also: tdp('faultZapsHuge') }, { variant: 'v6.12' }],
  '2.12': roots('v6.12'),
  // Until 6.8 a vCPU puts its root with the write lock, so no walk of the roots goes on meanwhile.
  '2.12-twice': [{ from: '6.9', variant: 'v6.12' }],
  '2.15': roots('v6.12'),
  '2.15-top': [{ from: '6.9', variant: 'prove' }, { ...worker, variant: 'v6.8', also: tdp('v63Roots') }, { variant: 'v6.8' }],
  '2.15-tall': roots('v6.12'),
  '3.1-D-TDP': roots('checked'),
  '3.1-D-TDP-slot': roots('checked'),
  '3.4-A': split,
  '3.4-A-dbit': split,
  '3.4-A-clear': split,
  '3.4-A-init': splitInit,
  '3.4-A-init-dbit': splitInit,
  '3.4-B': split,
  '3.4-B-fast': [
    { from: '6.10', variant: 'v6.12' },
    { variant: 'v6.12', also: splitFiles },
  ],
  '3.4-C': split,
  '3.4-C-root': roots('v6.12'),
  '3.4-D': split,
  '3.4-E': inclusive,
  '3.4-E-later': inclusive,
  '3.4-E-across': inclusive,
  '3.4-E-boundary': [
    { from: '6.10', variant: 'v6.8' },
    { from: '6.8', variant: 'v6.8', also: nowait },
    { variant: 'v5.18', also: nowait },
  ],
  '3.4-F': [
    { from: '6.8', variant: 'v6.8' },
    // Its fault zaps the huge leaf, so no link of a table fails, and no page is freed.
    { until: '6.1', variant: 'merged', also: tdp('faultZapsHuge') },
    { variant: 'merged' },
  ],
  '3.4-G': [
    { from: '6.10', variant: 'v6.12' },
    { from: '6.8', variant: 'v6.12', also: splitFiles },
    { variant: 'v6.1', also: splitFiles },
  ],
  '3.5-E': roots('v6.12'),
  '3.5-E-behind': roots('v6.12'),
  '3.5-E-yield': roots('v6.12'),
  '3.5-E-twice': roots('v6.12'),
  '2.21': slot,
  '2.21-move': slot,
  '2.21-writer': slot,
  '2.21-zap': roots('zapAll'),
  '2.6': preFault,
  '2.6-zap': preFault,
};

/** The variant, or, in a sentence, which versions the scenario has code of. `names`: functions of the tree. */
export function variantForTree(
  scenario: Scenario,
  version: KernelTree['version'],
  names: ReadonlySet<string>,
): ScenarioVariant | { readonly otherVersions: string } {
  const own = forms[scenarioId(scenario)];
  const standing = scenario.variants.find(({ replacing }) => replacing.length === 0);
  if (own === undefined && standing !== undefined) return standing;
  const goes = ({ has, ...span }: Form): boolean => (version === null || isWithin(version, span)) && (has === undefined || names.has(has));
  const form = own?.find(goes);
  const found = scenario.variants.find((variant) => variant.name === form?.variant);
  if (found !== undefined) return form?.also === undefined ? found : withFiles(found, form.also);
  const spans = (own ?? []).map(({ from, until }) =>
    until === undefined ? `${from ?? '5.18'} and later` : `${from ?? '5.18'} to ${until}`,
  );
  return { otherVersions: `it is about ${spans.join(', ')}` };
}

function withFiles(variant: ScenarioVariant, also: readonly string[]): ScenarioVariant {
  const names = also.map((path) => path.replace(/^.*\/|\.ts$/g, ''));
  return { ...variant, name: [variant.name, ...names].join(' + '), forms: [], replacing: [...variant.replacing, ...also] };
}
