/**
 * The five proposals that the scenarios are about, and the forms in which their code existed.
 *
 * In: nothing. Out: data. Never: a verdict; which variant is which form stands with the variant (`ScenarioVariant.forms`).
 */

/**
 * `base`: the code of the day. `posted`: as mailed. `counter`: as a review proposed instead. `merged`: as released first.
 * `fixed`: with what was repaired later.
 */
export const seedForms = ['base', 'posted', 'counter', 'merged', 'fixed'] as const;
export type SeedForm = (typeof seedForms)[number];

export interface Seed {
  /** Year of the mail, and the era of its scenarios. */
  readonly year: string;
  readonly title: string;
  /** Forms without a variant, each with the reason. A form that is neither here nor a variant's never existed. */
  readonly notModelled: Readonly<Partial<Record<SeedForm, string>>>;
}

export const seeds: readonly Seed[] = [
  {
    year: '2013',
    title: 'fast zap of all pages',
    notModelled: { posted: 'the bodies of the second posting are not to be had' },
  },
  { year: '2020', title: 'zap children whose only parent is zapped', notModelled: {} },
  { year: '2021', title: 'free only obsolete roots', notModelled: {} },
  { year: '2022', title: 'split huge pages before they are written to', notModelled: {} },
  {
    year: '2023',
    title: 'zap a range of gfns under the shared lock',
    notModelled: {
      merged: 'neither form was merged: 6.12 still zaps with the write lock, as the base',
      fixed: 'nothing was merged that could be repaired',
    },
  },
];
